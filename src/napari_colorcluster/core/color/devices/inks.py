"""Inks without a profile: the rule by which CMYK becomes red, green and blue."""

from __future__ import annotations

import numpy as np

RULE = "red is taken as (1 - cyan) × (1 - black), and green and blue likewise of magenta and yellow"
"""The rule in words."""


def from_inks(colors: np.ndarray) -> np.ndarray:
    """Turn inks into light, each taking its share of what paper and the black leave.

    Parameters
    ----------
    colors : ndarray, shape (n, 4), uint8, uint16 or float
        Cyan, magenta, yellow and black; the type's range, or 1, is all of an ink.

    Returns
    -------
    ndarray, shape (n, 3), of the same type
    """
    if colors.dtype.kind == "f":
        return (1 - colors[:, :3]) * (1 - colors[:, 3:])
    most = np.iinfo(colors.dtype).max
    left = most - colors.astype(np.float64)
    return np.rint(left[:, :3] * left[:, 3:] / most).astype(colors.dtype)

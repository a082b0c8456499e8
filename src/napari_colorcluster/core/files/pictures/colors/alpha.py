"""Transparency: colors that were multiplied by it, and the fourth channels that are none."""

from __future__ import annotations

import numpy as np


def unmultiply(pixels: np.ndarray) -> np.ndarray:
    """Divide colors by the alpha that they are multiplied by.

    Parameters
    ----------
    pixels : ndarray, shape (n, n_colors + 1), unsigned integer or float
        Colors, and alpha as the last channel.

    Returns
    -------
    ndarray, shape (n, n_colors), of the same type
        0 where alpha is 0; at most the type's range, or 1.
    """
    whole = pixels.dtype.kind != "f"
    most = np.iinfo(pixels.dtype).max if whole else 1
    alpha = pixels[:, -1:].astype(np.float64)
    scale = np.divide(most, alpha, out=np.zeros_like(alpha), where=alpha > 0)
    colors = pixels[:, :-1] * scale
    if whole:
        np.rint(colors, out=colors)
    return np.minimum(colors, most).astype(pixels.dtype)

"""What is known of each patch of a card after a fit: a row of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.calibration.checks import as_numbers, shown

if TYPE_CHECKING:
    import pandas as pd

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Patch:
    """A patch of a card, as it was measured and as it should be.

    Attributes
    ----------
    name : str
        What it is called.
    row, column : int
        Where it is on the card.
    measured : tuple of float or None
        The median of its pixels, sRGB in 0..255; None where there is no pixel.
    reference : tuple of float
        Its true color, sRGB in 0..255; beyond that where sRGB does not have the color.
    reference_lab : tuple of float
        The same in CIELAB, for the white point D65.
    light : float or None
        The light on it, in parts of that on the card.
    delta_e_before, delta_e_after : float or None
        The ΔE2000 from the reference, as it was measured, and calibrated in the card's light.
    reason : str
        Why it was left out of the fit; empty where it was used.
    """

    name: str
    row: int
    column: int
    measured: Triple | None
    reference: Triple
    reference_lab: Triple
    light: float | None
    delta_e_before: float | None
    delta_e_after: float | None
    reason: str = ""


_NUMBERS = ("light", "delta_e_before", "delta_e_after")
_TRIPLES = ("measured", "reference", "reference_lab")
_MAY_BE_NONE = ("measured", *_NUMBERS)


def restored(stored: Any) -> Patch:
    """A patch of what JSON holds of it.

    Raises
    ------
    ValueError
        Where it is something else.
    """
    names = [each.name for each in fields(Patch)]
    if not isinstance(stored, Mapping) or set(stored) != set(names):
        raise ValueError(f"A stored patch needs {', '.join(names)}, got {shown(stored)}.")
    for key, value in stored.items():
        if key in ("name", "reason"):
            good, wanted = isinstance(value, str), "text"
        elif key in _TRIPLES:
            good, wanted = as_numbers(value).shape == (3,), "three numbers"
        else:
            good, wanted = as_numbers(value).shape == (), "a number"
        if not good and not (value is None and key in _MAY_BE_NONE):
            raise ValueError(f"{key} of a stored patch must be {wanted}, got {shown(value)}.")
    return Patch(**{k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()})


def table_of(patches: Sequence[Patch]) -> pd.DataFrame:
    """Patches as a table, one row each; what is not known is not a number."""
    import pandas as pd

    triples = {
        ("measured", ("red", "green", "blue")): [patch.measured for patch in patches],
        ("reference", ("red", "green", "blue")): [patch.reference for patch in patches],
        ("reference", ("L", "a", "b")): [patch.reference_lab for patch in patches],
    }
    columns = {
        "name": [patch.name for patch in patches],
        "row": [patch.row for patch in patches],
        "column": [patch.column for patch in patches],
    }
    for (what, axes), rows in triples.items():
        values = np.array([(np.nan,) * 3 if row is None else row for row in rows], float)
        for axis, column in zip(axes, values.reshape(-1, 3).T, strict=True):
            columns[f"{what}_{axis}"] = column
    for what in _NUMBERS:
        columns[what] = np.array([getattr(patch, what) for patch in patches], float)
    columns["used"] = [not patch.reason for patch in patches]
    columns["reason"] = [patch.reason for patch in patches]
    return pd.DataFrame(columns)


def mean_delta_e(patches: Sequence[Patch], what: str) -> float:
    """The mean ΔE2000, before or after, of the patches that were used; else not a number."""
    known = [getattr(patch, what) for patch in patches if not patch.reason]
    return float(np.mean(known)) if known else float("nan")

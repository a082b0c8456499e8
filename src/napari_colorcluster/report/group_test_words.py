"""What the tests of groups are called, and how their numbers are written."""

from __future__ import annotations

from math import isinf, isnan

HEADS = {
    "images": "images",
    "pseudo_f": "PERMANOVA pseudo-F",
    "r_squared": "R²",
    "p": "p",
    "p_adjusted": "adjusted p",
    "dispersion_f": "PERMDISP F",
    "dispersion_p": "PERMDISP p",
}
"""The columns of `group_tests`, with their headings."""

_FORMATS = {"r_squared": "{:.3f}", "p": "{:.3f}", "p_adjusted": "{:.3f}", "dispersion_p": "{:.3f}"}

_LARGE, _HUGE = 100, 1e6
"""From the one on, numbers are written without decimals; from the other on, by powers of ten."""


def number_words(column: str, value: float) -> str:
    """A number of a column of `group_tests` as it is read; a dash where there is none."""
    if isnan(value):
        return "–"
    if isinf(value):
        return "∞"
    is_plain = _LARGE <= value < _HUGE
    return _FORMATS.get(column, "{:,.0f}" if is_plain else "{:.3g}").format(value)

"""A palette as a few lines of text, or as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice
from typing import NamedTuple

_MOST_ROWS = 12
"""Colors that are shown; of more, the first and how many others there are."""


class Row(NamedTuple):
    """One color of a palette.

    Attributes
    ----------
    label : int
        Its label.
    name, hex : str
        Its name, and its color as ``"#rrggbb"``.
    fraction : float
        Its share, 0 to 1.
    """

    label: int
    name: str
    hex: str
    fraction: float


def as_text(title: str, rows: Sequence[Row]) -> str:
    """A title, and a line for each of the first colors."""
    width = max((len(row.name) for row in rows[:_MOST_ROWS]), default=0)
    lines = [
        f"  {row.label:>3}  {row.name:<{width}}  {row.hex}  {row.fraction:6.1%}"
        for row in islice(rows, _MOST_ROWS)
    ]
    return "\n".join([title, *lines, *_others(rows)])


def as_html(title: str, rows: Sequence[Row]) -> str:
    """A title, and a table with a swatch for each of the first colors."""
    cells = "".join(
        f'<tr><td>{row.label}</td><td style="background:{row.hex};width:3em"></td>'
        f'<td style="text-align:left">{escape(row.name)}</td><td><code>{row.hex}</code></td>'
        f"<td>{row.fraction:.1%}</td></tr>"
        for row in islice(rows, _MOST_ROWS)
    )
    others = "".join(f"<div>{line.strip()}</div>" for line in _others(rows))
    return f"<div><div>{escape(title)}</div><table>{cells}</table>{others}</div>"


def _others(rows: Sequence[Row]) -> list[str]:
    n_others = len(rows) - _MOST_ROWS
    return [f"  ... and {n_others:,} more"] if n_others > 0 else []

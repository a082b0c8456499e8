"""What is said of the colors of a palette, in words; without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import floor, log10

from napari_colorcluster.core.color.differences import ClosePair, close_pairs
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.words import counted

MOST_COMPARED = 200
"""Colors up to which each is compared with each: more would slow down dragging k."""


@dataclass(frozen=True, eq=False)
class ShownPalette:
    """A palette with what is known besides.

    Parameters
    ----------
    palette : Palette
        The palette.
    pixel_size : PixelSize, optional
        What one of its pixels covers.
    """

    palette: Palette
    pixel_size: PixelSize | None = None

    @cached_property
    def closest(self) -> Mapping[int, ClosePair]:
        """To the labels whose color is close to another one the pair that is closest."""
        found: dict[int, ClosePair] = {}
        if len(self.palette) <= MOST_COMPARED:
            for pair in close_pairs(self.palette):
                found.setdefault(pair.first, pair)
                found.setdefault(pair.second, pair)
        return found

    def is_close(self, row: int) -> bool:
        """Whether the color of a row is close to that of another one."""
        return int(self.palette.labels[row]) in self.closest

    def area(self, row: int) -> float:
        """Area or volume of a row; not a number where it is not known."""
        if self.pixel_size is None:
            return float("nan")
        return float(self.pixel_size.of(self.palette.pixels[row]))

    def area_text(self, row: int) -> str:
        """Area or volume of a row, without its unit; blank where it is not known."""
        return "" if self.pixel_size is None else size_text(self.area(row))

    def words(self, label: int) -> str:
        """Say the name, hex and share of a label in one line; nothing of one it does not have."""
        row = self.palette.row_of(label)
        if row is None:
            return ""
        share = share_text(self.palette.fractions[row])
        return f"{self.palette.names[row]} {self.palette.hex[row]} {share}"

    def describe(self, label: int) -> str:
        """Say all there is to say about the color of a label, as the rich text of a tooltip."""
        palette = self.palette
        row = palette.row_of(label)
        red, green, blue = palette.colors[row].tolist()
        lines = [
            f"<b>{escape(palette.names[row])}</b>",
            f"{palette.hex[row]} · RGB {red}, {green}, {blue}",
            f"{share_text(palette.fractions[row])} · {counted(palette.pixels[row], 'pixel')}",
        ]
        if self.pixel_size is not None:
            lines[-1] += f" · {self.area_text(row)} {escape(self.pixel_size.unit)}"
        if label in self.closest:
            pair = self.closest[label]
            other = pair.second if pair.first == label else pair.first
            name = escape(palette.names[palette.row_of(other)])
            lines.append(f'only ΔE {pair.delta_e:.1f} from {other} "{name}"')
        return f"<p style='white-space: pre'>{'<br>'.join(lines)}</p>"


def share_text(fraction: float) -> str:
    """Write a share as people read it, ``"46.2%"``, and never "0.0%" for what is there."""
    return "<0.1%" if 0 < fraction < 0.0005 else f"{100 * fraction:.1f}%"


def size_text(size: float) -> str:
    """Write an area or a volume with four digits that count, or all before the point."""
    if size == 0:
        return "0"
    if not 1e-3 <= size < 1e10:
        return f"{size:.3e}"
    return f"{size:,.{max(3 - floor(log10(size)), 0)}f}"

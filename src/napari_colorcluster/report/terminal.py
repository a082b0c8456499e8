"""A palette as lines of text: for a terminal, in its colors where it has them."""

from __future__ import annotations

from napari_colorcluster.core.color.palette import Palette

_BAR_LENGTH = 24


def palette_text(palette: Palette, color: bool = False) -> str:
    """Write a palette as a table of text, one line a color.

    Parameters
    ----------
    palette : Palette
        The palette.
    color : bool, default False
        Draw the shares as bars in the palette's colors, with 24-bit ANSI escapes; else in ``#``.

    Returns
    -------
    str
        Label, hex, share, pixels, bar and name of each color, without a final line break.
    """
    lines = []
    width = len(f"{max(palette.pixels, default=0):,}")
    rows = zip(palette.colors.tolist(), palette.hex, palette.names, palette.pixels, strict=True)
    for row, (rgb, code, name, pixels) in enumerate(rows):
        label, fraction = palette.labels[row], palette.fractions[row]
        length = max(round(_BAR_LENGTH * fraction), 1)
        red, green, blue = rgb
        bar = f"\x1b[48;2;{red};{green};{blue}m{' ' * length}\x1b[0m" if color else "#" * length
        bar += " " * (_BAR_LENGTH - length)
        lines.append(f"{label:>3}  {code}  {fraction:>6.1%}  {pixels:>{width},}  {bar}  {name}")
    return "\n".join(lines)

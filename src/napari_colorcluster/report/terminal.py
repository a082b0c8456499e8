"""A palette as text for a terminal, with or without color."""

from __future__ import annotations

from napari_colorcluster.core.color.palette import Palette

_BAR_LENGTH = 24


def palette_text(palette: Palette, color: bool = False) -> str:
    """Format a palette as a text table, with one line per color.

    Parameters
    ----------
    palette : Palette
        The palette.
    color : bool, default False
        Draw the shares as bars in the palette's colors, with 24-bit ANSI escape sequences, instead
        of ``#`` characters.

    Returns
    -------
    str
        Label, hex, share, pixels, bar and name of each color; no final line break.
    """
    lines = []
    width = len(f"{max(palette.pixels, default=0):,}")
    rows = zip(palette.colors.tolist(), palette.hex, palette.names, palette.pixels, strict=True)
    for row, (rgb, hex_code, name, pixels) in enumerate(rows):
        label, fraction = palette.labels[row], palette.fractions[row]
        length = max(round(_BAR_LENGTH * fraction), 1)
        red, green, blue = rgb
        bar = f"\x1b[48;2;{red};{green};{blue}m{' ' * length}\x1b[0m" if color else "#" * length
        bar += " " * (_BAR_LENGTH - length)
        lines.append(f"{label:>3}  {hex_code}  {fraction:>6.1%}  {pixels:>{width},}  {bar}  {name}")
    return "\n".join(lines)

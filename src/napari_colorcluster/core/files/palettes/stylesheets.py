"""What the style sheets of the web have in common: names of variables, and colors as values."""

from __future__ import annotations

import math
import re
from itertools import count
from unicodedata import normalize

import numpy as np
from PIL import ImageColor

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import color_space, to_8bit
from napari_colorcluster.core.files.palettes.entries import CHANNELS
from napari_colorcluster.core.files.palettes.text import one_line

_FUNCTION = re.compile(
    r"(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\((.*)\)", re.DOTALL
)
_HEX = re.compile(r"#[0-9a-f]*")
_DEGREES = re.compile(r"(?<=\d)deg\b")
_OPAQUE = ("1", "1.0", "100%")


def identifiers(palette: Palette) -> list[str]:
    """The names as they can be those of variables: ``light-peach``; equal ones are numbered."""
    used: set[str] = set()
    found = []
    for name in palette.names:
        # Letters without accents, which all tools read.
        ascii_name = normalize("NFKD", name).encode("ascii", "ignore").decode()
        bare = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")
        bare = bare if bare[:1].isalpha() else f"color-{bare}".strip("-")
        numbered = (bare if number == 1 else f"{bare}-{number}" for number in count(1))
        found.append(next(each for each in numbered if each not in used))
        used.add(found[-1])
    return found


def name_in(identifier: str) -> str:
    """The name that an identifier stands for where nothing else tells it."""
    return identifier.replace("-", " ")


def needed_name(identifier: str, name: str) -> str:
    """The name, on one line, where the identifier does not say it already; else empty."""
    name = one_line(name)
    return "" if name_in(identifier) == name else name


def is_color(value: str) -> bool:
    """Whether the value of a variable is a color, of whatever kind, and not a length or a font."""
    value = value.strip().lower()
    return bool(_HEX.fullmatch(value) or _FUNCTION.fullmatch(value)) or value in ImageColor.colormap


def color_entry(where: str, value: str) -> dict[str, str]:
    """A color, as `palette_from_entries` takes it.

    Parameters
    ----------
    where : str
        Where it is, for the message.
    value : str
        What `is_color`: hex, a name, or ``rgb()``, ``hsl()``, ``oklab()`` or ``oklch()`` in the
        ways of CSS Color 4; what the screen cannot show is cut off.

    Raises
    ------
    ValueError
        Where it is of another kind, not opaque, or none after all.
    """
    try:
        channels = _srgb(value.strip().lower())
    except (ValueError, OverflowError):
        raise ValueError(
            f"{where} has the color {one_line(value)[:60]}, which is not read: write it as #rrggbb."
        ) from None
    return dict(zip(CHANNELS, map(str, channels), strict=True))


def _srgb(text: str) -> tuple[int, int, int]:
    """The color of a text in lower case; raises `ValueError` for what is not read."""
    if not (function := _FUNCTION.fullmatch(text)):
        red, green, blue, *alpha = ImageColor.getrgb(text)
        if alpha not in ([], [255]):
            raise ValueError("not opaque")
        return red, green, blue
    kind, inside = function[1].removesuffix("a"), _DEGREES.sub("", function[2])
    values = [each for each in re.split(r"[\s,/]+", inside.strip()) if each]
    if len(values) == 4 and values[3] in _OPAQUE:
        del values[3]
    if kind in ("rgb", "hsl"):
        if not all(float(each.removesuffix("%")) >= 0 for each in values):
            raise ValueError("below 0, or no number")
        red, green, blue = ImageColor.getrgb(f"{kind}({','.join(values)})")
        return red, green, blue
    if kind not in ("oklab", "oklch"):
        raise ValueError("another kind")
    red, green, blue = to_8bit(color_space("oklab").to_srgb(_oklab(kind, values))).tolist()
    return red, green, blue


def _oklab(kind: str, values: list[str]) -> np.ndarray:
    # What 100% of each stands for, by CSS Color 4.
    full = (1.0, 0.4, 0.4 if kind == "oklab" else math.nan)
    lightness, first, second = (
        float(text.removesuffix("%")) / 100 * most if text.endswith("%") else float(text)
        for text, most in zip(values, full, strict=True)
    )
    if kind == "oklch":
        hue, chroma = math.radians(second), first
        first, second = chroma * math.cos(hue), chroma * math.sin(hue)
    if not all(map(math.isfinite, (lightness, first, second))):
        raise ValueError("no number")
    return np.array([min(max(lightness, 0.0), 1.0), first, second])

"""What the style sheets of the web have in common: names of variables, and colors as values."""

from __future__ import annotations

import re
from itertools import count
from unicodedata import normalize

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.text import one_line

COLOR = r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|rgb\(\s*\d+[\s,]+\d+[\s,]+\d+\s*\)"
"""A color, as a pattern that ignores case; alpha is not supported."""


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


def color_entry(value: str) -> dict[str, str]:
    """A color that `COLOR` matches, as `palette_from_entries` takes it."""
    if value.startswith("#"):
        return {"hex": value}
    return dict(zip(("red", "green", "blue"), re.findall(r"\d+", value), strict=True))

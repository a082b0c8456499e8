"""What is said of a pattern and its numbers; without Qt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from napari_colorcluster.core.support.words import counted
from napari_colorcluster.layers.pattern.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = re.compile(r", [^,:]*[Σ/].*?(?=, along|$)")


def in_few_words(definition: str) -> str:
    """What an index is, without how it is computed: the definition's beginning, and its axis."""
    words, _, rest = definition.partition(":")
    axis = re.search(r", along [xy]$", rest)
    return _FORMULA.sub("", words) + (axis[0] if axis else "")


def explanation(row: pd.Series) -> str:
    """All that is known of an index: symbol, definition and source, as a tooltip has them."""
    return f"{row['index']} = {row['value']:.9g}\n{row['definition']}\n{row['source']}"


def measured_note(measured: Measured) -> str:
    """What was measured, and what is left out, in a few short sentences."""
    pattern = measured.pattern
    height, width = pattern.spacing
    n_pixels = int(pattern.pixels.sum())
    size = f"{width:.4g}" if height == width else f"{width:.4g} × {height:.4g}"
    of = f" of {size} {pattern.unit}" if pattern.unit else ""
    sentences = [f"Measured in {counted(n_pixels, 'pixel')}{of}."]
    if pattern.colors is None:
        sentences.append("Some labels have no color of their own: color differences are left out.")
    if measured.patches is None:
        sentences.append(
            "This image is too large for patches: the napari-colorcluster command measures them."
        )
    return " ".join(sentences)

"""The images of a report as what its page reads: columns of numbers and texts, for JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from napari_colorcluster.report.html.image import ReportImage, readable, thumbnail_paths

REASONS = {
    "masked": "outside the mask",
    "not_finite": "not finite",
    "transparent": "transparent",
    "too_far": "too far from every cluster",
}
"""What the reasons for leaving pixels out are called."""


def report_data(images: Sequence[ReportImage], key: str) -> dict[str, Any]:
    """Gather what the page shows.

    Parameters
    ----------
    images : sequence of ReportImage
        The images.
    key : str
        What marks are kept under in the browser.

    Returns
    -------
    dict
        Columns with a value for each image; ``palettes`` and ``groups`` are listed once, and
        ``palette`` and ``group`` are positions there. What is not known is None.
    """
    palettes = _Numbered()
    groups = _Numbered()
    return {
        "key": key,
        "name": [readable(image.name) for image in images],
        "path": [readable(image.path) for image in images],
        "group": [groups.number(readable(image.group)) for image in images],
        "groups": groups.values,
        "palette": [palettes.number(_clusters(image)) for image in images],
        "palettes": palettes.values,
        "pixels": [image.palette.pixels.tolist() for image in images],
        "distance": [_rounded(image.distance) for image in images],
        "mean": [_rounded(image.residuals and image.residuals.mean) for image in images],
        "p95": [_rounded(image.residuals and image.residuals.percentile_95) for image in images],
        "notes": [[readable(note) for note in image.notes] for image in images],
        "excluded": [_excluded(image) for image in images],
        "thumbnails": [thumbnail_paths(image.name) for image in images],
    }


def as_script(data: dict[str, Any]) -> str:
    """The data as a script: a page that is opened from disk may load no other kind of file."""
    return f"window.STUDY = {json.dumps(data, separators=(',', ':'), allow_nan=False)};\n"


class _Numbered:
    """Values, each listed once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The position of a value in the list."""
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def _clusters(image: ReportImage) -> tuple[tuple[Any, ...], ...]:
    """Label, name and hex of each cluster."""
    palette = image.palette
    return tuple(zip(palette.labels.tolist(), palette.names, palette.hex, strict=True))


def _excluded(image: ReportImage) -> list[tuple[str, int]]:
    """Why pixels were left out, and how many."""
    return [(REASONS.get(reason, reason), n) for reason, n in image.excluded.items() if n]


def _rounded(value: float | None) -> float | None:
    """A ΔE2000, finer than can be seen; None for none."""
    return None if value is None or not math.isfinite(value) else round(value, 3)


def same_clusters(images: Iterable[ReportImage]) -> bool:
    """Whether all images have the same clusters, as those of one clustering do."""
    return len({_clusters(image) for image in images}) == 1

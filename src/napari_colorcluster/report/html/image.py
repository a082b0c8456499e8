"""What a report shows of one image: an immutable value, that records and tests can hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.color.palette import Palette

FOLDER = "report"
"""The subfolder beside ``report.html`` for its data and thumbnails."""


@dataclass(frozen=True)
class ReportImage:
    """One image of a report.

    Its thumbnails, of `make_thumbnails`, are expected at `thumbnail_paths` of its name.

    Attributes
    ----------
    name : str
        Its name in results, unique in the study.
    path : str
        Where it was read from.
    palette : Palette
        Its colors and their shares.
    group : str, default ""
        Its group; empty where there are none.
    notes : tuple of str
        How it was read, a sentence each.
    excluded : mapping of str to int
        How many pixels were left out, by reason.
    distance : float, optional
        The distance of its palette to that of the pool, in ΔE2000.
    residuals : Residuals, optional
        How far its pixels are from the colors of their clusters.
    """

    name: str
    path: str
    palette: Palette
    group: str = ""
    notes: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    distance: float | None = None
    residuals: Residuals | None = None


def thumbnail_paths(name: str) -> tuple[str, str]:
    """Where the thumbnails of an image are, from ``report.html`` on: the photo's, the quantized.

    A digest of the name tells where, so that any name goes, and a resumed study finds them again.
    """
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    # A folder of twenty thousand files is slow to open.
    stem = f"{FOLDER}/thumbnails/{digest[:2]}/{digest[2:18]}"
    return f"{stem}.jpg", f"{stem}.png"


def readable(text: str) -> str:
    """A name or path as text that can be written: bytes that are no text are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()

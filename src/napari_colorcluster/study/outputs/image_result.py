"""What a study keeps of an image that is done: its part of the tables and of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from napari_colorcluster.core.pixels.pixel_size import PixelSize

Rows = list[list[Any]]
"""Label, name, hex and pixels of each cluster in one image."""


@dataclass(frozen=True)
class ImageResult:
    """What is kept of an image, such that JSON holds it.

    Attributes
    ----------
    path : str
        Where the image was, as it was given.
    location : str
        The same, from the root of the file system on.
    rows : list of list
        Label, name, hex and pixels of each cluster.
    excluded : dict of str to int
        How many pixels were left out, by reason.
    folder : str
        The sub-folder that it was found in.
    pixel_size : list, optional
        What `PixelSize` takes, where it is known.
    notes : list of str
        How the image was read.
    warnings : list of str
        What is unexpected in the results.
    checksums : dict of str to str
        The SHA-256 of all files that went in, by what they are: ``"image"``, ``"mask"``,
        ``"objects"``.
    residuals : list of float, optional
        Their mean and 95th percentile, where there is a report.
    """

    path: str
    location: str
    rows: Rows
    excluded: dict[str, int]
    folder: str = ""
    pixel_size: list[Any] | None = None
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    checksums: dict[str, str] = field(default_factory=dict)
    residuals: list[float] | None = None

    @property
    def size(self) -> PixelSize | None:
        """What a pixel covers, where it is known."""
        return None if self.pixel_size is None else PixelSize(*self.pixel_size)

    @property
    def messages(self) -> dict[str, list[str]]:
        """What there is to say of it, by kind."""
        return {"note": self.notes, "warning": self.warnings}

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON can hold it."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ImageResult:
        """Take what `to_dict` gave."""
        return cls(**stored)

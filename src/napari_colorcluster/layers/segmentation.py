"""What is made of an image, as a value: a clustering, where it applies, how it is cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from napari_colorcluster.core.arguments import is_integer
from napari_colorcluster.core.clustering import ColorClustering
from napari_colorcluster.core.edits import EDITS
from napari_colorcluster.core.histogram import ColorHistogram
from napari_colorcluster.core.image import is_dask
from napari_colorcluster.core.palette import Palette
from napari_colorcluster.core.pooling import shares, with_pixels
from napari_colorcluster.core.progress import Progress, part, silent


@dataclass(frozen=True, eq=False)
class Applied:
    """What an image has of its own where its clustering was made of other colors.

    Attributes
    ----------
    histogram : ColorHistogram
        The image's colors: they decide its shares.
    origin : tuple of str
        The images, or the file, that the clustering was made of, by name.
    """

    histogram: ColorHistogram
    origin: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Segmentation:
    """All that decides which label each pixel of an image has, and its color. Undo is another one.

    Attributes
    ----------
    clustering : ColorClustering
        The clusters, with their edits.
    masks : tuple of ndarray of bool, optional
        Which pixels of each level of the image take part; None where all do.
    region : mapping, optional
        How the masks were outlined, as `Region.to_dict` tells.
    min_pixels : int, default 1
        Connected regions of fewer pixels go to the cluster around them.
    level : int, default 0
        The level of a pyramid whose colors were counted: above 0, shares are a first look.
    applied : Applied, optional
        The image's own colors where the clustering was made of others. Edits then are of the
        clustering, as always, and of this image alone.
    """

    clustering: ColorClustering
    masks: tuple[np.ndarray, ...] | None = None
    region: Mapping[str, Any] | None = None
    min_pixels: int = 1
    level: int = 0
    applied: Applied | None = None

    def __post_init__(self) -> None:
        if not is_integer(self.min_pixels) or self.min_pixels < 1:
            raise ValueError(
                f"min_pixels must be an integer of at least 1, got {self.min_pixels!r}."
            )

    @property
    def is_edited(self) -> bool:
        """Whether a person has changed what a run gave; new numbers for labels do not count."""
        edits = self.clustering.edits
        return self.min_pixels > 1 or any(name != "relabel" for name, *_ in edits)

    @cached_property
    def palette(self) -> Palette:
        """The clusters with the image's own shares, before small regions are given away."""
        if self.applied is None:
            return self.clustering.palette
        return shares(self.clustering, self.applied.histogram)

    def edited(self, name: str, *arguments: Any) -> Segmentation:
        """Make an edit of its clustering: one of ``EDITS`` by name, and its arguments."""
        return replace(self, clustering=EDITS[name](self.clustering, *arguments))

    def cleaned(self, min_pixels: int) -> Segmentation:
        """Take another smallest size of a region, in pixels."""
        return replace(self, min_pixels=min_pixels)

    def paint(self, levels: list[Any], progress: Progress = silent) -> Painted:
        """Look the labels of each level of the image up, and paint them.

        Parameters
        ----------
        levels : list of array, shape (..., 3 or 4)
            The image, full resolution first.
        progress : callable, optional
            Told the fraction done.

        Raises
        ------
        ValueError
            Where regions are to be cleaned in a pyramid or in a dask array.
        """
        masks = self.masks or (None,) * len(levels)
        if self.min_pixels > 1:
            return self._paint_cleaned(levels, masks[0], progress)
        both = [
            self.clustering.predict_and_paint(level, mask, alpha=self._has_gaps, progress=progress)
            for level, mask in zip(levels, masks, strict=True)
        ]
        labels, quantized = map(list, zip(*both, strict=True))
        return Painted(self, self.palette, labels, quantized)

    def _paint_cleaned(self, levels: list[Any], mask: Any, progress: Progress) -> Painted:
        from napari_colorcluster.core.speckles import clean_regions

        if len(levels) > 1 or is_dask(levels[0]):
            kind = f"one of {len(levels)} resolutions" if len(levels) > 1 else "a dask array"
            raise ValueError(
                f"Specks can be removed from an image in memory of one resolution, got {kind}."
            )
        labels = self.clustering.predict(levels[0], mask, progress=part(progress, 0.0, 0.3))
        labels = clean_regions(labels, self.min_pixels, part(progress, 0.3, 0.8))
        quantized = self.clustering.paint(labels, alpha=self._has_gaps)
        counts = np.bincount(labels.reshape(-1), minlength=len(self.clustering.label_colors))
        return Painted(self, with_pixels(self.clustering, counts), [labels], [quantized])

    @property
    def _has_gaps(self) -> bool:
        """Whether there are pixels without a label."""
        own = self.clustering.histogram if self.applied is None else self.applied.histogram
        return own.n_excluded > 0 or self.palette.n_pixels < own.n_pixels


@dataclass(frozen=True, eq=False)
class Painted:
    """A segmentation with its pixels: what there is to show of one image.

    Attributes
    ----------
    segmentation : Segmentation
        What was painted.
    palette : Palette
        Its colors with the shares of these labels.
    labels : list of array, shape (...)
        Labels of each level of the image, full resolution first; one level unless it is a pyramid.
    quantized : list of array, shape (..., 3 or 4), uint8
        The same, painted; with alpha where pixels are left out.
    """

    segmentation: Segmentation
    palette: Palette
    labels: list[Any]
    quantized: list[Any]

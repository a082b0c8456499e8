"""All that decides the label of each pixel of an image, as a value, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import fewer_colors
from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.studies.pooling import count_too_far, shares
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.layers.regions.region import Region


@dataclass(frozen=True, eq=False)
class Applied:
    """What an image has of its own where its clustering was made of other colors.

    Attributes
    ----------
    histogram : ColorHistogram
        The image's colors: they decide its shares.
    origin : tuple of str
        The images, or the file, that the clustering was made of, by name; empty where that was the
        image itself, before its pixels were changed in place.
    """

    histogram: ColorHistogram
    origin: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SegmentationState:
    """The state of a segmentation; the base of `Segmentation`.

    Attributes
    ----------
    clustering : ColorClustering
        The clusters, with their edits.
    masks : tuple of ndarray of bool, optional
        Which pixels of each level of the image take part; None where all do.
    region : Region, optional
        What outlined the masks; None where all pixels take part, or the masks are an array's.
    min_pixels : int, default 1
        Patches of fewer pixels are specks: they go to the cluster around them.
    level : int, default 0
        The level of a pyramid whose colors were counted: above 0, shares are a first look.
    applied : Applied, optional
        The image's own colors where the clustering was made of others. Edits then are of the
        clustering, as always, and of this image alone.
    n_asked : int, "auto" or None
        The number of clusters that was asked for, as `cluster_colors` takes it.
    overlay : Overlay, optional
        The pixels that a person has painted or corrected, in the full resolution. They lie over
        what the colors give, without specks.
    painted_in : Segmentation, optional
        What a person has painted in last, where this is a later run that has kept of it what it
        could. The next run takes it from there: clusters that are gone may have come back.
    """

    clustering: ColorClustering
    masks: tuple[np.ndarray, ...] | None = None
    region: Region | None = None
    min_pixels: int = 1
    level: int = 0
    applied: Applied | None = None
    n_asked: int | str | None = None
    overlay: Overlay | None = None
    painted_in: Self | None = None

    def __post_init__(self) -> None:
        if not is_integer(self.min_pixels) or self.min_pixels < 1:
            raise ValueError(
                f"min_pixels must be an integer of at least 1, got {self.min_pixels!r}."
            )

    @property
    def is_edited(self) -> bool:
        """Whether a person has edited the clusters of a run; new labels do not count."""
        return any(name != "relabel" for name, *_ in self.clustering.edits)

    @property
    def is_by_color(self) -> bool:
        """Whether the label of each pixel is decided by its color alone."""
        return self.min_pixels == 1 and self.overlay is None

    @cached_property
    def residual_summary(self) -> Residuals:
        """How far pixels are from the colors of their clusters, by the labels of their colors."""
        if self.applied is None:
            return self.clustering.residual_summary
        return self.clustering.residual_summary_of(self.applied.histogram)

    @property
    def histogram(self) -> ColorHistogram:
        """The image's own colors."""
        return self.clustering.histogram if self.applied is None else self.applied.histogram

    @cached_property
    def labels(self) -> np.ndarray:
        """The label that the clusters give each of the image's own colors; 0 for background."""
        if self.applied is None:
            return self.clustering.labels
        return self.clustering.predict(self.applied.histogram.colors)

    @property
    def origin(self) -> tuple[str, ...]:
        """What the clustering was made of, by name; empty where that was the image itself."""
        return () if self.applied is None else self.applied.origin

    @property
    def fewer_colors(self) -> str | None:
        """What to say where there were fewer colors than clusters were asked for."""
        return fewer_colors(self.n_asked, self.clustering)

    @cached_property
    def n_too_far(self) -> int:
        """Number of the image's pixels that are too far from the color of their cluster."""
        if self.applied is None:
            return self.clustering.n_too_far
        return count_too_far(self.clustering, self.applied.histogram)

    @cached_property
    def n_painted_outside(self) -> int:
        """How many pixels a person has given to a cluster that are not in the region."""
        if self.overlay is None or self.masks is None:
            return 0
        outside = ~self.masks[self.level]
        return int(self.overlay.at_level(outside.shape).inside(outside).counts()[1:].sum())

    @cached_property
    def palette(self) -> Palette:
        """The clusters with the image's own shares, before pixels are corrected."""
        if self.applied is None:
            return self.clustering.palette
        return shares(self.clustering, self.applied.histogram)

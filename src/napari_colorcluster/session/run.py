"""A clustering of an image as a value: all that decides what comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event
from typing import Any

from napari.layers import Image

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import apply_edits
from napari_colorcluster.core.clustering.fitting import cluster_histogram, is_auto
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.layer_data import n_pixels
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.placed import Placed

FIRST_LOOK_PIXELS = 1 << 20
"""The most pixels of a level of a pyramid that is counted for a first look."""


@dataclass(frozen=True)
class Run:
    """What to cluster, how, and what is shown already.

    Equal runs of equal pixels give equal results.

    Attributes
    ----------
    image : Image
        The image layer.
    n_clusters : int, "auto" or None
        As `cluster_colors` takes it.
    settings : Settings
        How it is clustered.
    placed : Placed
        Which part takes part.
    edits : tuple
        Edits to make on the result.
    min_pixels : int, optional
        Below how many pixels a region is a speck; None before it is `resolved`, to keep that.
    overlay : Overlay, optional
        Pixels to paint on the result.
    is_first_look : bool
        Whether a coarse level of a pyramid is counted.
    keeps_labels : bool
        Whether clusters have the labels that similar colors have in what is shown; otherwise they
        are 1, 2, ... from the largest on.
    before : Segmentation, optional
        What is shown: names and painted pixels go on from there, and labels where they are kept.
    """

    image: Image
    n_clusters: int | str | None
    settings: Settings
    placed: Placed
    edits: tuple[Any, ...] = ()
    min_pixels: int | None = None
    overlay: Overlay | None = None
    is_first_look: bool = False
    keeps_labels: bool = False
    before: Segmentation | None = None

    def resolved(self, shown: Segmentation | None, placed: Placed) -> Run:
        """The run that this comes to, given what is shown and where the region lies."""
        before = None if self.edits or self.overlay is not None else shown
        min_pixels = self.min_pixels
        if min_pixels is None:
            min_pixels = 1 if before is None else before.min_pixels
        return replace(self, placed=placed, before=before, min_pixels=min_pixels)

    def counts_as(self, other: Run) -> bool:
        """Whether another run counts the same pixels of the same image."""
        ours, theirs = (
            (run.placed, run.is_first_look, run.settings.min_alpha) for run in (self, other)
        )
        return ours == theirs

    def do(
        self,
        counted: Counted,
        shown: Shown,
        progress: Progress,
        counting: Event | None = None,
    ) -> Painted:
        """Count, cluster and paint.

        Parameters
        ----------
        counted : Counted
            The colors of images, counted once.
        shown : Shown
            What the image shows.
        progress : callable
            Called with the fraction done.
        counting : threading.Event, optional
            Set during the steps whose results all runs of these pixels need.
        """
        level = first_look(shown) if self.is_first_look else 0
        counting = counting or Event()
        counting.set()
        masks = self.placed.masks(self.image)
        histogram = counted.histogram(
            self.image, shown, part(progress, 0.0, 0.3), masks, level, self.settings.min_alpha
        )
        counting.clear()
        clustering = self._fit(counted, shown, histogram, part(progress, 0.3, 0.8))
        clustering = apply_edits(clustering, self.edits)
        made = Segmentation(
            *(clustering, masks, self.placed.region, self.min_pixels, level),
            n_asked=self.n_clusters,
            overlay=self.overlay,
        ).continuing(self.before, self.min_pixels, keeps_labels=self.keeps_labels)
        return made.paint(shown.pictures, part(progress, 0.8, 1.0))

    def _fit(
        self, counted: Counted, shown: Shown, histogram: ColorHistogram, progress: Progress
    ) -> ColorClustering:
        if is_auto(self.n_clusters):
            return cluster_histogram(histogram, self.n_clusters, self.settings, progress)
        # Where there are no colors at all, the error is about that.
        n_clusters = self.settings.check_n_clusters(self.n_clusters, histogram.n_colors or None)
        return counted.clustering(self.image, shown, histogram, n_clusters, self.settings, progress)


def first_look(shown: Shown) -> int:
    """The finest level of a pyramid that is counted at once; 0 where there is none."""
    full = n_pixels(shown.levels[0])
    small = (
        index
        for index, level in enumerate(shown.levels)
        if index and n_pixels(level) <= FIRST_LOOK_PIXELS < full
    )
    return next(small, 0)

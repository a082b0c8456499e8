"""A method prepared on the colors of an image, to be run for one k after another."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.dendrogram import MOST_LEAVES, Dendrogram
from napari_colorcluster.core.clustering.editing.limiting import limited_anew
from napari_colorcluster.core.clustering.parts.moments import Moments
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.methods.protocol import HasTree
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.progress import Progress, silent


class ColorFitter:
    """A method prepared on a histogram: the work common to all k is done once.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    settings : Settings
        The method and its options, the color space and the seed.
    progress : callable, optional
        Receives the fraction done.

    Raises
    ------
    ValueError
        If the histogram is empty.
    """

    def __init__(
        self, histogram: ColorHistogram, settings: Settings, progress: Progress = silent
    ) -> None:
        if histogram.n_colors == 0:
            raise ValueError(
                f"No pixel takes part: all {histogram.n_excluded:,} are masked, transparent or "
                "not finite."
                if histogram.n_excluded
                else "No pixel takes part: the image is empty."
            )
        self.histogram = histogram
        self.settings = settings
        self.space = settings.working_space(histogram)
        self.points = self.space.points(histogram.colors)
        self.weights = histogram.counts.astype(np.float64)
        colors = WeightedPoints(self.points, self.weights, histogram.codes)
        self._prepared = settings.build_method().prepare(
            colors, random_state=settings.random_state, progress=progress
        )

    @cached_property
    def n_distinct(self) -> int:
        """How many clusters there can be: of how many points of the space the colors are."""
        return self.space.n_distinct(self.points)

    def fit(self, n_clusters: int | None, progress: Progress = silent) -> ColorClustering:
        """Cluster the colors; at most as many clusters are made as there are distinct points."""
        enough = self.settings.check_n_clusters(n_clusters) or 1
        n_distinct = self.space.n_distinct(self.points, enough)
        n_clusters = self.settings.check_n_clusters(n_clusters, n_distinct)
        grouping = self._prepared(n_clusters, progress)
        progress(1.0, "Clustering colors")
        clustering = ColorClustering.from_grouping(
            self.histogram,
            self.space,
            self.points,
            grouping,
            self.settings.to_dict(n_clusters),
        )
        limit = self.settings.max_distance
        return clustering if limit is None else limited_anew(clustering, limit)

    def dendrogram(self, n_leaves: int = MOST_LEAVES) -> Dendrogram | None:
        """The top of the method's tree; None where it makes none."""
        if not isinstance(self._prepared, HasTree):
            return None
        tree, leaves = self._prepared.top(n_leaves)
        moments, rank = Moments.ranked(self.points, self.histogram.counts, leaves)
        return Dendrogram(tree, moments.take(rank), self.space)

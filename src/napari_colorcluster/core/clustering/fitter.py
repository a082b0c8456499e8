"""A method prepared on the colors of an image, to be asked for one k after another."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.progress import Progress, silent


class ColorFitter:
    """A histogram with a method prepared on it: each further number of clusters is one call.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    settings : Settings
        How they are clustered.
    progress : callable, optional
        Told the fraction done.

    Raises
    ------
    ValueError
        Where the histogram is empty.
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
        self._prepared = settings.build_method().prepare(
            self.points,
            self.weights,
            histogram.codes,
            random_state=settings.random_state,
            progress=progress,
        )

    def fit(self, n_clusters: int | None, progress: Progress = silent) -> ColorClustering:
        """Part the colors into `n_clusters`, or as many as there are colors if these are fewer."""
        n_clusters = self.settings.check_n_clusters(n_clusters, self.histogram.n_colors)
        grouping = self._prepared(n_clusters, progress)
        progress(1.0, "Clustering colors")
        return ColorClustering.from_grouping(
            self.histogram,
            self.space,
            self.points,
            grouping,
            self.settings.to_dict(n_clusters),
        )

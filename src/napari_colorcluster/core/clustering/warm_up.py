"""Loading compiled loops and numerical libraries before they are needed."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.clustering.choosing_k.sweep import sweep_histogram
from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.blocks import read_pixels
from napari_colorcluster.core.pixels.counter import ColorCounter
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import Progress, silent


def warm_up(progress: Progress = silent) -> None:
    """Run every method and every pass over pixels once, on a tiny image.

    The first run on a machine compiles the loops, which takes seconds; later runs load them from
    numba's cache. Either way, the user's first image does not have to wait.

    Parameters
    ----------
    progress : callable, optional
        Receives the fraction done; may raise `Cancelled`.
    """
    image = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)
    histogram = count_colors(image)
    # An image this small is counted by sorting; this runs the compiled counting as well.
    counter = ColorCounter(1)
    counter.add(read_pixels(image))
    counter.collect()
    for done, method in enumerate(METHODS):
        progress(done / (len(METHODS) + 1), f"Loading {method}")
        settings = Settings(method)
        n_clusters = None if settings.build_method().finds_n_clusters else 2
        clustering = ColorFitter(histogram, settings).fit(n_clusters)
        if done == 0:
            clustering.paint(clustering.predict(image))
            clustering.relabel({1: 3}).predict(image)
            clustering.residuals(image)
    progress(len(METHODS) / (len(METHODS) + 1), "Loading the silhouette")
    sweep_histogram(histogram, (2, 3), Settings())
    progress(1.0, "Loaded")

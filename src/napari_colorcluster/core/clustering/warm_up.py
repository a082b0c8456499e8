"""Loading what is slow to load before it is needed: compiled kernels and numerical libraries."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.clustering.sweep import sweep_histogram
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.blocks import read_pixels
from napari_colorcluster.core.pixels.counter import ColorCounter
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import Progress, silent


def warm_up(progress: Progress = silent) -> None:
    """Run every method and every pass over pixels once, on a picture of a few colors.

    On a machine's first run this compiles the kernels, which takes seconds; later it loads them
    from numba's cache. Either way the first real picture does not have to wait.

    Parameters
    ----------
    progress : callable, optional
        Told the fraction done; may raise `Cancelled`.
    """
    image = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)
    histogram = count_colors(image)
    # So small an image is sorted; larger ones are counted by compiled code.
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
    progress(len(METHODS) / (len(METHODS) + 1), "Loading the silhouette")
    sweep_histogram(histogram, (2, 3), Settings())
    progress(1.0, "Loaded")

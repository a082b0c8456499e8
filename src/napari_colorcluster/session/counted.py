"""The colors of images and their clusterings, kept while the pixels stay the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock
from weakref import WeakKeyDictionary, ref

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.layers.images.shown import Shown

_N_KEPT = 3
"""Counts of an image, by level, region and least alpha, that are kept."""

_N_CLUSTERINGS = 32
"""As many as the range of the slider; each is small beside the image."""


@dataclass
class _Kept:
    """What belongs to one image as it is shown."""

    shown: Shown
    histograms: dict[tuple[int, bytes, float], ColorHistogram]
    fitter: ColorFitter | None = None
    clusterings: dict[int | None, ColorClustering] = field(default_factory=dict)


class Counted:
    """The colors of images, counted at the first request; and what methods prepare on them.

    Another number of clusters then needs no pass over the pixels. The key is what the layer shows,
    its data by identity: pixels that are changed in place are counted anew after `forget`. Of
    several threads, one at a time counts or clusters.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Layer, _Kept] = WeakKeyDictionary()
        self._digested: tuple[ref[np.ndarray], bytes] | None = None

    def histogram(
        self,
        image: Image,
        shown: Shown,
        progress: Progress,
        masks: tuple[np.ndarray, ...] | None = None,
        level: int = 0,
        min_alpha: float = 0.5,
    ) -> ColorHistogram:
        """Count the colors of a level of an image, or recall them.

        Parameters
        ----------
        image : Image
            The layer.
        shown : Shown
            What it shows.
        progress : callable
            Called with the fraction done.
        masks : tuple of ndarray of bool, optional
            Which pixels of each level take part.
        level : int, default 0
            Which level is counted.
        min_alpha : float, default 0.5
            The least alpha of a pixel that takes part.
        """
        mask = None if masks is None else masks[level]
        key = level, b"" if mask is None else self._digest(mask), min_alpha
        with self._lock:
            kept = self._of(image, shown)
            if key not in kept.histograms:
                histogram = count_colors(
                    shown.pictures[level], mask, min_alpha=min_alpha, progress=progress
                )
                while len(kept.histograms) >= _N_KEPT:
                    del kept.histograms[next(iter(kept.histograms))]
                kept.histograms[key] = histogram
            return kept.histograms[key]

    def recount(
        self,
        image: Image,
        shown: Shown,
        progress: Progress,
        masks: tuple[np.ndarray, ...] | None = None,
        level: int = 0,
        min_alpha: float = 0.5,
    ) -> ColorHistogram:
        """Count again; where that gives others, forget all that was counted before.

        Parameters
        ----------
        image, shown, progress, masks, level, min_alpha
            As for `histogram`.
        """
        mask = None if masks is None else masks[level]
        key = level, b"" if mask is None else self._digest(mask), min_alpha
        picture = shown.pictures[level]
        histogram = count_colors(picture, mask, min_alpha=min_alpha, progress=progress)
        with self._lock:
            known = self._of(image, shown).histograms.get(key)
            if known is not None and known != histogram:
                self._kept[image] = _Kept(shown, {key: histogram})
        return histogram

    def forget(self, image: Image) -> None:
        """Count an image anew whose pixels may have been changed in place: those of an array.

        For a click, not for each step of a slider: counting takes a moment.
        """
        if isinstance(levels(image)[0], np.ndarray):
            self._kept.pop(image, None)

    def has_counted(self, image: Image, shown: Shown) -> bool:
        """Whether the full resolution of an image has been counted, all or part of it."""
        return any(level == 0 for level, *_ in self._of(image, shown).histograms)

    def clustering(
        self,
        image: Image,
        shown: Shown,
        histogram: ColorHistogram,
        n_clusters: int | None,
        settings: Settings,
        progress: Progress,
    ) -> ColorClustering:
        """Cluster an image's colors, by a method that is prepared once; or recall what came out.

        Parameters
        ----------
        image, shown, progress
            As for `histogram`.
        histogram : ColorHistogram
            The colors.
        n_clusters : int or None
            As `ColorFitter.fit` takes it.
        settings : Settings
            How they are clustered.
        """
        with self._lock:
            kept = self._of(image, shown)
            fitter = kept.fitter
            if fitter is None or fitter.histogram is not histogram or fitter.settings != settings:
                kept.clusterings.clear()
                kept.fitter = fitter = ColorFitter(histogram, settings, part(progress, 0.0, 0.5))
            if n_clusters not in kept.clusterings:
                clustering = fitter.fit(n_clusters, part(progress, 0.5, 1.0))
                while len(kept.clusterings) >= _N_CLUSTERINGS:
                    del kept.clusterings[next(iter(kept.clusterings))]
                kept.clusterings[n_clusters] = clustering
            return kept.clusterings[n_clusters]

    def _digest(self, mask: np.ndarray) -> bytes:
        """The digest of a mask, recalled where it is that of the call before."""
        # In a variable of its own: another thread may digest another mask meanwhile.
        known = self._digested
        if known is None or known[0]() is not mask:
            known = self._digested = ref(mask), blake2b(np.packbits(mask)).digest()
        return known[1]

    def _of(self, image: Image, shown: Shown) -> _Kept:
        kept = self._kept.get(image)
        if kept is None or kept.shown != shown:
            kept = self._kept[image] = _Kept(shown, {})
        return kept

"""The result: an image's colors in clusters. An immutable value that paints."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from napari_colorcluster.core.histogram import ColorHistogram
from napari_colorcluster.core.lookup import LookUp
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.names import color_names
from napari_colorcluster.core.painting import paint
from napari_colorcluster.core.palette import Palette
from napari_colorcluster.core.progress import Progress, silent
from napari_colorcluster.core.working_space import WorkingSpace


@dataclass(frozen=True, eq=False)
class ColorClustering:
    """The colors of an image in clusters; made by `cluster_colors`.

    Attributes
    ----------
    colors : ndarray, shape (n_clusters, 3), uint8
        sRGB color of each cluster, largest share first; row ``i`` has label ``i + 1``.
    pixels : ndarray, shape (n_clusters,), int64
        Number of pixels in each cluster.
    inertia : float
        Weighted sum over all pixels of the squared distance to their cluster's mean, in the
        working space (SSE).
    settings : dict
        All keywords that give this result again: ``cluster_colors(image, **settings)``.
    histogram : ColorHistogram
        The colors that were clustered.
    labels : ndarray, shape (n_colors,), uint8 or uint16
        The label of each color of the histogram.
    centers : ndarray, shape (n_clusters, 3), float64
        Mean of each cluster in the working space.
    """

    histogram: ColorHistogram
    labels: np.ndarray
    colors: np.ndarray
    pixels: np.ndarray
    centers: np.ndarray
    inertia: float
    settings: dict[str, Any]
    rule: LabelRule

    @classmethod
    def from_grouping(
        cls,
        histogram: ColorHistogram,
        space: WorkingSpace,
        points: np.ndarray,
        grouping: Grouping,
        settings: dict[str, Any],
    ) -> ColorClustering:
        """Order a method's clusters by their share and give them colors, names and counts.

        Parameters
        ----------
        histogram : ColorHistogram
            The colors.
        space : WorkingSpace
            Where they were clustered.
        points : ndarray, shape (n_colors, 3), float64
            The colors in that space.
        grouping : Grouping
            What the method found.
        settings : dict
            The keywords that give the result again.
        """
        counts = histogram.counts
        pixels = np.zeros(grouping.labels.max() + 1, np.int64)
        np.add.at(pixels, grouping.labels, counts)
        # Equal shares are ordered by the first of their colors, which no order of pixels changes.
        first = np.unique(grouping.labels, return_index=True)[1]
        order = np.lexsort([first, -pixels])
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        ranked = rank[grouping.labels]

        weights = counts.astype(np.float64)
        sums = np.stack([np.bincount(ranked, weights * axis) for axis in points.T], axis=1)
        centers = sums / pixels[order, np.newaxis]
        away = ((points - centers[ranked]) ** 2).sum(axis=1)
        # Summed by numpy: a product of vectors rounds differently with each number of threads.
        inertia = float((weights * away).sum())
        colors = space.colors(centers)
        rule = LabelRule(space, grouping.rule, rank + 1)
        labels = rule.as_labels(grouping.labels)
        pixels = pixels[order]
        for array in (labels, colors, pixels, centers):
            array.setflags(write=False)
        return cls(
            histogram=histogram,
            labels=labels,
            colors=colors,
            pixels=pixels,
            centers=centers,
            inertia=inertia,
            settings=settings,
            rule=rule,
        )

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.colors)

    @cached_property
    def palette(self) -> Palette:
        """The clusters' colors, names and shares, largest share first."""
        # Made when first asked for: finding the names takes longer than a small clustering.
        return Palette(self.colors, self.pixels, color_names(self.colors))

    @cached_property
    def _look_up(self) -> LookUp:
        return LookUp(self.histogram.colors, self.labels, self.n_clusters, self.rule)

    def predict(self, image: Any, mask: Any = None, *, progress: Progress = silent) -> Any:
        """Label the pixels of an image.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            The image that was clustered, or any other. Colors that were not clustered go where
            the method's own rule puts them.
        mask : array of bool, shape (...), optional
            True where a pixel takes part.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.

        Returns
        -------
        array, shape (...), uint8, or uint16 where there are more than 255 clusters
            1..n_clusters as in the palette; 0 where a pixel is left out (masked, transparent or
            not finite). A lazy dask array where the image is one.
        """
        return self._look_up.predict(image, mask, progress=progress)

    def quantize(self, image: Any, mask: Any = None, *, progress: Progress = silent) -> Any:
        """Paint each pixel of an image with the color of its cluster.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.

        Returns
        -------
        array, shape (..., 3), uint8
            sRGB; black where a pixel is left out. A lazy dask array where the image is one.
        """
        return self._look_up.paint(image, self.label_colors, mask, progress=progress)

    def paint(self, labels: Any, *, alpha: bool = False) -> Any:
        """Paint labels that `predict` gave: the same as `quantize`, without the image.

        Parameters
        ----------
        labels : array, shape (...), integer
            0..n_clusters, numpy or dask.
        alpha : bool, default False
            Add a channel that is 0 where the label is 0, else 255.

        Returns
        -------
        array, shape (..., 3 or 4), uint8
            A lazy dask array where the labels are one.

        Raises
        ------
        ValueError
            Where a label is none of these.
        """
        return paint(labels, self._paints(alpha))

    def predict_and_paint(
        self, image: Any, mask: Any = None, *, alpha: bool = False, progress: Progress = silent
    ) -> tuple[Any, Any]:
        """Do what `predict` and then `paint` do, in one pass over the pixels.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        alpha
            As for `paint`.

        Returns
        -------
        labels, painted : array
            Lazy dask arrays where the image is one.
        """
        return self._look_up.predict_and_paint(image, self._paints(alpha), mask, progress=progress)

    def _paints(self, alpha: bool) -> np.ndarray:
        """The color of each label, with a channel that is 0 for label 0 alone where asked for."""
        colors = self.label_colors
        if not alpha:
            return colors
        opaque = np.full((len(colors), 1), 255, np.uint8)
        opaque[0] = 0
        return np.hstack([colors, opaque])

    @cached_property
    def label_colors(self) -> np.ndarray:
        """The color of each label, black for 0 first, shape (n_clusters + 1, 3), uint8."""
        colors = np.vstack([np.zeros((1, 3), np.uint8), self.colors])
        colors.setflags(write=False)
        return colors


@dataclass(frozen=True, eq=False)
class LabelRule:
    """The label of any color, by the method's own rule.

    Parameters
    ----------
    space : WorkingSpace
        Where the method works.
    rule : callable
        Points (n, 3) to the method's clusters (n,).
    label_of : ndarray, shape (n_clusters,)
        The label of each of the method's clusters.
    """

    space: WorkingSpace
    rule: Any
    label_of: np.ndarray

    def as_labels(self, clusters: np.ndarray) -> np.ndarray:
        """Turn the method's clusters into labels, in the type of a labels image."""
        from napari_colorcluster.core.lookup import label_dtype

        return self.label_of.astype(label_dtype(len(self.label_of)))[clusters]

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Label colors (n, 3), uint8 sRGB: (n,), in the type of a labels image."""
        return self.as_labels(self.rule(self.space.points(colors)))

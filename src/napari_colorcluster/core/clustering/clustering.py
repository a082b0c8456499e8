"""The result: an image's colors in clusters. An immutable value that paints."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.edits import Editable, as_json
from napari_colorcluster.core.clustering.partition import Moments, Partition
from napari_colorcluster.core.color.names import color_names
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp, label_dtype
from napari_colorcluster.core.pixels.painting import paint
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class ColorClustering(Editable):
    """The colors of an image in clusters; made by `cluster_colors`, changed by no one.

    An edit, such as `merge` or `recolor`, gives another clustering and leaves this one as it is.

    Attributes
    ----------
    partition : Partition
        The colors in the parts that clusters are put together from; shared by most edits.
    label_of : ndarray, shape (n_parts + 1,), uint8 or uint16
        The label of each part, of 0 first, which is 0. Parts with label 0 are background.
    keywords : dict
        What was asked of `cluster_colors`, without edits.
    edits : tuple of tuple
        The edits since then, in their order.
    given_colors : dict of int to (int, int, int)
        sRGB colors that were given to labels in place of their mean.
    given_names : dict of int to str
        Names that were given to labels.
    """

    partition: Partition
    label_of: np.ndarray
    keywords: dict[str, Any]
    edits: tuple[tuple[Any, ...], ...] = ()
    given_colors: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)
    given_names: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        label_of = np.array(self.label_of, label_dtype(np.max(self.label_of)))
        object.__setattr__(self, "label_of", frozen(label_of))

    def __reduce__(self) -> tuple[Any, ...]:
        # What can be worked out again does not travel, and arrays arrive read-only.
        return ColorClustering, tuple(getattr(self, each.name) for each in fields(self))

    @classmethod
    def from_grouping(
        cls,
        histogram: ColorHistogram,
        space: WorkingSpace,
        points: np.ndarray,
        grouping: Grouping,
        keywords: dict[str, Any],
    ) -> ColorClustering:
        """Label a method's clusters 1, 2, ... by their share, largest first.

        Parameters
        ----------
        histogram, space, points, grouping
            As for `Partition.from_grouping`.
        keywords : dict
            The keywords that give the result again.
        """
        partition = Partition.from_grouping(histogram, space, points, grouping)
        return cls(partition, np.arange(partition.n_parts + 1), keywords)

    @staticmethod
    def from_palette(palette: Palette, color_space: str = "lab") -> ColorClustering:
        """Make the clustering that a palette stands for, to apply it to images.

        Parameters
        ----------
        palette : Palette
            The colors, as read from a file. Labels and names stay; of a color that is there more
            than once, the first.
        color_space : str, default "lab"
            The working space: any color belongs to the nearest of the palette in it.

        Returns
        -------
        ColorClustering
            Each color is a cluster, of one pixel.

        Raises
        ------
        ValueError
            Where there is no color, or the space is unknown.
        """
        from napari_colorcluster.core.clustering.known_colors import cluster_around

        return cluster_around(palette, color_space)

    @property
    def histogram(self) -> ColorHistogram:
        """The colors that were clustered."""
        return self.partition.histogram

    @property
    def settings(self) -> dict[str, Any]:
        """All keywords that give this result again: ``cluster_colors(image, **settings)``.

        JSON can hold them. ``"edits"`` is among them where there have been any.
        """
        edits = {"edits": as_json(self.edits)} if self.edits else {}
        return {**self.keywords, **edits}

    @property
    def n_clusters(self) -> int:
        """Number of clusters, background left out."""
        return len(self.row_labels)

    @property
    def n_background(self) -> int:
        """Number of pixels in clusters that were set as background."""
        return self.histogram.n_pixels - int(self.pixels.sum())

    @cached_property
    def labels(self) -> np.ndarray:
        """The label of each color of the histogram, shape (n_colors,); 0 for background."""
        parts = self.partition.parts
        return parts if self._relabels is None else frozen(self._relabels[parts])

    @cached_property
    def _rows(self) -> tuple[np.ndarray, Moments]:
        """The labels in use, largest share first, and what is known of their clusters."""
        used, moments = np.arange(1, self.partition.n_parts + 1), self.partition.moments
        if self._relabels is not None:
            used, groups = np.unique(self.label_of[1:], return_inverse=True)
            if used[0] == 0:
                used, groups = used[1:], groups - 1
            moments = moments.joined(groups)
        order = np.lexsort([used, -moments.pixels])
        return frozen(used[order].astype(np.int64)), moments.take(order)

    @property
    def row_labels(self) -> np.ndarray:
        """The label of each row of the palette, shape (n_clusters,), int64."""
        return self._rows[0]

    @property
    def pixels(self) -> np.ndarray:
        """Number of pixels in each cluster, shape (n_clusters,), int64; rows as in the palette."""
        return self._rows[1].pixels

    @cached_property
    def centers(self) -> np.ndarray:
        """Mean of each cluster in the working space, shape (n_clusters, 3), float64."""
        return frozen(self._rows[1].centers)

    @cached_property
    def inertia(self) -> float:
        """Weighted sum over all pixels of the squared distance to their cluster's mean (SSE).

        Measured in the working space, on the clusters as they are now; without the background.
        """
        return float(self._rows[1].spread.sum())

    @cached_property
    def mean_colors(self) -> np.ndarray:
        """The sRGB color of each cluster's mean, shape (n_clusters, 3), uint8."""
        return frozen(self.partition.space.colors(self.centers))

    @cached_property
    def colors(self) -> np.ndarray:
        """The color of each cluster, its mean unless another was given; like `mean_colors`."""
        colors = self.mean_colors.copy()
        for label, color in self.given_colors.items():
            colors[self.row_labels == label] = color
        return frozen(colors)

    @cached_property
    def palette(self) -> Palette:
        """The clusters' colors, names and shares, largest share first."""
        # Made when first asked for: finding the names takes longer than a small clustering.
        # Names are numbered in the order of the labels, which no edit of another cluster changes.
        order = np.argsort(self.row_labels)
        places = enumerate(self.row_labels[order].tolist())
        given = {at: self.given_names[label] for at, label in places if label in self.given_names}
        names = np.empty(len(order), object)
        names[order] = color_names(self.colors[order], given)
        return Palette(self.colors, self.pixels, tuple(names), self.row_labels)

    @property
    def _look_up(self) -> LookUp:
        return self.partition.look_up

    @cached_property
    def _relabels(self) -> np.ndarray | None:
        """The label of each part, None where that is its own number: then nothing is to be done."""
        return (
            None if np.array_equal(self.label_of, np.arange(len(self.label_of))) else self.label_of
        )

    def predict(self, image: Any, mask: Any = None, *, progress: Progress = silent) -> Any:
        """Label the pixels of an image.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            The image that was clustered, or any other. Colors that were not clustered go where
            the method's own rule puts them: to the nearest center in the working space (k-means
            and its kin), the most probable component (mixture), the cluster of the nearest known
            color (agglomerative), or as the method's class says; pieces of a split cluster
            likewise. Edits apply to them too.
        mask : array of bool, shape (...), optional
            True where a pixel takes part.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.

        Returns
        -------
        array, shape (...), uint8, or uint16 where a label is above 255
            The labels of the palette; 0 where a pixel is left out (masked, transparent or not
            finite) or background. A lazy dask array where the image is one.
        """
        return self._look_up.predict(image, mask, progress=progress, label_of=self._relabels)

    def quantize(self, image: Any, mask: Any = None, *, progress: Progress = silent) -> Any:
        """Paint each pixel of an image with the color of its cluster.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.

        Returns
        -------
        array, shape (..., 3), uint8
            sRGB; black where the label is 0. A lazy dask array where the image is one.
        """
        return self._look_up.paint(
            image, self.label_colors, mask, progress=progress, label_of=self._relabels
        )

    def paint(self, labels: Any, *, alpha: bool = False) -> Any:
        """Paint labels that `predict` gave: the same as `quantize`, without the image.

        Parameters
        ----------
        labels : array, shape (...), integer
            0..the largest label, numpy or dask.
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
        return self._look_up.predict_and_paint(
            image, self._paints(alpha), mask, progress=progress, label_of=self._relabels
        )

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
        """The color of each label, shape (largest label + 1, 3), uint8; black where none has it."""
        colors = np.zeros((int(self.row_labels.max()) + 1, 3), np.uint8)
        colors[self.row_labels] = self.colors
        return frozen(colors)

    @staticmethod
    def read(path: str | os.PathLike[str]) -> ColorClustering:
        """Read a clustering that `write` wrote: what it was made from is not needed.

        The colors are clustered again, which takes as long as the first time, so that colors
        never seen go where the method's own rule puts them.

        Parameters
        ----------
        path : path-like
            A ``.json`` file.

        Returns
        -------
        ColorClustering
            Equal to the one that was written, to the bit: settings, edits and all. Where this
            version or machine makes other clusters of its colors, these keep the labels, colors
            and names in the file, and any other color goes where the nearest of them does.

        Raises
        ------
        ValueError
            Where the file holds no clustering or is malformed; or where its palette is not that
            of its colors, so that labels would mean other colors. `Palette.read` reads that
            palette nevertheless.
        OSError
            Where the file cannot be read.
        """
        from napari_colorcluster.core.files import palettes as palette_files

        return palette_files.read_clustering(path)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the clustering to a file, whole or not at all.

        Parameters
        ----------
        path : path-like
            ``.json`` for all of it: settings, edits, colors, counts and labels. With the suffixes
            that `Palette.write` knows besides, only the palette is written.

        Raises
        ------
        ValueError
            Where the suffix is none of these.
        OSError
            Where the file cannot be written.
        """
        from napari_colorcluster.core.files import palettes as palette_files

        palette_files.write(self, path)

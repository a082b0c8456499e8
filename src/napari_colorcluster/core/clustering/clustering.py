"""The result: an image's colors in clusters. An immutable value that labels and paints images."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.clustering.edits import Editable
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.names import unique_names
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.methods.kmeans import NearestCenter
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.pixels import passes
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.support.progress import Progress, silent


@dataclass(frozen=True, eq=False, repr=False)
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

    @classmethod
    def from_palette(cls, palette: Palette, color_space: str = "lab") -> Self:
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
        if not len(palette):
            raise ValueError("A palette without colors cannot be applied to images.")
        # k-means with as many clusters as colors: each is the center of its own.
        settings = Settings("kmeans", color_space)
        colors, rows = np.unique(palette.colors, axis=0, return_index=True)
        histogram = ColorHistogram(colors, np.ones(len(colors), np.int64))
        space = settings.working_space(histogram)
        points = space.points(histogram.colors)
        grouping = Grouping(np.arange(len(colors)), NearestCenter(points))
        keywords = settings.to_dict(len(colors))
        clustering = cls.from_grouping(histogram, space, points, grouping, keywords)
        [found] = clustering.predict(colors[np.newaxis]).tolist()
        labels = palette.labels[rows].tolist()
        # A file may give several colors one name; clusters have names of their own.
        kept = np.sort(rows).tolist()
        unique = dict(zip(kept, unique_names([palette.names[row] for row in kept]), strict=True))
        names = {label: unique[row] for label, row in zip(labels, rows.tolist(), strict=True)}
        return clustering.relabel(zip(found, labels, strict=True), names)

    def predict(
        self,
        image: Any,
        mask: Any = None,
        *,
        out: np.ndarray | None = None,
        progress: Progress = silent,
    ) -> Any:
        """Label the pixels of an image.

        Parameters
        ----------
        image : array, shape (..., 3 or 4), or Picture
            The image that was clustered, or any other. Colors that were not clustered go where
            the method's own rule puts them: to the nearest center in the working space (k-means
            and its kin), the most probable component (mixture), the cluster of the nearest known
            color (agglomerative), or as the method's class says; pieces of a split cluster
            likewise. Edits apply to them too.
        mask : array of bool, shape (...), optional
            True where a pixel takes part.
        out : ndarray, shape (...), of the labels' type, optional
            Where the labels are written to, in place of a new array; for images in memory.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.

        Returns
        -------
        array, shape (...), uint8, or uint16 where a label is above 255
            The labels of the palette; 0 where a pixel is left out (masked, transparent or not
            finite) or background. A lazy dask array where the image is one.
        """
        return passes.predict(self._look_up, image, mask, **self._writing(out, progress))

    def quantize(
        self,
        image: Any,
        mask: Any = None,
        *,
        out: np.ndarray | None = None,
        progress: Progress = silent,
    ) -> Any:
        """Paint each pixel of an image with the color of its cluster.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        out : ndarray, shape (..., 3), uint8, optional
            Where the colors are written to, in place of a new array; for images in memory.

        Returns
        -------
        array, shape (..., 3), uint8
            sRGB; black where the label is 0. A lazy dask array where the image is one.
        """
        return passes.quantize(
            *(self._look_up, image, self.label_colors, mask), **self._writing(out, progress)
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
        return passes.paint_labels(labels, self._paints(alpha))

    def predict_and_paint(
        self,
        image: Any,
        mask: Any = None,
        *,
        alpha: bool = False,
        out: tuple[np.ndarray, np.ndarray] | None = None,
        progress: Progress = silent,
    ) -> tuple[Any, Any]:
        """Do what `predict` and then `paint` do, in one pass over the pixels.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        alpha
            As for `paint`.
        out : tuple of ndarray, optional
            Where the labels and the colors are written to; for images in memory.

        Returns
        -------
        labels, painted : array
            Lazy dask arrays where the image is one.
        """
        return passes.predict_and_paint(
            *(self._look_up, image, self._paints(alpha), mask), **self._writing(out, progress)
        )

    @property
    def _look_up(self) -> LookUp:
        return self.partition.look_up

    def _writing(self, out: Any, progress: Progress) -> dict[str, Any]:
        return {
            "min_alpha": self.min_alpha,
            "label_of": self._relabels,
            "out": out,
            "progress": progress,
        }

    def _paints(self, alpha: bool) -> np.ndarray:
        """The color of each label, with a channel that is 0 for label 0 alone where asked for."""
        colors = self.label_colors
        if not alpha:
            return colors
        opaque = np.full((len(colors), 1), 255, np.uint8)
        opaque[0] = 0
        return np.hstack([colors, opaque])

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
        # A door upward: what is written to files is known above.
        from napari_colorcluster.core.files.palettes import write

        write(self, path)

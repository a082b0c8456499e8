"""`ColorClustering`, the result of clustering: an immutable value that labels and paints images."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.clustering.editable import Editable
from napari_colorcluster.core.clustering.residuals import (
    VALUES,
    LabelRule,
    ResidualRule,
    Residuals,
    by_labels,
)
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.names import unique_names
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.methods.kmeans import NearestCenter
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.pixels import passes
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.support.kinds import check_kind
from napari_colorcluster.core.support.progress import Progress, silent


@dataclass(frozen=True, eq=False, repr=False)
class ColorClustering(Editable):
    """The colors of an image in clusters; made by `cluster_colors`.

    It is immutable: an edit, such as `merge` or `recolor`, returns another clustering.

    Attributes
    ----------
    partition : Partition
        The colors in parts, of which the clusters are unions; most edits share it.
    label_of : ndarray, shape (n_parts + 1,), uint8 or uint16
        The label of each part, 0 for background; first comes 0, for part 0.
    keywords : dict
        The arguments of `cluster_colors`, without edits.
    edits : tuple of tuple
        The edits since then, in order.
    given_colors : dict of int to (int, int, int)
        sRGB colors by label, in place of those that represent the clusters.
    given_names : dict of int to str
        Names by label, in place of the names of the colors.
    order : tuple of int
        The labels whose rows come first, in this order; all others follow, the largest first.
    representative : str
        What represents a cluster, as `represent` takes it.
    """

    @classmethod
    def from_palette(
        cls, palette: Palette, color_space: str = "lab", max_distance: float | None = None
    ) -> Self:
        """Make a clustering with the colors of a palette as centers, to apply it to images.

        Parameters
        ----------
        palette : Palette
            The colors, such as those of a file. Labels and names stay; of repeated colors, the
            first counts.
        color_space : str, default "lab"
            The working space, in which any color belongs to the nearest color of the palette.
        max_distance : float, optional
            The largest ΔE2000 to that color; colors beyond belong to none. See `leave_out_beyond`.

        Returns
        -------
        ColorClustering
            Each color is a cluster of one pixel.

        Raises
        ------
        ValueError
            If it is no palette or has no color, the space is unknown, or the distance is not
            greater than 0.
        """
        check_kind("palette", palette, Palette)
        if not len(palette):
            raise ValueError("A palette without colors cannot be applied to images.")
        # The result of k-means with as many clusters as colors.
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
        # A file may have the same name twice, which clusters may not.
        kept = np.sort(rows).tolist()
        unique = dict(zip(kept, unique_names([palette.names[row] for row in kept]), strict=True))
        names = {label: unique[row] for label, row in zip(labels, rows.tolist(), strict=True)}
        clustering = clustering.relabel(zip(found, labels, strict=True), names)
        return clustering if max_distance is None else clustering.leave_out_beyond(max_distance)

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
            The image that was clustered, or any other. Colors that were not clustered are assigned
            by the method's own rule: to the nearest center in the working space (k-means and
            related methods), to the most probable component (mixture), to the cluster of the
            nearest known color (agglomerative), or as the class of the method says. The same holds
            within a split cluster, and edits apply as well.
        mask : array of bool, shape (...), optional
            True for the pixels to label.
        out : ndarray, shape (...), of the labels' dtype, optional
            Receives the labels; for images in memory.
        progress : callable, optional
            Receives the fraction done; not called for a dask array.

        Returns
        -------
        array, shape (...), uint8, or uint16 if a label is above 255
            The labels of the palette; 0 for background and for pixels that are left out (masked,
            transparent, not finite, or too far from the color of their cluster). A lazy dask array
            if the image is one.
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
        """Replace the color of each pixel of an image by the color of its cluster.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        out : ndarray, shape (..., 3), uint8, optional
            Receives the colors; for images in memory.

        Returns
        -------
        array, shape (..., 3), uint8
            sRGB; black where the label is 0. A lazy dask array if the image is one.
        """
        return passes.quantize(
            *(self._look_up, image, self.label_colors, mask), **self._writing(out, progress)
        )

    def paint(self, labels: Any, *, alpha: bool = False) -> Any:
        """Paint labels, as returned by `predict`, with the colors of their clusters.

        Parameters
        ----------
        labels : array, shape (...), integer
            From 0 to the largest label; numpy or dask.
        alpha : bool, default False
            Add an alpha channel, 0 where the label is 0, else 255.

        Returns
        -------
        array, shape (..., 3 or 4), uint8
            A lazy dask array if the labels are one.

        Raises
        ------
        ValueError
            If the labels are no integers, or one is out of this range.
        """
        return passes.paint_labels(labels, self._colors_with(alpha))

    def predict_and_paint(
        self,
        image: Any,
        mask: Any = None,
        *,
        alpha: bool = False,
        out: tuple[np.ndarray, np.ndarray] | None = None,
        progress: Progress = silent,
    ) -> tuple[Any, Any]:
        """Do the work of `predict` and `paint` in one pass over the pixels.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        alpha
            As for `paint`.
        out : tuple of ndarray, optional
            Receives the labels and the colors; for images in memory.

        Returns
        -------
        labels, painted : array
            Lazy dask arrays if the image is one.
        """
        return passes.predict_and_paint(
            *(self._look_up, image, self._colors_with(alpha), mask), **self._writing(out, progress)
        )

    def residuals(
        self,
        image: Any,
        mask: Any = None,
        labels: Any = None,
        *,
        progress: Progress = silent,
    ) -> Any:
        """How far the color of each pixel is from the color of its cluster: where a fit is wrong.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        labels : array, shape (...), integer, optional
            The label of each pixel where that is not decided by its color alone, as after painting
            or removing specks; by default those of `predict`.

        Returns
        -------
        array, shape (...), float32
            ΔE2000 in steps of 0.002, of calibrated colors where there is a calibration; NaN where a
            pixel is left out, or its label is no cluster's. A lazy dask array if the image is one.

        Raises
        ------
        ValueError
            If the labels are no integers, or of another shape than the image.
        """
        source = passes.as_source(image, mask, self.min_alpha)
        found = passes.predict(self._residual_look_up, source, label_of=VALUES, progress=progress)
        if labels is None:
            return found
        return by_labels(self._residual_rule, source, found, self.predict(source), labels)

    @cached_property
    def residual_summary(self) -> Residuals:
        """The mean and the 95th percentile of `residuals` over the pixels that were clustered.

        Of more than 32,768 distinct colors, estimated from as many pixels: a systematic sample.
        """
        return self._residual_rule.summarize(self.histogram, self.labels)

    def residual_summary_of(self, histogram: ColorHistogram) -> Residuals:
        """The same over the pixels of another image, by its colors."""
        return self._residual_rule.summarize(histogram)

    @cached_property
    def _residual_look_up(self) -> LookUp:
        return self._residual_rule.look_up(self.histogram, self.labels)

    @property
    def _residual_rule(self) -> ResidualRule:
        labels_of = LabelRule(self.partition.look_up.rule, self.label_of)
        calibration = self.partition.space.calibration
        return ResidualRule(self.label_colors, self.row_labels, calibration, labels_of)

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

    def _colors_with(self, alpha: bool) -> np.ndarray:
        """Return `label_colors`, with an alpha channel on request."""
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
            ``.json`` for everything: settings, edits, colors, counts and labels; napari opens it if
            it ends in ``.colors.json``. With the other suffixes of `Palette.write`, only the
            palette is written.

        Raises
        ------
        ValueError
            If the suffix is not one of these.
        OSError
            If the file cannot be written.
        """
        # The one import of a room above, for the convenience of a method; see the import contract.
        from napari_colorcluster.core.files.palettes import write

        write(self, path)

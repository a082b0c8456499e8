"""What is made of an image, as a value: a clustering, where it applies, which specks go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import EDITS
from napari_colorcluster.core.clustering.fitting import fewer_colors
from napari_colorcluster.core.clustering.matching import match_names
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.studies.pooling import shares, with_pixels
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.layers.images.layer_data import level_centers, n_pixels
from napari_colorcluster.layers.regions.region import Region

MAX_CLEANED = 1 << 28
"""Pixels of a dask image that specks are removed from: its labels are kept in memory then,
and each plane takes some 12 bytes a pixel meanwhile."""


@dataclass(frozen=True, eq=False)
class Applied:
    """What an image has of its own where its clustering was made of other colors.

    Attributes
    ----------
    histogram : ColorHistogram
        The image's colors: they decide its shares.
    origin : tuple of str
        The images, or the file, that the clustering was made of, by name.
    """

    histogram: ColorHistogram
    origin: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Segmentation:
    """All that decides which label each pixel of an image has, and its color. Undo is another one.

    Attributes
    ----------
    clustering : ColorClustering
        The clusters, with their edits.
    masks : tuple of ndarray of bool, optional
        Which pixels of each level of the image take part; None where all do.
    region : Region, optional
        What outlined the masks; None where all pixels take part, or the masks are an array's.
    min_pixels : int, default 1
        Connected regions of fewer pixels are specks: they go to the cluster around them.
    level : int, default 0
        The level of a pyramid whose colors were counted: above 0, shares are a first look.
    applied : Applied, optional
        The image's own colors where the clustering was made of others. Edits then are of the
        clustering, as always, and of this image alone.
    n_asked : int, "auto" or None
        The number of clusters that was asked for, as `cluster_colors` takes it.
    """

    clustering: ColorClustering
    masks: tuple[np.ndarray, ...] | None = None
    region: Region | None = None
    min_pixels: int = 1
    level: int = 0
    applied: Applied | None = None
    n_asked: int | str | None = None

    def __post_init__(self) -> None:
        if not is_integer(self.min_pixels) or self.min_pixels < 1:
            raise ValueError(
                f"min_pixels must be an integer of at least 1, got {self.min_pixels!r}."
            )

    @property
    def is_edited(self) -> bool:
        """Whether a person has edited the clusters of a run; new labels do not count."""
        return any(name != "relabel" for name, *_ in self.clustering.edits)

    @property
    def histogram(self) -> ColorHistogram:
        """The image's own colors."""
        return self.clustering.histogram if self.applied is None else self.applied.histogram

    @property
    def fewer_colors(self) -> str | None:
        """What to say where there were fewer colors than clusters were asked for."""
        return fewer_colors(self.n_asked, self.clustering)

    @cached_property
    def palette(self) -> Palette:
        """The clusters with the image's own shares, before specks are removed."""
        if self.applied is None:
            return self.clustering.palette
        return shares(self.clustering, self.applied.histogram)

    def edited(self, name: str, *arguments: Any) -> Segmentation:
        """Make an edit of its clustering: one of ``EDITS`` by name, and its arguments."""
        return self._with(EDITS[name](self.clustering, *arguments))

    def absorbed(self, min_fraction: float, shown: Palette) -> Segmentation:
        """Give clusters away that are small by the shares that are shown, not by the clustering's.

        Parameters
        ----------
        min_fraction : float
            As `ColorClustering.absorb` takes it.
        shown : Palette
            The clusters with their shares. Where all are smaller, the largest stays.
        """
        absorbed = self.clustering.absorb(min_fraction)
        small = shown.fractions < min_fraction
        small[np.argmax(shown.pixels)] = False
        stay = set(shown.labels[~small].tolist())
        # The two differ where the image has shares of its own, or specks were removed.
        if stay != set(absorbed.row_labels.tolist()):
            absorbed = self.clustering.give_away(shown.labels[small].tolist())
        return self._with(absorbed)

    def without_specks(self, min_pixels: int) -> Segmentation:
        """Remove specks of fewer pixels than this; 1 for none."""
        return self if min_pixels == self.min_pixels else replace(self, min_pixels=min_pixels)

    def renumbered(self, shown: Palette) -> Segmentation:
        """Label the clusters 1, 2, ... by the shares that are shown, the largest first."""
        renumbered = self.clustering.renumber()
        order = np.lexsort([shown.labels, -shown.pixels])
        by_share = {label: number for number, label in enumerate(shown.labels[order].tolist(), 1)}
        # The two differ where the image has shares of its own, or specks were removed.
        if by_share.keys() == set(self.clustering.row_labels.tolist()):
            relabeled = self.clustering.relabel(by_share)
            if not np.array_equal(relabeled.label_of, renumbered.label_of):
                renumbered = relabeled
        return self._with(renumbered)

    def continuing(self, before: Segmentation | None) -> Segmentation:
        """Take given names and `min_pixels` over from what is shown."""
        if before is None:
            return self
        clustering = match_names(self.clustering, before.clustering)
        return replace(self, clustering=clustering, min_pixels=before.min_pixels)

    def _with(self, clustering: ColorClustering) -> Segmentation:
        """The same with an edited clustering; itself where the edit has changed nothing."""
        before = self.clustering
        same = (
            clustering.partition is before.partition
            and np.array_equal(clustering.label_of, before.label_of)
            and clustering.given_colors == before.given_colors
            and clustering.given_names == before.given_names
        )
        return self if same else replace(self, clustering=clustering)

    def paint(self, levels: Sequence[Any], progress: Progress = silent) -> Painted:
        """Look the labels of each level of the image up, and paint them.

        Parameters
        ----------
        levels : sequence of array, shape (..., 3 or 4), or Picture
            The image, full resolution first.
        progress : callable, optional
            Called with the fraction done.

        Raises
        ------
        ValueError
            Where specks are to be removed from a dask image of more than `MAX_CLEANED` pixels.

        Notes
        -----
        Specks are removed in the full resolution, and not before it is what was counted; coarser
        levels show the same labels.
        """
        masks = self.masks or (None,) * len(levels)
        if self.min_pixels > 1 and self.level == 0:
            return self._paint_cleaned(levels, masks[0], progress)
        both = [
            self.clustering.predict_and_paint(level, mask, alpha=self._has_gaps, progress=progress)
            for level, mask in zip(levels, masks, strict=True)
        ]
        labels, quantized = map(list, zip(*both, strict=True))
        return Painted(self, self.palette, labels, quantized)

    def _paint_cleaned(self, levels: Sequence[Any], mask: Any, progress: Progress) -> Painted:
        full, *coarse = map(_pixels, levels)
        if is_dask(full) and n_pixels(full) > MAX_CLEANED:
            raise ValueError(
                f"Specks can be removed from dask images of up to {MAX_CLEANED / 1e6:,.0f} "
                f"megapixels, got {n_pixels(full) / 1e6:,.0f}."
            )
        labels = self._cleaned_labels(levels[0], mask, progress)
        counts = np.bincount(labels.reshape(-1), minlength=len(self.clustering.label_colors))
        shapes = [level.shape[:-1] for level in coarse]
        all_labels = [labels, *(labels[level_centers(labels.shape, shape)] for shape in shapes)]
        quantized = [self.clustering.paint(each, alpha=self._has_gaps) for each in all_labels]
        return Painted(self, with_pixels(self.clustering, counts), all_labels, quantized)

    def _cleaned_labels(self, image: Any, mask: Any, progress: Progress) -> np.ndarray:
        """The labels of the full resolution in memory, without specks; of dask plane by plane."""
        from napari_colorcluster.core.pattern.specks import remove_specks

        labels = self.clustering.predict(image, mask, progress=part(progress, 0.0, 0.3))
        if not is_dask(labels):
            return remove_specks(labels, self.min_pixels, part(progress, 0.3, 0.8))
        cleaned = np.empty(labels.shape, labels.dtype)
        planes = list(np.ndindex(labels.shape[:-2]))
        for done, plane in enumerate(planes):
            progress(0.8 * done / len(planes), "Cleaning regions")
            cleaned[plane] = remove_specks(np.asarray(labels[plane]), self.min_pixels)
        return cleaned

    @property
    def _has_gaps(self) -> bool:
        """Whether there are pixels without a label."""
        return self.histogram.n_excluded > 0 or self.palette.n_pixels < self.histogram.n_pixels


def _pixels(image: Any) -> Any:
    return image.pixels if isinstance(image, Picture) else image


@dataclass(frozen=True, eq=False)
class Painted:
    """A segmentation with its pixels: what there is to show of one image.

    Attributes
    ----------
    segmentation : Segmentation
        What was painted.
    palette : Palette
        Its colors with the shares of these labels.
    labels : list of array, shape (...)
        Labels of each level of the image, full resolution first; one level unless it is a pyramid.
    quantized : list of array, shape (..., 3 or 4), uint8
        The same, painted; with alpha where pixels are left out.
    """

    segmentation: Segmentation
    palette: Palette
    labels: list[Any]
    quantized: list[Any]

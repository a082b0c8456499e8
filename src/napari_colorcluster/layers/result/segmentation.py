"""What is made of an image, as a value: its edits and its pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import EDITS
from napari_colorcluster.core.clustering.matching import (
    match_labels,
    match_names,
    moved_labels,
    same_clusters,
)
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.corrections import CORRECTIONS
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.studies.pooling import with_pixels
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.layers.result.cleaned import check_correctable, labels_without_specks
from napari_colorcluster.layers.result.segmentation_state import SegmentationState


class Segmentation(SegmentationState):
    """All that decides which label each pixel of an image has, and its color. Undo is another one.

    The fields are described at `SegmentationState`.
    """

    @property
    def n_dropped(self) -> int:
        """How many painted pixels a run could not keep: of clusters that are gone, or outside."""
        painted_in = self.painted_in
        return 0 if painted_in is None else painted_in.overlay.n_pixels - self.overlay.n_pixels

    def edited(
        self,
        name: str,
        *arguments: Any,
        shown: Painted | None = None,
        progress: Progress = silent,
    ) -> Segmentation:
        """Make an edit.

        Parameters
        ----------
        name : str
            A key of ``EDITS``, which are of the colors; of ``CORRECTIONS``, which are of the
            pixels; ``"paint"``, with an overlay; or ``"clean"``, which sets `min_pixels`.
        *arguments
            Those of the edit.
        shown : Painted, optional
            What is shown of this: the labels that a correction starts from, and the shares by
            which clusters are small; by default those of the clustering.
        progress : callable, optional
            Called with the fraction done of a correction.

        Returns
        -------
        Segmentation
            Itself where the edit changes nothing.

        Raises
        ------
        ValueError
            Where the edit cannot be made, or a correction has no labels to start from.
        """
        if name in _EDITS_OF_ALL:
            return _EDITS_OF_ALL[name](self, shown, *arguments)
        if name in CORRECTIONS:
            return self._corrected(name, shown, *arguments, progress=progress)
        return self._with(EDITS[name](self.clustering, *arguments))

    def painted_over(self, pixels: Overlay) -> Segmentation:
        """Lay painted pixels over all others, the earlier painted ones included.

        Raises
        ------
        ValueError
            Where one has a label that no cluster has.
        """
        self._check_labels(pixels)
        overlay = pixels.over(self.overlay)
        return self if overlay == self.overlay else self._by_hand(overlay=overlay)

    def recounted(self, palette: Palette, before: np.ndarray, after: np.ndarray) -> Palette:
        """Count pixels that have got other labels.

        Parameters
        ----------
        palette : Palette
            The shares until then.
        before, after : ndarray, shape (n,), int64
            How many of these pixels each label had, and has; of 0 first.
        """
        pixels = np.zeros(len(self.clustering.label_colors), np.int64)
        pixels[palette.labels] = palette.pixels
        pixels[: len(before)] -= before
        pixels[: len(after)] += after
        return with_pixels(self.clustering, pixels)

    def _corrected(
        self, name: str, shown: Painted | None, *arguments: Any, progress: Progress
    ) -> Segmentation:
        if shown is None:
            raise ValueError("Pixels are corrected where they are shown.")
        labels = shown.labels[0]
        check_correctable(labels)
        corrected = CORRECTIONS[name](labels, *arguments, progress=progress)
        pixels = Overlay.between(labels, corrected)
        return self.painted_over(pixels)

    def _absorbed(self, shown: Painted | None, min_fraction: float) -> Segmentation:
        """Give clusters away that are small by the shares that are shown, not by the clustering's.

        Where all are smaller, the largest stays.
        """
        palette = self.palette if shown is None else shown.palette
        absorbed = self.clustering.absorb(min_fraction)
        small = palette.fractions < min_fraction
        small[np.argmax(palette.pixels)] = False
        stay = set(palette.labels[~small].tolist())
        # The two differ where the image has shares of its own, or pixels were corrected.
        if stay != set(absorbed.row_labels.tolist()):
            absorbed = self.clustering.give_away(palette.labels[small].tolist())
        return self._with(absorbed)

    def _cleaned(self, shown: Painted | None, min_pixels: int) -> Segmentation:
        """Remove specks of fewer pixels than this; 1 for none."""
        return self if min_pixels == self.min_pixels else self._by_hand(min_pixels=min_pixels)

    def _renumbered(self, shown: Painted | None) -> Segmentation:
        """Label the clusters 1, 2, ... by the shares that are shown, the largest first."""
        palette = self.palette if shown is None else shown.palette
        renumbered = self.clustering.renumber()
        order = np.lexsort([palette.labels, -palette.pixels])
        by_share = {label: at for at, label in enumerate(palette.labels[order].tolist(), 1)}
        # The two differ where the image has shares of its own, or pixels were corrected.
        relabeled = self.clustering.relabel(by_share)
        same = np.array_equal(relabeled.label_of, renumbered.label_of)
        return self._with(renumbered if same else relabeled)

    def continuing(
        self,
        before: Segmentation | None,
        min_pixels: int | None = None,
        *,
        keeps_labels: bool = False,
    ) -> Segmentation:
        """Take given names and painted pixels over from what is shown.

        Parameters
        ----------
        before : Segmentation or None
            What is shown; None for nothing.
        min_pixels : int, optional
            The size of specks; by default as before.
        keeps_labels : bool, default False
            Whether labels are taken over as well; otherwise they stay.

        Returns
        -------
        Segmentation
            With the painted pixels that `keeping_painted` keeps.
        """
        if before is None:
            return self
        match = match_labels if keeps_labels else match_names
        made = replace(
            self,
            clustering=match(self.clustering, before.clustering),
            min_pixels=before.min_pixels if min_pixels is None else min_pixels,
        )
        return made.keeping_painted(before)

    def keeping_painted(self, before: Segmentation) -> Segmentation:
        """Take painted pixels over, where they are of clusters that have similar colors here.

        Those that were in the region and are outside now are left behind; what was painted
        outside is kept.
        """
        painted_in = before.painted_in or before
        if painted_in.overlay is None:
            return self
        new = same_clusters(painted_in.clustering, self.clustering)
        overlay = painted_in.overlay.keeping(new).relabeled(new)
        if self.masks is not None:
            outside = np.False_ if painted_in.masks is None else ~painted_in.masks[0]
            overlay = overlay.inside(self.masks[0] | outside)
        return replace(self, overlay=overlay, painted_in=painted_in)

    def _with(self, clustering: ColorClustering) -> Segmentation:
        """The same with an edited clustering; itself where the edit has changed nothing."""
        before, edited = self.clustering, replace(self, clustering=clustering)
        same = (
            clustering.given_colors == before.given_colors
            and clustering.representative == before.representative
            and clustering.given_names == before.given_names
            and clustering.order == before.order
            and (
                np.array_equal(clustering.label_of, before.label_of)
                if clustering.partition is before.partition
                else np.array_equal(edited.labels, self.labels)
            )
        )
        if same:
            return self
        overlay = self.overlay and self.overlay.relabeled(moved_labels(before, clustering))
        return self._by_hand(clustering=clustering, overlay=overlay)

    def _by_hand(self, **changes: Any) -> Segmentation:
        """What a person has made of it, from which later runs go on."""
        return replace(self, **changes, painted_in=None)

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
            Where specks are to be removed from a dask image of more than `MAX_CLEANED` pixels, or
            what was painted is of an image of another shape.

        Notes
        -----
        Specks are removed in the full resolution, and not before it is what was counted; coarser
        levels show the same labels.
        """
        masks = self.masks or (None,) * len(levels)
        if self.min_pixels > 1 and self.level == 0:
            labels = labels_without_specks(
                self.clustering, levels, masks[0], self.min_pixels, progress
            )
            counts = np.bincount(labels[0].reshape(-1), minlength=len(self.clustering.label_colors))
            palette = with_pixels(self.clustering, counts)
        elif self.overlay is None:
            both = [
                self.clustering.predict_and_paint(
                    level, mask, alpha=self.has_gaps, progress=progress
                )
                for level, mask in zip(levels, masks, strict=True)
            ]
            labels, quantized = map(list, zip(*both, strict=True))
            return Painted(self, self.palette, labels, quantized)
        else:
            labels = [
                self.clustering.predict(level, mask, progress=progress)
                for level, mask in zip(levels, masks, strict=True)
            ]
            palette = self.palette
        if self.overlay is not None:
            self._check_overlay(labels[0])
            palette = self._with_overlay(palette, labels[self.level])
            labels = [self.overlay.apply(each, _writable(each)) for each in labels]
        quantized = [self.clustering.paint(each, alpha=self.has_gaps) for each in labels]
        return Painted(self, palette, labels, quantized)

    def _check_overlay(self, labels: Any) -> None:
        self.overlay.check_fits(labels)
        self._check_labels(self.overlay)

    def _check_labels(self, pixels: Overlay) -> None:
        clusters = self.clustering.row_labels
        unknown = np.setdiff1d(pixels.labels, [0, *clusters])
        if unknown.size:
            raise ValueError(
                f"Pixels cannot be painted with label {unknown[0]}: the clusters have the labels "
                f"{', '.join(map(str, sorted(clusters.tolist())))}."
            )

    def _with_overlay(self, palette: Palette, below: Any) -> Palette:
        """The shares with what lies over labels counted in place of what lies below."""
        overlay = self.overlay.at_level(tuple(map(int, below.shape)))
        return self.recounted(palette, overlay.counts_below(below), overlay.counts())

    @property
    def has_gaps(self) -> bool:
        """Whether there are pixels without a label, before any are painted on."""
        is_erased = self.overlay is not None and not self.overlay.labels.all()
        left_out = self.histogram.n_excluded > 0 or self.palette.n_pixels < self.histogram.n_pixels
        return left_out or is_erased


_EDITS_OF_ALL: Mapping[str, Callable[..., Segmentation]] = {
    "absorb": Segmentation._absorbed,
    "clean": Segmentation._cleaned,
    "renumber": Segmentation._renumbered,
    "paint": lambda made, shown, pixels: made.painted_over(pixels),
}
"""The edits that need more than the clustering or the labels, by name."""


def _writable(labels: Any) -> np.ndarray | None:
    """Labels that have just been made, to be written over; dask arrays are not written to."""
    return None if is_dask(labels) else labels


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

    def kept_labels(self) -> Any:
        """The labels at full resolution, apart from those that are shown and may be painted on."""
        labels = self.labels[0]
        return labels if is_dask(labels) else np.array(labels)

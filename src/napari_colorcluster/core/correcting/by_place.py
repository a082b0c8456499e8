"""Corrections by place: the patch at a pixel, and others like it, go to another cluster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.correcting.checks import check_clusters, check_label, check_pixel
from napari_colorcluster.core.pattern.connected.absorbing import PlanePatches
from napari_colorcluster.core.pattern.label_image import LabelImage, as_labels
from napari_colorcluster.core.pattern.planes import as_narrow
from napari_colorcluster.core.pixels.lookup import label_dtype
from napari_colorcluster.core.support.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class PatchAt:
    """The patch at a pixel, and which others of its plane are like it.

    Attributes
    ----------
    patches : PlanePatches
        All patches of the plane.
    number : int
        That of the pixel.
    """

    patches: PlanePatches
    number: int

    @classmethod
    def of(cls, labels: Any, pixel: Iterable[int]) -> Self:
        """Find the patch at a pixel.

        Parameters
        ----------
        labels : array, shape (..., height, width), integer
            0..65535, numpy or dask; of a stack, only the pixel's plane is read.
        pixel : sequence of int
            Its index.

        Raises
        ------
        ValueError
            Where there is no such pixel, or its label is 0.
        """
        labels = as_labels(labels)
        *place, row, column = check_pixel(pixel, labels.shape)
        plane, _ = LabelImage(labels[tuple(place)]).plane(0)
        patches = PlanePatches.of(as_narrow(plane))
        number = int(patches.numbers[row, column])
        if number < 0:
            raise ValueError(f"The pixel {tuple(pixel)} is in no cluster: its label is 0.")
        return cls(patches, number)

    @property
    def label(self) -> int:
        """The label of the patch."""
        return int(self.patches.label_of[self.number])

    @property
    def n_pixels(self) -> int:
        """How many pixels it has."""
        return int(self.patches.sizes[self.number])

    @property
    def has_neighbors(self) -> bool:
        """Whether it borders on another patch, by an edge."""
        numbers = self.patches.numbers
        for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
            between = (one != other) & (np.minimum(one, other) >= 0)
            if (between & ((one == self.number) | (other == self.number))).any():
                return True
        return False

    def alike(self, clusters: Iterable[int]) -> np.ndarray:
        """Which patches are of these clusters and not larger, shape (n_patches,), or are it."""
        alike = self._not_larger & np.isin(self.patches.label_of, list(clusters))
        alike[self.number] = True
        return alike

    @cached_property
    def _not_larger(self) -> np.ndarray:
        return self.patches.sizes <= self.n_pixels


def give_patch(
    labels: Any,
    pixel: Iterable[int],
    label: int,
    like: Iterable[int] = (),
    progress: Progress = silent,
) -> Any:
    """Give the patch at a pixel, or all that are like it, to another cluster.

    A patch is a connected region of one label; it is connected by edges, not by corners.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask.
    pixel : sequence of int
        The index of a pixel of the patch.
    label : int
        What the patch becomes; 0 for background.
    like : iterable of int, default none
        Labels of clusters: their patches in the same plane become `label` as well where they have
        no more pixels than that at the pixel.
    progress : callable, optional
        Told when the patches are found.

    Returns
    -------
    array, shape (..., height, width), integer
        A new array, of the type of `labels` where that can hold `label`; lazy where `labels` is a
        dask array.

    Raises
    ------
    ValueError
        Where there is no such pixel, its label is 0, or `label` or `like` are no labels.
    """
    label = check_label(label)
    found, chosen = _chosen(labels, pixel, like, progress)
    plane = found.patches.labels
    changed = plane.astype(np.promote_types(plane.dtype, label_dtype(label)))
    # In the last place: what has no patch.
    changed[np.append(chosen, False)[found.patches.numbers]] = label
    return _with_plane(labels, pixel, changed)


def merge_patch(
    labels: Any, pixel: Iterable[int], like: Iterable[int] = (), progress: Progress = silent
) -> Any:
    """Let the patch at a pixel, or all that are like it, join the cluster around it.

    As `remove_specks` does: a patch takes the label with which it has the longest border, and one
    that has no neighbor but label 0 and the edge of the image stays.

    Parameters
    ----------
    labels, pixel, like, progress
        As `give_patch` takes them.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array.

    Raises
    ------
    ValueError
        Where there is no such pixel, its label is 0, or `like` are no labels.
    """
    found, chosen = _chosen(labels, pixel, like, progress)
    return _with_plane(labels, pixel, found.patches.absorbed(found.n_pixels + 1, chosen))


def _chosen(
    labels: Any, pixel: Iterable[int], like: Iterable[int], progress: Progress
) -> tuple[PatchAt, np.ndarray]:
    clusters = list(like)
    clusters = check_clusters(clusters) if clusters else []
    found = PatchAt.of(labels, pixel)
    progress(0.5, "Finding patches")
    return found, found.alike(clusters)


def _with_plane(labels: Any, pixel: Iterable[int], plane: np.ndarray) -> Any:
    """A copy of labels with another plane where the pixel is."""
    labels = as_labels(labels)
    *place, _, _ = pixel
    dtype = np.promote_types(labels.dtype, plane.dtype)
    changed = labels.astype(dtype, copy=False).copy()
    changed[(*place, slice(None), slice(None))] = plane
    return changed

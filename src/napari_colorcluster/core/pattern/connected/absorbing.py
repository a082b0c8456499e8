"""Patches of a plane that go to the cluster around them; which ones, others decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from napari_colorcluster.core.pattern.connected.regions import find_regions
from napari_colorcluster.core.pattern.connected.speck_loops import (
    absorb_specks,
    list_pixels,
    measure_patches,
    write_labels,
)
from napari_colorcluster.core.pixels.lookup import MAX_LABELS


@dataclass(frozen=True, eq=False)
class PlanePatches:
    """The patches of a plane of labels, connected by edges, in the order of their first pixels.

    Attributes
    ----------
    labels : ndarray, shape (height, width), uint8 or uint16
        The plane; 0 is left out.
    numbers : ndarray, shape (height, width), int32 or int64
        The patch of each pixel, from 0 on; -1 where there is none.
    sizes : ndarray, shape (n_patches,), int32 or int64
        The pixels of each.
    label_of : ndarray, shape (n_patches,), uint16
        The label of each.
    """

    labels: np.ndarray
    numbers: np.ndarray
    sizes: np.ndarray
    label_of: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray) -> Self:
        """Find the patches of a plane of labels, C-contiguous."""
        numbers, n_patches = find_regions(labels, n_threads=1)
        sizes = np.zeros(n_patches, numbers.dtype)
        label_of = np.zeros(n_patches, np.uint16)
        measure_patches(labels.ravel(), numbers.ravel(), sizes, label_of)
        return cls(labels, numbers, sizes, label_of)

    def absorbed(self, min_pixels: int, chosen: np.ndarray | None = None) -> np.ndarray:
        """Let patches that are too small join their neighbors.

        Parameters
        ----------
        min_pixels : int
            The smallest size of a patch that stays; see `remove_specks` for who joins whom.
        chosen : ndarray, shape (n_patches,), bool, optional
            Which patches may have to go; all others stay, whatever their size.

        Returns
        -------
        ndarray, shape (height, width), of the type of `labels`
            Labels; `labels` itself where nothing is too small.
        """
        patches, index = self.numbers, self.numbers.dtype
        min_pixels = min(min_pixels, patches.size + 1)
        sizes = self.sizes.copy()
        stays = np.zeros(len(sizes), np.bool_) if chosen is None else ~chosen
        if not ((sizes < min_pixels) & ~stays).any():
            return self.labels
        parents = np.arange(len(sizes), dtype=index)
        label_of = self.label_of.copy()
        following = np.empty(patches.size, index)
        ends = np.full((2, len(sizes)), -1, index)
        list_pixels(patches.ravel(), sizes, min_pixels, following, ends)
        lines = np.full((2, min_pixels), -1, index)
        behind = np.full(len(sizes), -1, index)
        # A border as long as the plane's own is counted without overflow: twice its pixels.
        borders, largest, touched = np.zeros((3, MAX_LABELS + 1), np.int64)
        absorb_specks(
            patches, parents, sizes, label_of, stays, min_pixels, following, ends, lines, behind,
            borders, largest, touched,
        )  # fmt: skip
        cleaned = np.empty_like(self.labels)
        write_labels(patches.ravel(), parents, label_of, cleaned.ravel())
        return cleaned

"""An image's colors as points in the working space: where, how large and of which color."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from napari_colorcluster.core.color.spaces import LUMA
from napari_colorcluster.core.color.working_space import WorkingSpace

MAX_CELLS = 20_000
"""How many cells of colors are shown: more cost frames and show no more."""

MAX_SIZE, MIN_SIZE = 0.07, 0.008
"""Diameters of the most frequent color and of rare ones, as shares of the points' extent."""

_CUBE = np.array(np.meshgrid(*[(0, 255)] * 3)).reshape(3, -1).T.astype(np.uint8)


@dataclass(frozen=True, eq=False)
class ColorPoints:
    """Colors as points, in the order of napari's axes: into depth, up, to the right.

    Attributes
    ----------
    positions : ndarray, shape (n_points, 3), float64
        In the working space, its axes in the order of `axes`.
    axes : tuple of str
        The axes' names; the second is the one that follows lightness best.
    counts : ndarray, shape (n_points,), int64
        Number of pixels of each point.
    labels : ndarray, shape (n_points,), int64
        The cluster of each point.
    colors : ndarray, shape (n_points, 3), uint8
        The mean sRGB color of each point.
    extent : float
        Longest side of the box around all positions; 1 where they are all one.
    """

    positions: np.ndarray
    axes: tuple[str, str, str]
    counts: np.ndarray
    labels: np.ndarray
    colors: np.ndarray
    extent: float

    @property
    def sizes(self) -> np.ndarray:
        """Diameters, shape (n_points,): the volume is as the count, within bounds."""
        return self.extent * np.clip(
            MAX_SIZE * np.cbrt(self.counts / self.counts.max()), MIN_SIZE, MAX_SIZE
        )

    def centers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The clusters as points.

        Returns
        -------
        labels : ndarray, shape (n_clusters,), int64
            In ascending order.
        positions : ndarray, shape (n_clusters, 3), float64
            Their means.
        counts : ndarray, shape (n_clusters,), int64
        """
        labels, owner = np.unique(self.labels, return_inverse=True)
        return labels, *_means(owner, self.counts, self.positions)


@dataclass(frozen=True, eq=False)
class ColorCells:
    """An image's colors in a working space, close ones in one cell: what no clusters change.

    Parameters
    ----------
    colors, counts : ndarray, shapes (n_colors, 3) and (n_colors,)
        Distinct sRGB colors, uint8, at least one; the pixels of each.
    space : WorkingSpace
        Where they were clustered.
    max_cells : int, default 20000
        How many cells may be used, at least 1.
    """

    colors: np.ndarray
    counts: np.ndarray
    space: WorkingSpace
    max_cells: int = MAX_CELLS

    def is_of(self, colors: np.ndarray, space: WorkingSpace) -> bool:
        """Whether they are of these very colors in an equal space."""
        return (
            colors is self.colors
            and space.color_space is self.space.color_space
            and space.calibration == self.space.calibration
            and np.array_equal(space.scale, self.space.scale)
        )

    def points(self, labels: np.ndarray) -> ColorPoints:
        """Turn the colors into points, given the cluster of each, shape (n_colors,).

        Clusters never share a point: a cell on a border between clusters has one for each.
        """
        n_labels = int(labels.max()) + 1
        found, owner = np.unique(self._cells * n_labels + labels, return_inverse=True)
        positions, merged = _means(owner, self.counts, self._positions)
        mean_colors, _ = _means(owner, self.counts, self.colors)
        return ColorPoints(
            positions=positions,
            axes=tuple(self.space.color_space.axes[axis] for axis in self._order),
            counts=merged,
            labels=found % n_labels,
            colors=np.rint(mean_colors).astype(np.uint8),
            extent=float(np.ptp(positions, axis=0).max()) or 1.0,
        )

    def unplaced(self, positions: np.ndarray) -> np.ndarray:
        """Bring positions (n, 3) of points back into the color space itself, without its scale."""
        points = np.empty_like(positions)
        points[:, self._order] = positions
        return points / self.space.scale

    def unplaced_axes(self, axes: np.ndarray) -> np.ndarray:
        """Turn axes (n, 3) to project positions on into those that do so with `unplaced` ones."""
        found = np.empty_like(axes)
        found[:, self._order] = axes
        return found * self.space.scale

    @cached_property
    def _order(self) -> list[int]:
        return _axis_order(self.space)

    @cached_property
    def _positions(self) -> np.ndarray:
        return self.space.points(self.colors)[:, self._order]

    @cached_property
    def _cells(self) -> np.ndarray:
        return _cells(self.colors, self.max_cells)


def _means(
    owner: np.ndarray, counts: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means of the values of each owner, and the sums of their weights."""
    weights = np.bincount(owner, counts)
    sums = np.stack([np.bincount(owner, counts * axis) for axis in values.T], axis=1)
    return sums / weights[:, np.newaxis], np.rint(weights).astype(np.int64)


def _cells(colors: np.ndarray, max_cells: int) -> np.ndarray:
    """Number the cells of the finest grid tried that has at most `max_cells` with a color."""
    levels = 256
    while True:
        steps = (colors.astype(np.int64) * levels) >> 8
        cells = (steps[:, 0] * levels + steps[:, 1]) * levels + steps[:, 2]
        if len(colors) <= max_cells or levels == 1:
            return cells
        # The first grid has a cell for each color and needs no count; 2 ** 21 are quickly counted.
        if levels <= 128 and np.count_nonzero(np.bincount(cells)) <= max_cells:
            return cells
        levels = max(1, min(128, int(levels * 0.9)))


def _axis_order(space: WorkingSpace) -> list[int]:
    """Which axis goes into depth, up and to the right."""
    # Over the corners of the RGB cube, so that the order is the space's and not the image's:
    # L* in CIELAB, value in HSV, green in RGB.
    corners = space.points(_CUBE)
    follows = [abs(np.corrcoef(axis, _CUBE @ LUMA)[0, 1]) for axis in corners.T]
    up = int(np.argmax(follows))
    right, depth = (axis for axis in range(3) if axis != up)
    return [depth, up, right]

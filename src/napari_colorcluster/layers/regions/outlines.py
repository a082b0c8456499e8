"""Outlines on a grid of pixels: the pixels in a polygon and the pixels along a path."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from skimage.draw import line

_DIGITS = 6
"""Decimals to which coordinates are rounded, which removes the rounding errors of transforms."""


def fill_polygon(mask: np.ndarray, vertices: np.ndarray) -> None:
    """Set the pixels whose centers lie in a polygon or on its edge.

    Parameters
    ----------
    mask : ndarray, shape (height, width), bool
        Changed in place.
    vertices : ndarray, shape (n, 2), float
        Row and column of each vertex, with the centers of pixels at integers. They may lie outside
        of the mask.

    Notes
    -----
    A scanline algorithm with the even-odd rule: the edges are intersected with each row, and the
    pixels between pairs of intersections are inside.
    """
    vertices = np.round(np.asarray(vertices, np.float64), _DIGITS)
    height, width = mask.shape
    bounds = np.array([vertices.min(axis=0), vertices.max(axis=0)])
    top, left = np.maximum(np.ceil(bounds[0]), 0)
    bottom, right = np.minimum(np.floor(bounds[1]), (height - 1, width - 1))
    if top > bottom or left > right:
        return
    top, left, bottom, right = (int(bound) for bound in (top, left, bottom, right))
    inside = np.zeros((bottom - top + 1, right - left + 2), np.int8)
    # On a row through a vertex, one pass intersects the edges that end there from above, the other
    # those from below: together they include all vertices.
    for rows, crossings in (
        _crossings(vertices, top, bottom, above=False),
        _crossings(vertices, top, bottom, above=True),
        _horizontals(vertices, top, bottom),
    ):
        first = np.clip(np.ceil(crossings[::2]), left, right + 1).astype(np.intp) - left
        last = np.clip(np.floor(crossings[1::2]) + 1, left, right + 1).astype(np.intp) - left
        np.add.at(inside, (rows[::2] - top, first), 1)
        np.subtract.at(inside, (rows[::2] - top, last), 1)
    np.cumsum(inside, axis=1, dtype=np.int8, out=inside)
    mask[top : bottom + 1, left : right + 1] |= inside[:, :-1].astype(bool)


def _crossings(
    vertices: np.ndarray, top: int, bottom: int, above: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Intersect edges with rows: the rows and columns of the crossings, sorted by row, column."""
    ends = np.stack([vertices, np.roll(vertices, -1, axis=0)])
    order = np.argsort(ends[..., 0], axis=0, kind="stable")
    upper, lower = np.take_along_axis(ends, order[..., np.newaxis], axis=0)
    bounds = np.stack([upper[:, 0], lower[:, 0]])
    begin, end = np.floor(bounds) + 1 if above else np.ceil(bounds)
    begin, end = np.clip([begin, end], top, bottom + 1).astype(np.intp)
    counts = end - begin
    edges = np.repeat(np.arange(len(counts)), counts)
    rows = begin[edges] + np.arange(len(edges)) - np.repeat(np.cumsum(counts) - counts, counts)
    steps = lower[edges] - upper[edges]
    # Multiply before dividing: the product is exact if the vertices are at integers.
    columns = upper[edges, 1] + (rows - upper[edges, 0]) * steps[:, 1] / steps[:, 0]
    columns = np.round(columns, _DIGITS)
    order = np.lexsort((columns, rows))
    return rows[order], columns[order]


def _horizontals(vertices: np.ndarray, top: int, bottom: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the edges that lie on rows, as pairs of crossings: the two ends of each."""
    ends = np.stack([vertices, np.roll(vertices, -1, axis=0)], axis=1)
    row = ends[:, 0, 0]
    on_row = (row == ends[:, 1, 0]) & (row == np.rint(row)) & (top <= row) & (row <= bottom)
    return np.repeat(row[on_row], 2).astype(np.intp), np.sort(ends[on_row, :, 1], axis=1).ravel()


def draw_path(mask: np.ndarray, vertices: np.ndarray) -> None:
    """Set the pixels that a path crosses, one pixel wide.

    Parameters
    ----------
    mask : ndarray, shape (height, width), bool
        Changed in place.
    vertices : ndarray, shape (n, 2), float
        Row and column of each vertex. They may lie outside of the mask.
    """
    rounded = np.round(np.asarray(vertices, np.float64)).astype(int)
    for start, stop in pairwise(rounded):
        rows, columns = line(*start, *stop)
        inside = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
        mask[rows[inside], columns[inside]] = True

"""The pixels in the convex hull of each patch, counted in integers.

As in scikit-image, a pixel reaches half a pixel up, down, left and right of its center, and is in
the hull where its center is, or on the edge of it.
"""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_N_PARTS = 64
"""Parts that threads share."""


def convex_areas(patches: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Count the pixels in the convex hull of each patch.

    Parameters
    ----------
    patches : ndarray, shape (height, width), integer
        The patch of each pixel, 0..n - 1, or -1 for none.
    boxes : ndarray, shape (n, 4), int32
        First row and column of each, and those after the last.

    Returns
    -------
    ndarray, shape (n,), int64
    """
    heights = boxes[:, 2] - boxes[:, 0]
    starts = np.concatenate([[0], np.cumsum(heights, dtype=np.int64)])
    lefts, rights = np.empty((2, int(starts[-1])), np.int32)
    find_extents(patches, boxes, starts, lefts, rights)
    areas = np.empty(len(boxes), np.int64)

    def count(part: tuple[int, int]) -> None:
        first, last = part
        tallest = int(heights[first:last].max(initial=0))
        chain = np.empty((2, 2 * tallest + 1), np.int64)
        count_in_hulls(starts, lefts, rights, first, last, chain, areas)

    map_in_threads(count, even_parts(starts, _N_PARTS))
    return areas


@entry
def find_extents(patches, boxes, starts, lefts, rights):
    """Find the first and the last column of each patch in each of its rows.

    Parameters
    ----------
    patches, boxes
        As `convex_areas` takes them.
    starts : ndarray, shape (n + 1,), int64
        Where the rows of each patch begin in the following.
    lefts, rights : ndarray, shape (n_rows,), int32
        Written in place.
    """
    height, width = patches.shape
    lefts[:] = width
    for row in range(height):
        column = 0
        while column < width:
            patch = patches[row, column]
            start = column
            while column < width and patches[row, column] == patch:
                column += 1
            if patch >= 0:
                place = starts[patch] + row - boxes[patch, 0]
                lefts[place] = min(lefts[place], start)
                # Rows are gone through from left to right.
                rights[place] = column - 1


@entry
def count_in_hulls(starts, lefts, rights, first, last, chain, areas):
    """Count the pixels in the hulls of some patches.

    Parameters
    ----------
    starts, lefts, rights
        As `find_extents` takes them.
    first, last : int
        Which patches.
    chain : ndarray, shape (2, 2 * largest height + 1), int64
        To work in.
    areas : ndarray, shape (n,), int64
        Written in place.
    """
    for patch in range(first, last):
        start, n_rows = starts[patch], starts[patch + 1] - starts[patch]
        # Seen in a mirror, the right side is a left one.
        areas[patch] = (
            n_rows
            - _sum_of_firsts(lefts, start, n_rows, 1, chain)
            - _sum_of_firsts(rights, start, n_rows, -1, chain)
        )


@inner
def _sum_of_firsts(extents, start, n_rows, sign, chain):
    """Add up the first column in the hull over all rows of a patch.

    In half pixels from here on, so that all corners are at integers: line 2 * row + 1 goes through
    the centers of a row, and the lines between through the tips that reach up and down.
    """
    n = 0
    for line in range(2 * n_rows + 1):
        below = sign * extents[start + min(line // 2, n_rows - 1)]
        if line % 2:
            x = 2 * below - 1
        else:
            above = sign * extents[start + max(line // 2 - 1, 0)]
            x = 2 * min(above, below)
        # Andrew's monotone chain: what does not bend outward is no corner.
        while n > 1 and (chain[1, n - 1] - chain[1, n - 2]) * (line - chain[0, n - 2]) >= (
            x - chain[1, n - 2]
        ) * (chain[0, n - 1] - chain[0, n - 2]):
            n -= 1
        chain[0, n], chain[1, n] = line, x
        n += 1
    total, corner = 0, 1
    for row in range(n_rows):
        line = 2 * row + 1
        while chain[0, corner] < line:
            corner += 1
        y, x = chain[0, corner - 1], chain[1, corner - 1]
        height, width = chain[0, corner] - y, chain[1, corner] - x
        # Rounded up to a whole pixel.
        total -= -(x * height + width * (line - y)) // (2 * height)
    return total

"""The compiled loops that measure patches: sums over their pixels, and their borders."""

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner

BORDER, KIND = 1, 1
"""Of a pixel in the borders: the bit that says whether it is on its patch's border, and how far
its kind is shifted."""

STRAIGHT, DIAGONAL, MIXED = 1, 2, 3
"""Kinds of border pixels, by how much of the perimeter they make: 1, √2, or half of both."""

_KINDS = np.zeros((5, 5), np.uint8)
"""The kind by the number of neighbors beside edges and beside corners."""
_KINDS[2:4, :3] = STRAIGHT
_KINDS[1, 1:3] = MIXED
_KINDS[[0, 1], [2, 3]] = DIAGONAL

Y, X, YY, XX, XY = 0, 1, 2, 3, 4
"""Columns of the sums of coordinates."""


@inner
def _is_other(patches, row, column, patch):
    height, width = patches.shape
    if row < 0 or column < 0 or row == height or column == width:
        return True
    return patches[row, column] != patch


@entry
def mark_borders(patches, start, stop, borders):
    """Mark the pixels that have a neighbor of another patch, or none, beside an edge.

    Parameters
    ----------
    patches : ndarray, shape (height, width), integer
        The patch of each pixel, -1 for none.
    start, stop : int
        Which rows.
    borders : ndarray, shape (height, width), uint8
        Written in those rows: `BORDER`, or 0.
    """
    width = patches.shape[1]
    for row in range(start, stop):
        for column in range(width):
            patch = patches[row, column]
            borders[row, column] = patch >= 0 and (
                _is_other(patches, row - 1, column, patch)
                or _is_other(patches, row, column - 1, patch)
                or _is_other(patches, row, column + 1, patch)
                or _is_other(patches, row + 1, column, patch)
            )


@inner
def _is_border(patches, borders, row, column, patch):
    return not _is_other(patches, row, column, patch) and borders[row, column] & BORDER


@entry
def tell_kinds(patches, start, stop, borders):
    """Tell how border pixels go on, from their neighbors on the border of the same patch.

    Parameters
    ----------
    patches, start, stop
        As for `mark_borders`.
    borders : ndarray, shape (height, width), uint8
        As it marks them, all of them; changed in those rows: the kind is added. Other threads may
        do so elsewhere, as the bit that is read stays.

    Notes
    -----
    The kinds are those of K. Benkrid and D. Crookes, "Design and FPGA implementation of a perimeter
    estimator" (2000).
    """
    width = patches.shape[1]
    for row in range(start, stop):
        for column in range(width):
            if not borders[row, column]:
                continue
            patch = patches[row, column]
            edges = corners = 0
            for step in (-1, 1):
                edges += _is_border(patches, borders, row + step, column, patch)
                edges += _is_border(patches, borders, row, column + step, patch)
                corners += _is_border(patches, borders, row + step, column - 1, patch)
                corners += _is_border(patches, borders, row + step, column + 1, patch)
            borders[row, column] |= _KINDS[edges, corners] << KIND


@entry
def sum_up(patches, borders, firsts, areas, sums, boxes, kinds):
    """Add each pixel to its patch, run by run.

    Parameters
    ----------
    patches : ndarray, shape (height, width), integer
        The patch of each pixel, numbered in the order of their first pixels; -1 for none.
    borders : ndarray, shape (height, width), uint8
        As `tell_kinds` leaves them.
    firsts : ndarray, shape (n, 2), int32
        Written in place: row and column of each patch's first pixel.
    areas : ndarray, shape (n,), int64
        All 0, as the following; changed in place: the number of pixels.
    sums : ndarray, shape (n, 5), int64
        The sums of the coordinates and of their products, counted from the first pixel.
    boxes : ndarray, shape (n, 4), int32
        First row and column, and those after the last.
    kinds : ndarray, shape (n, 4), int32
        Border pixels of each kind.
    """
    height, width = patches.shape
    for row in range(height):
        column = 0
        while column < width:
            patch = patches[row, column]
            if patch < 0:
                column += 1
                continue
            if areas[patch] == 0:
                firsts[patch, 0], firsts[patch, 1] = row, column
                boxes[patch, 0], boxes[patch, 1] = row, column
            y, x = row - firsts[patch, 0], column - firsts[patch, 1]
            start = column
            along = squares = 0
            while column < width and patches[row, column] == patch:
                along += x
                squares += x * x
                if borders[row, column] > BORDER:
                    kinds[patch, borders[row, column] >> KIND] += 1
                x += 1
                column += 1
            n = column - start
            areas[patch] += n
            sums[patch, Y] += y * n
            sums[patch, X] += along
            sums[patch, YY] += y * y * n
            sums[patch, XX] += squares
            sums[patch, XY] += y * along
            boxes[patch, 1] = min(boxes[patch, 1], start)
            boxes[patch, 2] = row + 1
            boxes[patch, 3] = max(boxes[patch, 3], column)

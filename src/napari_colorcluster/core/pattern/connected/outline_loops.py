"""The compiled loops that follow the outlines of clusters along the edges of their pixels."""

from napari_colorcluster.core.support.compiled import ZERO, entry, inner

RIGHT, DOWN, LEFT, UP = 0, 1, 2, 3
"""Directions of a step along the edge of a pixel, each a turn to the right from the one before."""


@inner
def _is_of(labels, row, column, label):
    height, width = labels.shape
    if row < 0 or column < 0 or row == height or column == width:
        return False
    return labels[row, column] == label


@inner
def _is_corner(labels, row, column, down, right, label):
    """Whether the outline turns where a pixel meets its neighbors in these directions."""
    beside = _is_of(labels, row, column + right, label)
    below = _is_of(labels, row + down, column, label)
    if beside != below:
        return False
    return not beside or not _is_of(labels, row + down, column + right, label)


@entry
def count_corners(labels):
    """Count the corners of all outlines.

    Parameters
    ----------
    labels : ndarray, shape (height, width), unsigned integer
        The label of each pixel; 0 has no outline.

    Returns
    -------
    int
    """
    n_corners = ZERO
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            label = labels[row, column]
            if label == 0:
                continue
            for down in (-1, 1):
                for right in (-1, 1):
                    if _is_corner(labels, row, column, down, right, label):
                        n_corners += 1
    return n_corners


@inner
def _turned(labels, row, column, direction, label):
    """The direction in which an outline goes on from a corner of pixels, the inside to its right.

    Where two pixels of a cluster touch at the corner alone, it stays at the pixel that it is at.
    """
    below, beside = row, column
    if direction in (DOWN, LEFT):
        beside -= 1
    if direction in (LEFT, UP):
        below -= 1
    if not _is_of(labels, below, beside, label):
        return (direction + 1) % 4
    # The pixel ahead on the left.
    if direction == RIGHT:
        below -= 1
    elif direction == DOWN:
        beside += 1
    elif direction == LEFT:
        below += 1
    else:
        beside -= 1
    return (direction + 3) % 4 if _is_of(labels, below, beside, label) else direction


@entry
def trace_outlines(labels, seen, corners, starts, label_of):
    """Follow all outlines; each begins to the right, at its first pixel in the order of rows.

    Parameters
    ----------
    labels : ndarray, shape (height, width), unsigned integer
        As for `count_corners`.
    seen : ndarray, shape (height, width), uint8
        All 0. Written: whether the upper edge of a pixel is on an outline.
    corners : ndarray, shape (n_corners, 2), int32
        Written: row and column of each corner, in the order of the outlines.
    starts : ndarray, shape (n_corners // 4 + 1,), int64
        Written: where the corners of each outline begin, and where the last one ends.
    label_of : ndarray, shape (n_corners // 4,), of the labels' type
        Written: the label of each outline.

    Returns
    -------
    int
        The number of outlines.
    """
    n_outlines, n_corners = ZERO, ZERO
    for first_row in range(labels.shape[0]):
        for first_column in range(labels.shape[1]):
            label = labels[first_row, first_column]
            if label == 0 or seen[first_row, first_column]:
                continue
            if _is_of(labels, first_row - 1, first_column, label):
                continue
            starts[n_outlines], label_of[n_outlines] = n_corners, label
            n_outlines += 1
            row, column, direction = first_row + ZERO, first_column + ZERO, RIGHT + ZERO
            corners[n_corners, 0], corners[n_corners, 1] = row, column
            n_corners += 1
            while True:
                if direction == RIGHT:
                    seen[row, column] = 1
                    column += 1
                elif direction == DOWN:
                    row += 1
                elif direction == LEFT:
                    column -= 1
                else:
                    row -= 1
                turned = _turned(labels, row, column, direction, label)
                if turned == RIGHT and row == first_row and column == first_column:
                    break
                if turned != direction:
                    corners[n_corners, 0], corners[n_corners, 1] = row, column
                    n_corners += 1
                direction = turned
    starts[n_outlines] = n_corners
    return n_outlines

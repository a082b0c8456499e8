"""The compiled loops that count pairs of neighboring pixels."""

import numpy as np

from napari_colorcluster.core.support.compiled import entry


@entry
def mark(values, present):
    """Set the entry of each value that occurs.

    Parameters
    ----------
    values : ndarray, shape (height, width), integer
        At least 0.
    present : ndarray, shape (largest value + 1,), bool
        Changed in place.
    """
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            present[values[row, column]] = True


@entry
def count_corners(labels, n_rows, corners):
    """Count the pixels of some rows by their own label, and those on the right and below.

    Of few labels, this counts all pairs with one access a pixel.

    Parameters
    ----------
    labels : ndarray, shape (n_rows or n_rows + 1, width), uint8 or uint16
        0..k.
    n_rows : int
        How many rows are counted.
    corners : ndarray, shape (2, k + 1, k + 1, k + 1), int32
        Changed in place: of even and of odd columns, so that no count waits for the one before.
        Where there is no pixel on the right or below, it counts as 0.
    """
    height, width = labels.shape
    none = np.uint8(0)
    for row in range(n_rows):
        last = row + 1 == height
        for column in range(width - 1):
            below = none if last else labels[row + 1, column]
            corners[column & 1, labels[row, column], labels[row, column + 1], below] += 1
        below = none if last else labels[row + 1, width - 1]
        corners[0, labels[row, width - 1], none, below] += 1


@entry
def count_pairs(labels, n_rows, horizontal, vertical, pixels):
    """Count the pixels of some rows, the pairs in them, and those with the row below each.

    Parameters
    ----------
    labels : ndarray, shape (n_rows or n_rows + 1, width), integer
        0..k.
    n_rows : int
        How many rows are counted; of one more, the pairs with the row above it alone.
    horizontal, vertical : ndarray, shape (k + 1, k + 1), int64
        Changed in place: pairs by the label on the left and on the right, above and below.
    pixels : ndarray, shape (k + 1,), int64
        Changed in place.
    """
    height, width = labels.shape
    for row in range(n_rows):
        for column in range(width - 1):
            horizontal[labels[row, column], labels[row, column + 1]] += 1
        for column in range(width):
            pixels[labels[row, column]] += 1
        if row + 1 < height:
            for column in range(width):
                vertical[labels[row, column], labels[row + 1, column]] += 1


@entry
def count_pairs_within(labels, objects, n_rows, horizontal, vertical, pixels):
    """Like `count_pairs`, for each object by itself.

    Parameters
    ----------
    labels, n_rows
        As for `count_pairs`.
    objects : ndarray, of the shape of `labels`, int32
        0..m; two pixels are a pair where both are of one object.
    horizontal, vertical : ndarray, shape (m + 1, k + 1, k + 1), int64
        Changed in place.
    pixels : ndarray, shape (m + 1, k + 1), int64
        Changed in place.
    """
    height, width = labels.shape
    for row in range(n_rows):
        for column in range(width):
            label, here = labels[row, column], objects[row, column]
            pixels[here, label] += 1
            if column + 1 < width and objects[row, column + 1] == here:
                horizontal[here, label, labels[row, column + 1]] += 1
            if row + 1 < height and objects[row + 1, column] == here:
                vertical[here, label, labels[row + 1, column]] += 1

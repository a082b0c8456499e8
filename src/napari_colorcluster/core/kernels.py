"""The loops over pixels, compiled: few, serial and free of the interpreter, to be run on blocks."""

import numpy as np
from numba import njit

PAGE = 1 << 12
"""Entries of a table that are cleared, marked and read off together."""


@njit(nogil=True, cache=True)
def count_colors(values, keep, table, touched):
    """Add each pixel that takes part to its color's entry of `table`.

    Parameters
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous
        The pixels.
    keep : ndarray, shape (n_pixels,), bool
        Which take part; empty where all do.
    table : ndarray, shape (2**24,), uint32 or int64
        Changed in place.
    touched : ndarray, shape (2**24 / PAGE,), bool
        Which pages of the table hold a count; changed in place.
    """
    masked = keep.size > 0
    for i in range(values.shape[0]):
        if masked and not keep[i]:
            continue
        code = np.int64(values[i, 0]) << 16 | np.int64(values[i, 1]) << 8 | np.int64(values[i, 2])
        table[code] += 1
        touched[code // PAGE] = True


@njit(nogil=True, cache=True)
def collect_colors(tables, touched, codes, counts):
    """Add up tables of counts, and list the colors that are in one.

    Parameters
    ----------
    tables : ndarray, shape (n_tables, 2**24), uint32 or int64
        The counts.
    touched : ndarray, shape (2**24 / PAGE,), bool
        The pages that may hold one.
    codes, counts : ndarray, shape (at least the number of colors,), int32 and int64
        Written in place, in ascending order of the codes.

    Returns
    -------
    int
        The number of colors.
    """
    found = 0
    for page in range(touched.size):
        if not touched[page]:
            continue
        for code in range(page * PAGE, (page + 1) * PAGE):
            total = np.int64(0)
            for table in range(tables.shape[0]):
                total += tables[table, code]
            if total > 0:
                codes[found] = code
                counts[found] = total
                found += 1
    return found


@njit(nogil=True, cache=True)
def look_up_labels(values, keep, table, labels):
    """Give each pixel the label of its color; 0 where it takes no part or its color has none yet.

    Parameters
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous
        The pixels.
    keep : ndarray, shape (n_pixels,), bool
        Which take part; empty where all do.
    table : ndarray, shape (2**24,), uint8 or uint16
        The label of each color.
    labels : ndarray, shape (n_pixels,), of the table's type
        Written in place.

    Returns
    -------
    int
        How many pixels take part and have no label yet.
    """
    masked = keep.size > 0
    missing = 0
    for i in range(values.shape[0]):
        if masked and not keep[i]:
            labels[i] = 0
            continue
        code = np.int64(values[i, 0]) << 16 | np.int64(values[i, 1]) << 8 | np.int64(values[i, 2])
        label = table[code]
        labels[i] = label
        missing += label == 0
    return missing


@njit(nogil=True, cache=True)
def paint_labels(labels, colors, painted):
    """Paint each pixel with the color of its label.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    colors : ndarray, shape (n_labels, 3 or 4), uint8
        The color of each label.
    painted : ndarray, shape (n_pixels, 3 or 4), uint8
        Written in place.
    """
    for i in range(labels.shape[0]):
        for channel in range(colors.shape[1]):
            painted[i, channel] = colors[labels[i], channel]

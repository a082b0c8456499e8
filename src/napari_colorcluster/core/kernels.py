"""The loops over pixels and over colors, compiled: few, serial and free of the interpreter."""

import numpy as np

from napari_colorcluster.core.compiled import entry

FULL = 255
"""What an entry of a table of counts holds at most, before it is carried."""


@entry
def count_colors(values, keep, table, carried):
    """Add each pixel that takes part to its color's entry of `table`.

    Parameters
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous
        The pixels.
    keep : ndarray, shape (n_pixels,), bool
        Which take part; empty where all do.
    table : ndarray, shape (2**24,), uint8
        The counts, changed in place. A byte each: four times as many stay in the cache.
    carried : ndarray, shape (n_pixels,), int32
        Written in place: the color of each entry that was `FULL` and began again at 1.

    Returns
    -------
    int
        How many were carried.
    """
    masked = keep.size > 0
    n_carried = 0
    for i in range(values.shape[0]):
        if masked and not keep[i]:
            continue
        code = np.int64(values[i, 0]) << 16 | np.int64(values[i, 1]) << 8 | np.int64(values[i, 2])
        count = table[code]
        if count == FULL:
            carried[n_carried] = code
            n_carried += 1
            count = 0
        table[code] = count + 1
    return n_carried


@entry
def collect_colors(present, tables, start, colors, counts):
    """List the colors of a part of some tables of counts, and add the tables up.

    Parameters
    ----------
    present : ndarray, shape (n_words,), uint64
        Eight entries a word: what is in one of the tables is not 0.
    tables : ndarray, shape (n_tables, 2**24), uint8
        The counts.
    start : int
        The first entry of the part.
    colors, counts : ndarray, shape (n_colors, 3) and (n_colors,), uint8 and int64
        Written in place, in ascending order of the colors.
    """
    found = 0
    for word in range(present.size):
        left = present[word]
        code = start + 8 * word
        while left:
            if left & np.uint64(0xFF):
                colors[found, 0] = code >> 16
                colors[found, 1] = code >> 8
                colors[found, 2] = code
                total = 0
                for table in range(tables.shape[0]):
                    total += tables[table, code]
                counts[found] = total
                found += 1
            left >>= np.uint64(8)
            code += 1


@entry
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


@entry
def map_labels(labels, label_of, mapped):
    """Write for each label another one.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    label_of : ndarray, shape (n_labels,), uint8 or uint16, read-only
        What each of them becomes.
    mapped : ndarray, shape (n_pixels,), of that type
        Written in place.
    """
    for i in range(labels.size):
        mapped[i] = label_of[labels[i]]


@entry
def paint_fours(labels, colors, words):
    """Paint pixels with the colors of their labels, four at a time.

    Four pixels are three words: a third of the writing that channels one by one take.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    colors : ndarray, shape (n_labels,), uint32
        The color of each label: ``red | green << 8 | blue << 16``.
    words : ndarray, shape (n_pixels // 4 * 3,), uint32
        The painted pixels, written in place.
    """
    for word in range(0, words.size, 3):
        i = word // 3 * 4
        first, second = colors[labels[i]], colors[labels[i + 1]]
        third, fourth = colors[labels[i + 2]], colors[labels[i + 3]]
        words[word] = first | second << 24
        words[word + 1] = second >> 8 | third << 16
        words[word + 2] = third >> 16 | fourth << 8


@entry
def add_up_groups(points, counts, groups, pixels, sums, means, spread):
    """Add up the points of each group.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points.
    counts : ndarray, shape (n_points,), int64
        How often each occurs.
    groups : ndarray, shape (n_points,), int64
        The group of each, 0..n_groups - 1, each used.
    pixels : ndarray, shape (n_groups,), int64
        Zeros; written in place: the sum of each group's counts.
    sums, means : ndarray, shape (n_groups, 3), float64
        Zeros; written in place: the sum of each group's points, and their mean.
    spread : ndarray, shape (n_groups,), float64
        Zeros; written in place: the sum of their squared distances to the mean.
    """
    for i in range(groups.size):
        group = groups[i]
        pixels[group] += counts[i]
        for axis in range(3):
            sums[group, axis] += counts[i] * points[i, axis]
    for group in range(pixels.size):
        for axis in range(3):
            means[group, axis] = sums[group, axis] / pixels[group]
    for i in range(groups.size):
        group = groups[i]
        away = 0.0
        for axis in range(3):
            away += (points[i, axis] - means[group, axis]) ** 2
        spread[group] += counts[i] * away


@entry
def rank_groups(groups, counts, pixels, first):
    """Find what groups are ordered by.

    Parameters
    ----------
    groups, counts
        As for `add_up_groups`.
    pixels : ndarray, shape (n_groups,), int64
        Zeros; written in place: the sum of each group's counts.
    first : ndarray, shape (n_groups,), int64
        Written in place: the first point in it.
    """
    for i in range(groups.size - 1, -1, -1):
        pixels[groups[i]] += counts[i]
        first[groups[i]] = i

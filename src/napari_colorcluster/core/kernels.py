"""The loops over pixels and over colors, compiled: few, serial and free of the interpreter."""

import numpy as np

from napari_colorcluster.core.codes import BLUE, GREEN, HALVES, RED
from napari_colorcluster.core.compiled import entry

FULL = 255
"""What an entry of a table of counts holds at most, before it is carried."""

PAGE = 64
"""Entries of a table of counts whose use is noted together: a line of the cache, a bit for each in
a word, and a cube of four values a channel."""

_SEQUENCE, _PLACE = np.uint64(0x03F79D71B4CB0A89), np.uint64(58)
_PLACES = np.empty(64, np.int32)
_PLACES[(np.uint64(1) << np.arange(64, dtype=np.uint64)) * _SEQUENCE >> _PLACE] = np.arange(64)
"""The place of the only bit of a word, by the highest bits of its product with a de Bruijn
sequence: all its sequences of six bits are different."""


@entry
def count_colors(values, keep, table, used, carried):
    """Add each pixel that takes part to its color's entry of `table`.

    Parameters
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous
        The pixels.
    keep : ndarray, shape (n_pixels,), bool
        Which take part; empty where all do.
    table : ndarray, shape (2**24,), uint8
        The counts, changed in place. A byte each: four times as many stay in the cache.
    used : ndarray, shape (2**24 / PAGE,), bool
        Which pages of the table are not all 0, changed in place.
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
        code = RED[values[i, 0]] | GREEN[values[i, 1]] | BLUE[values[i, 2]]
        count = (table[code] + 1) & FULL
        # Written each time: whether a color is new is a guess that would often be wrong.
        used[code // PAGE] = True
        if count == 0:
            carried[n_carried] = code
            n_carried += 1
            count = 1
        table[code] = count
    return n_carried


@entry
def collect_colors(pages, masks, words, tables, codes, colors, counts):
    """List the colors in some pages of tables of counts, and clear these.

    Parameters
    ----------
    pages : ndarray, shape (n_pages,), int32
        The pages, in ascending order.
    masks : ndarray, shape (n_pages,), uint64
        A bit for each entry of the page, the first the lowest: whether it is not 0 in some table.
    words : ndarray, shape (n_tables, 2**18, PAGE / 8), uint64
        The tables, eight entries a word; 0 in the end.
    tables : ndarray, shape (n_tables, 2**24), uint8
        The same tables: the counts.
    codes, colors, counts : ndarray, shape (n,), (n, 3) and (n,), int32, uint8 and int64
        Written in place, in ascending order of the numbers: the colors and the tables' counts,
        added up.
    """
    found = 0
    for i in range(len(pages)):
        mask, high = masks[i], HALVES[pages[i] // 64]
        while mask != 0:
            # From bit to bit, so that no entry is asked whether it is 0: half the answers would be
            # guessed wrong.
            lowest = mask & (~mask + np.uint64(1))
            mask ^= lowest
            code, total = pages[i] * PAGE + _PLACES[(lowest * _SEQUENCE) >> _PLACE], 0
            for table in range(tables.shape[0]):
                total += tables[table, code]
            low = HALVES[code & 4095]
            for channel in range(3):
                colors[found, channel] = high[channel] << 4 | low[channel]
            codes[found], counts[found] = code, total
            found += 1
        for table in range(words.shape[0]):
            for word in range(PAGE // 8):
                words[table, pages[i], word] = 0


@entry
def enter_labels(colors, labels, table):
    """Write the label of each color into a table of all colors.

    Parameters
    ----------
    colors : ndarray, shape (n_colors, 3), uint8
        The colors.
    labels : ndarray, shape (n_colors,), uint8 or uint16
        Theirs.
    table : ndarray, shape (2**24,), of that type
        Changed in place.
    """
    for i in range(labels.size):
        table[RED[colors[i, 0]] | GREEN[colors[i, 1]] | BLUE[colors[i, 2]]] = labels[i]


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
        code = RED[values[i, 0]] | GREEN[values[i, 1]] | BLUE[values[i, 2]]
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
def add_up_groups(points, counts, groups, pixels, sums, spread, first):
    """Add up the points of each group, and their squared distances from their mean.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points, one at least.
    counts : ndarray, shape (n_points,), int64
        How often each occurs.
    groups : ndarray, shape (n_points,), int64
        The group of each, 0..n_groups - 1.
    pixels : ndarray, shape (n_groups,), int64
        Zeros; written in place: the sum of each group's counts.
    sums : ndarray, shape (n_groups, 3), float64
        Zeros; written in place: the sum of each group's points.
    spread : ndarray, shape (n_groups,), float64
        Zeros; written in place: the sum of the squared distances.
    first : ndarray, shape (n_groups,), int64
        What no index reaches; written in place where a group has points: the first of them.
    """
    begin, n = 0, groups.size
    while begin < n:
        # Near colors are together, and mostly of one group: their sums stay in registers.
        group = groups[begin]
        if begin < first[group]:
            first[group] = begin
        # Counted from the group's first point, so that no large numbers are taken from each other.
        origin = first[group]
        ox, oy, oz = points[origin, 0], points[origin, 1], points[origin, 2]
        count, x, y, z, square, i = 0, 0.0, 0.0, 0.0, 0.0, begin
        while i < n and groups[i] == group:
            dx, dy, dz = points[i, 0] - ox, points[i, 1] - oy, points[i, 2] - oz
            count += counts[i]
            x += counts[i] * dx
            y += counts[i] * dy
            z += counts[i] * dz
            square += counts[i] * (dx * dx + dy * dy + dz * dz)
            i += 1
        pixels[group] += count
        sums[group, 0] += x
        sums[group, 1] += y
        sums[group, 2] += z
        spread[group] += square
        begin = i
    for group in range(pixels.size):
        if pixels[group] > 0:
            count, origin = pixels[group], first[group]
            for axis in range(3):
                spread[group] -= sums[group, axis] * (sums[group, axis] / count)
                sums[group, axis] += count * points[origin, axis]

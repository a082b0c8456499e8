"""The loops over pixels and over colors, compiled: few, serial and free of the interpreter."""

import numpy as np

from napari_colorcluster.core.codes import BLUE, GREEN, HALVES, RED
from napari_colorcluster.core.compiled import entry

FULL = 255
"""What an entry of a table of counts holds at most, before it is carried."""

PAGE = 64
"""Entries of a table of counts whose use is noted together: a line of the cache, and a cube of four
values a channel."""


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
    used : ndarray, shape (2**24 / PAGE,), uint8
        How many entries of each page of the table are not 0, changed in place.
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
        # One comparison for what is rare: a color that is new, or whose entry is full.
        if count < 2:
            if count == 1:
                used[code // PAGE] += 1
            else:
                carried[n_carried] = code
                n_carried += 1
                count = 1
        table[code] = count
    return n_carried


@entry
def collect_colors(pages, words, tables, codes, colors, counts):
    """List the colors in some pages of tables of counts, and clear these.

    Parameters
    ----------
    pages : ndarray, shape (n_pages,), int32
        The pages, in ascending order.
    words : ndarray, shape (n_tables, 2**21), uint64
        The tables, eight entries a word, the first of them in its lowest byte: as all processors
        that numba compiles for have it.
    tables : ndarray, shape (n_tables, 2**24), uint8
        The same tables: the counts, 0 in the end.
    codes, colors, counts : ndarray, shape (n,), (n, 3) and (n,), int32, uint8 and int64
        Written in place, in ascending order of the numbers: the colors and the tables' counts,
        added up. There must be room for one more than there are.

    Returns
    -------
    int
        How many colors there are.
    """
    found = 0
    for page in pages:
        first = found
        for word in range(page * (PAGE // 8), (page + 1) * (PAGE // 8)):
            used = np.uint64(0)
            for table in range(words.shape[0]):
                used |= words[table, word]
            if used == 0:
                continue
            for code in range(8 * word, 8 * word + 8):
                # Written in any case, and kept if it counts: no branch to be guessed.
                codes[found] = code
                found += (used & np.uint64(255)) != 0
                used >>= np.uint64(8)
        high = HALVES[page // 64]
        for i in range(first, found):
            low, total = HALVES[codes[i] & 4095], 0
            for table in range(tables.shape[0]):
                total += tables[table, codes[i]]
                tables[table, codes[i]] = 0
            counts[i] = total
            for channel in range(3):
                colors[i, channel] = high[channel] << 4 | low[channel]
    return found


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
def add_up_groups(points, counts, groups, pixels, sums, first):
    """Add up the points of each group.

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
    first : ndarray, shape (n_groups,), int64
        What no index exceeds; written in place where a group has points: the first of them.
    """
    group, count, x, y, z = groups[0], 0, 0.0, 0.0, 0.0
    first[group] = 0
    for i in range(groups.size + 1):
        # Near colors are together, and mostly of one group: their sums stay in registers.
        if i == groups.size or groups[i] != group:
            pixels[group] += count
            sums[group, 0] += x
            sums[group, 1] += y
            sums[group, 2] += z
            if i == groups.size:
                return
            group, count, x, y, z = groups[i], 0, 0.0, 0.0, 0.0
            if i < first[group]:
                first[group] = i
        count += counts[i]
        x += counts[i] * points[i, 0]
        y += counts[i] * points[i, 1]
        z += counts[i] * points[i, 2]


@entry
def add_up_spread(points, counts, groups, means, spread):
    """Add up the squared distances of points to the mean of their group.

    Parameters
    ----------
    points, counts, groups
        As for `add_up_groups`.
    means : ndarray, shape (n_groups, 3), float64
        The mean of each group.
    spread : ndarray, shape (n_groups,), float64
        Zeros; written in place.
    """
    group, total = groups[0], 0.0
    x, y, z = means[group, 0], means[group, 1], means[group, 2]
    for i in range(groups.size):
        if groups[i] != group:
            spread[group] += total
            group, total = groups[i], 0.0
            x, y, z = means[group, 0], means[group, 1], means[group, 2]
        dx, dy, dz = points[i, 0] - x, points[i, 1] - y, points[i, 2] - z
        total += counts[i] * (dx * dx + dy * dy + dz * dz)
    spread[group] += total

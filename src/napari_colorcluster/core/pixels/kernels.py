"""The loops over pixels and over colors, compiled: few, serial and free of the interpreter."""

import numpy as np

from napari_colorcluster.core.pixels.codes import HALVES
from napari_colorcluster.core.support.compiled import ZERO, entry, inner

TILE = 2048
"""Pixels that are painted at once: their colors stay in a core's first cache."""

FULL = 255
"""What an entry of a table of counts holds at most, before it is carried."""

PAGE = 64
"""Entries of a table of counts whose use is noted together: a line of the cache, a bit for each in
a word, and a cube of four values a channel."""

_ONE, _TWO, _FOUR, _EIGHT, _SIXTEEN = np.uint32([1, 2, 4, 8, 16])
_FOURS, _TWOS, _ONES = np.uint32([0x00F00F, 0x0C30C3, 0x249249])
"""To move bits apart: by how much, and the four, two and one that stay together each time."""

_SEQUENCE, _PLACE = np.uint64(0x03F79D71B4CB0A89), np.uint64(58)
_PLACES = np.empty(64, np.int32)
_PLACES[(np.uint64(1) << np.arange(64, dtype=np.uint64)) * _SEQUENCE >> _PLACE] = np.arange(64)
"""The place of the only bit of a word, by the highest bits of its product with a de Bruijn
sequence: all its sequences of six bits are different."""


@inner
def _spread(values):
    """Move the bits of an 8-bit value apart, two places between each and the next."""
    values = (values | values << _EIGHT) & _FOURS
    values = (values | values << _FOUR) & _TWOS
    return (values | values << _TWO) & _ONES


@entry
def encode_flat(flat, n_channels, codes):
    """Number colors as `codes.encode` does; by arithmetic, so that it runs in vector registers.

    Parameters
    ----------
    flat : ndarray, shape (n_pixels * n_channels,), uint8, read-only
        The pixels.
    n_channels : int
        3 or 4; the fourth is ignored.
    codes : ndarray, shape (n_pixels,), uint32
        Written in place.
    """
    # Written twice: the steps have to be known for vector registers.
    if n_channels == 3:
        for i in range(len(codes)):
            red, green = np.uint32(flat[3 * i]), np.uint32(flat[3 * i + 1])
            blue = np.uint32(flat[3 * i + 2])
            codes[i] = _spread(red) << _TWO | _spread(green) << _ONE | _spread(blue)
    else:
        for i in range(len(codes)):
            red, green = np.uint32(flat[4 * i]), np.uint32(flat[4 * i + 1])
            blue = np.uint32(flat[4 * i + 2])
            codes[i] = _spread(red) << _TWO | _spread(green) << _ONE | _spread(blue)


@entry
def count_colors(codes, keep, table, used, carried):
    """Add each pixel that takes part to its color's entry of `table`.

    Parameters
    ----------
    codes : ndarray, shape (n_pixels,), uint32
        The numbers of the pixels' colors.
    keep : ndarray, shape (n_pixels,), bool, read-only
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
    masked, n_carried = keep.size > 0, ZERO
    for i in range(len(codes)):
        if masked and not keep[i]:
            continue
        code = codes[i]
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
    found = ZERO
    for i in range(len(pages)):
        mask, high = masks[i], HALVES[pages[i] * PAGE >> 12]
        while mask != 0:
            # From bit to bit, so that no entry is asked whether it is 0: half the answers would be
            # guessed wrong.
            lowest = mask & (~mask + np.uint64(1))
            mask ^= lowest
            code, total = pages[i] * PAGE + _PLACES[(lowest * _SEQUENCE) >> _PLACE], ZERO
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
def enter_labels(codes, labels, table):
    """Write the label of each color into a table of all colors.

    Parameters
    ----------
    codes : ndarray, shape (n_colors,), int32, read-only
        The numbers of the colors.
    labels : ndarray, shape (n_colors,), uint8 or uint16, read-only
        Theirs.
    table : ndarray, shape (2**24,), of that type
        Changed in place.
    """
    for i in range(labels.size):
        table[codes[i]] = labels[i]


@entry
def look_up_labels(codes, keep, table, labels):
    """Give each pixel the label of its color; 0 where it takes no part or its color has none yet.

    Parameters
    ----------
    codes, keep
        As for `count_colors`.
    table : ndarray, shape (2**24,), uint8 or uint16
        The label of each color.
    labels : ndarray, shape (n_pixels,), of the table's type
        Written in place.

    Returns
    -------
    int
        How many pixels take part and have no label yet.
    """
    masked, missing = keep.size > 0, ZERO
    for i in range(len(codes)):
        if masked and not keep[i]:
            labels[i] = 0
            continue
        label = table[codes[i]]
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
    label_of : ndarray, shape (n_labels,), uint8 or uint16, read-only; or uint32
        What each of them becomes: a label, or a color of four channels.
    mapped : ndarray, shape (n_pixels,), of that type
        Written in place.
    """
    for i in range(labels.size):
        mapped[i] = label_of[labels[i]]


@entry
def paint_pixels(labels, colors, words, painted):
    """Paint pixels with the three channels of their labels' colors.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    colors : ndarray, shape (n_labels,), uint32
        The color of each label: ``red | green << 8 | blue << 16``.
    words : ndarray, shape (TILE,), uint32
        To work in.
    painted : ndarray, shape (3 * n_pixels,), uint8
        The painted pixels, written in place.
    """
    for start in range(0, labels.size, TILE):
        stop = start + TILE if start + TILE < labels.size else labels.size
        for i in range(stop - start):
            words[i] = colors[labels[start + i]]
        # By slices of a tile, so that they are known to lie apart; in vector registers.
        flat = painted[3 * start : 3 * stop]
        for i in range(stop - start):
            flat[3 * i] = words[i]
            flat[3 * i + 1] = words[i] >> _EIGHT
            flat[3 * i + 2] = words[i] >> _SIXTEEN

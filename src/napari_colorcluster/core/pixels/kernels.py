"""The compiled loops over pixels and over the tables of colors."""

import numpy as np

from napari_colorcluster.core.pixels.codes import HALVES
from napari_colorcluster.core.support.compiled import ZERO, entry, inner

TILE = 2048
"""Number of pixels painted at a time: their colors stay in the L1 cache."""

FULL = 255
"""The largest count that an entry of a table holds; beyond it, the entry carries."""

PAGE = 64
"""Number of entries of a table of counts that are tracked together: one cache line, a bit each in
one word, and a cube of four values per channel."""

_ONE, _TWO, _FOUR, _EIGHT, _SIXTEEN = np.uint32([1, 2, 4, 8, 16])
_FOURS, _TWOS, _ONES = np.uint32([0x00F00F, 0x0C30C3, 0x249249])
"""The masks that spread bits, in steps that keep groups of four, two and one bits together."""

_DE_BRUIJN, _TOP_SIX = np.uint64(0x03F79D71B4CB0A89), np.uint64(58)
_BIT_INDEX = np.empty(64, np.int32)
_BIT_INDEX[(np.uint64(1) << np.arange(64, dtype=np.uint64)) * _DE_BRUIJN >> _TOP_SIX] = np.arange(
    64
)
"""The index of the only set bit of a word, by the top six bits of its product with a de Bruijn
sequence, which holds each sequence of six bits once."""


@inner
def _spread(values):
    """Spread the bits of an 8-bit value to every third bit."""
    values = (values | values << _EIGHT) & _FOURS
    values = (values | values << _FOUR) & _TWOS
    return (values | values << _TWO) & _ONES


@entry
def encode_flat(flat, n_channels, codes):
    """Encode colors as `codes.encode` does, but by arithmetic, which is vectorized.

    Parameters
    ----------
    flat : ndarray, shape (n_pixels * n_channels,), uint8, read-only
        The pixels.
    n_channels : int
        3 or 4; the fourth is ignored.
    codes : ndarray, shape (n_pixels,), uint32
        Written in place.
    """
    # Two loops, since the stride has to be constant for vectorization.
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
    """Count each pixel that is kept in the entry of its color.

    Parameters
    ----------
    codes : ndarray, shape (n_pixels,), uint32
        The codes of the pixels' colors.
    keep : ndarray, shape (n_pixels,), bool, read-only
        True for the pixels to count; empty for all.
    table : ndarray, shape (2**24,), uint8
        The counts, changed in place. One byte each, so that more of them stay in the cache.
    used : ndarray, shape (2**24 / PAGE,), bool
        Which pages of the table have counts, changed in place.
    carried : ndarray, shape (n_pixels,), int32
        Written in place: the code of each entry that carried, from `FULL` to 1.

    Returns
    -------
    int
        The number of carries.
    """
    masked, n_carried = keep.size > 0, ZERO
    for i in range(len(codes)):
        if masked and not keep[i]:
            continue
        code = codes[i]
        count = (table[code] + 1) & FULL
        # Without asking whether the page is new: that branch would often be mispredicted.
        used[code // PAGE] = True
        if count == 0:
            carried[n_carried] = code
            n_carried += 1
            count = 1
        table[code] = count
    return n_carried


@entry
def collect_colors(pages, masks, words, tables, codes, colors, counts):
    """List the colors in pages of tables of counts, and clear these pages.

    Parameters
    ----------
    pages : ndarray, shape (n_pages,), int32
        The pages, ascending.
    masks : ndarray, shape (n_pages,), uint64
        One bit for each entry of a page, from the lowest: set if any table has a count there.
    words : ndarray, shape (n_tables, 2**18, PAGE / 8), uint64
        A view of `tables`, by page, with eight entries in a word; cleared in place.
    tables : ndarray, shape (n_tables, 2**24), uint8
        The counts.
    codes, colors, counts : ndarray, shape (n,), (n, 3) and (n,), int32, uint8 and int64
        Written in place, by ascending code: the colors, and the sums of their counts.
    """
    found = ZERO
    for i in range(len(pages)):
        mask, high = masks[i], HALVES[pages[i] * PAGE >> 12]
        while mask != 0:
            # From set bit to set bit: a branch on each entry would often be mispredicted.
            lowest = mask & (~mask + np.uint64(1))
            mask ^= lowest
            code, total = pages[i] * PAGE + _BIT_INDEX[(lowest * _DE_BRUIJN) >> _TOP_SIX], ZERO
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
    """Enter the labels of colors in a table of all colors.

    Parameters
    ----------
    codes : ndarray, shape (n_colors,), int32, read-only
        The codes of the colors.
    labels : ndarray, shape (n_colors,), uint8 or uint16, read-only
        Their labels.
    table : ndarray, shape (2**24,), same dtype
        Changed in place.
    """
    for i in range(labels.size):
        table[codes[i]] = labels[i]


@entry
def look_up_labels(codes, keep, table, labels):
    """Look up the label of each pixel: 0 if it is not kept, or its color has no label yet.

    Parameters
    ----------
    codes, keep
        As for `count_colors`.
    table : ndarray, shape (2**24,), uint8 or uint16
        The label of each color.
    labels : ndarray, shape (n_pixels,), same dtype
        Written in place.

    Returns
    -------
    int
        The number of kept pixels without a label.
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
    """Map each label to another value.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    label_of : ndarray, shape (n_labels,), uint8, uint16 or float32, read-only; or uint32
        The value for each label: another label, a measure of it, or a color of four channels.
    mapped : ndarray, shape (n_pixels,), same dtype
        Written in place.
    """
    for i in range(labels.size):
        mapped[i] = label_of[labels[i]]


@entry
def paint_pixels(labels, colors, words, painted):
    """Paint pixels in the colors of their labels, with three channels.

    Parameters
    ----------
    labels : ndarray, shape (n_pixels,), uint8 or uint16
        In 0..n_labels - 1.
    colors : ndarray, shape (n_labels,), uint32
        The color of each label: ``red | green << 8 | blue << 16``.
    words : ndarray, shape (TILE,), uint32
        Workspace.
    painted : ndarray, shape (3 * n_pixels,), uint8
        Written in place.
    """
    for start in range(0, labels.size, TILE):
        stop = start + TILE if start + TILE < labels.size else labels.size
        for i in range(stop - start):
            words[i] = colors[labels[start + i]]
        # Into a slice, which the compiler knows not to overlap `words`: so it vectorizes the loop.
        flat = painted[3 * start : 3 * stop]
        for i in range(stop - start):
            flat[3 * i] = words[i]
            flat[3 * i + 1] = words[i] >> _EIGHT
            flat[3 * i + 2] = words[i] >> _SIXTEEN

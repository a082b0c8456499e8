"""The compiled loops that write outlines as the path data of SVG."""

from napari_colorcluster.core.support.compiled import ZERO, entry, inner

_ZERO, _MINUS, _SPACE, _MOVE, _CLOSE = ord("0"), ord("-"), ord(" "), ord("m"), ord("z")
_ACROSS, _ALONG = ord("h"), ord("v")

MOST_BYTES = 12
"""What a corner takes at most: a letter and a sign, and ten digits."""


@inner
def _write_number(number, text, at):
    """Write a number, and return the byte after it."""
    if number < 0:
        text[at] = _MINUS
        at += 1
        number = -number
    end, rest = at + 1, number // 10
    while rest > 0:
        end += 1
        rest //= 10
    for place in range(end - 1, at - 1, -1):
        text[place] = _ZERO + number % 10
        number //= 10
    return end


@entry
def write_outlines(corners, starts, first, end, text):
    """Write outlines, each with its first corner relative to that of the one before.

    Parameters
    ----------
    corners, starts : ndarray
        As `Outlines` has them.
    first, end : int
        Which outlines.
    text : ndarray, shape (n_bytes,), uint8
        Written from its beginning; with room for `MOST_BYTES` a corner and as much an outline.

    Returns
    -------
    int
        The number of bytes.
    """
    at, row, column = ZERO, ZERO, ZERO
    for outline in range(first, end):
        start = starts[outline]
        text[at] = _MOVE
        at = _write_number(corners[start, 1] - column, text, at + 1)
        text[at] = _SPACE
        at = _write_number(corners[start, 0] - row, text, at + 1)
        row, column = ZERO + corners[start, 0], ZERO + corners[start, 1]
        # The last edge is the one that closes it.
        for corner in range(start + 1, starts[outline + 1]):
            axis = (corner - start) % 2
            text[at] = _ACROSS if axis == 1 else _ALONG
            step = corners[corner, axis] - corners[corner - 1, axis]
            at = _write_number(step, text, at + 1)
        text[at] = _CLOSE
        at += 1
    return at

"""The compiled loops that find the nearest label of each pixel, up to a distance.

SciPy's distance transform finds how far the nearest pixel is, but not all that are equally near,
among which the smallest label is to be found.
"""

from napari_colorcluster.core.support.compiled import ZERO, entry, inner


@entry
def nearest_in_columns(labels, is_source, reach, near, away):
    """Find the nearest source above or below each pixel, or at it.

    Parameters
    ----------
    labels : ndarray, shape (height, width), uint8 or uint16
        The plane.
    is_source : ndarray, shape (65536,), bool
        Which labels are looked for.
    reach : int
        Up to how many rows away.
    near : ndarray, shape (height, width), uint16
        Written: the label, of equally near ones the smaller; 0 where there is none.
    away : ndarray, shape (height, width), int32
        Written where there is one: how many rows away.
    """
    height, width = labels.shape
    for row in range(height):
        for column in range(width):
            near[row, column] = 0
            if is_source[labels[row, column]]:
                near[row, column] = labels[row, column]
                away[row, column] = 0
            elif row > 0:
                _come_nearer(row, column, row - 1, reach, near, away)
    for row in range(height - 2, -1, -1):
        for column in range(width):
            _come_nearer(row, column, row + 1, reach, near, away)


@inner
def _come_nearer(row, column, beside, reach, near, away):
    """Take what is nearest to the row beside where it is nearer, or as near and smaller."""
    label, distance = near[beside, column], away[beside, column] + 1
    if label == 0 or distance > reach:
        return
    known = near[row, column]
    if (
        known == 0
        or distance < away[row, column]
        or (distance == away[row, column] and label < known)
    ):
        near[row, column] = label
        away[row, column] = distance


@entry
def take_nearest(labels, may_change, near, away, height_of_row, distance, taken):
    """Give each pixel that may change to the nearest source within a distance.

    Parameters
    ----------
    labels : ndarray, shape (height, width), uint8 or uint16
        The plane.
    may_change : ndarray, shape (65536,), bool
        Pixels of which labels may change.
    near, away : ndarray, shape (height, width)
        As `nearest_in_columns` writes them.
    height_of_row : float
        The distance of rows; that of columns is 1.
    distance : float
        How far a source may be, from center to center.
    taken : ndarray, shape (height, width), as `labels`
        Written: the label of the nearest source, of equally near ones the smallest; the pixel's
        own where there is none, or it may not change.
    """
    height, width = labels.shape
    # What is written in decimals may be a little less in binary.
    farthest = (distance * (1 + 1e-9)) ** 2
    for row in range(height):
        for column in range(width):
            taken[row, column] = labels[row, column]
            if not may_change[labels[row, column]]:
                continue
            best = farthest
            owner = ZERO
            step = ZERO
            while step * step <= best and step < width:
                for side in range(2 if step else 1):
                    other = column - step if side else column + step
                    if other < 0 or other >= width or near[row, other] == 0:
                        continue
                    rows = away[row, other] * height_of_row
                    squared = step * step + rows * rows
                    label = near[row, other]
                    if squared < best or (squared == best and (owner == 0 or label < owner)):
                        best = squared
                        owner = label
                step += 1
            if owner != 0:
                taken[row, column] = owner

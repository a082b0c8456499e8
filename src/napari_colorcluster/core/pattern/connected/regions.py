"""Connected regions of a plane of labels: which pixels of one label hang together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner
from napari_colorcluster.core.support.threads import even_cuts, map_in_threads

_STRIP_PIXELS = 1 << 18
"""Pixels that are numbered by themselves, on one thread."""


def find_regions(
    labels: np.ndarray, connectivity: int = 1, n_threads: int | None = None
) -> tuple[np.ndarray, int]:
    """Number the connected regions of a plane.

    Parameters
    ----------
    labels : ndarray, shape (height, width), integer, C-contiguous
        0 is left out.
    connectivity : 1 or 2, default 1
        1: regions are connected by the edges of their pixels; 2: by corners as well.
    n_threads : int, optional
        At most.

    Returns
    -------
    regions : ndarray, shape (height, width), int32, or int64 from 2**31 pixels on
        The region of each pixel, 0, 1, ... in the order of their first pixels; -1 where it is left
        out.
    n_regions : int
        How many there are.
    """
    # Half the memory where it will do, as it nearly always does.
    index = np.int32 if labels.size < 2**31 else np.int64
    regions = np.empty(labels.shape, index)
    # What is not touched of an array made here takes no memory: most planes have few regions.
    parents = np.empty(labels.size, index)
    height, width = labels.shape
    cuts = even_cuts(height, min(labels.size // _STRIP_PIXELS + 1, max(height, 1)))
    strips, corners = list(pairwise(cuts)), connectivity == 2
    ends = map_in_threads(
        lambda strip: _number(labels, *strip, regions, parents, corners),
        strips,
        n_threads=n_threads,
    )
    for row in cuts[1:-1]:
        _join_rows(labels, row, regions, parents, corners)
    n_regions = 0
    for (start, _), end in zip(strips, ends, strict=True):
        n_regions = _number_in_order(parents, start * width, end, n_regions)
    map_in_threads(
        lambda strip: _renumber(regions[slice(*strip)], parents), strips, n_threads=n_threads
    )
    return regions, n_regions


@inner
def root_of(parents, region):
    """The number that stands for a region; ways there become shorter as they are gone."""
    while parents[region] != region:
        parents[region] = parents[parents[region]]
        region = parents[region]
    return region


@inner
def _unite(parents, one, other):
    one, other = root_of(parents, one), root_of(parents, other)
    # The smaller number is the root, so that one pass finds all roots.
    parents[max(one, other)] = min(one, other)


@entry
def _number(labels, start, stop, regions, parents, corners):
    """Number some rows by themselves; regions that turn out to be one are united in `parents`.

    The first number is that of the first pixel, so that no two strips have one in common. Returns
    the number after the last.
    """
    width = labels.shape[1]
    n_regions = start * width
    for row in range(start, stop):
        has_above = row > start
        for column in range(width):
            label = labels[row, column]
            if label == 0:
                regions[row, column] = -1
                continue
            left = column > 0 and labels[row, column - 1] == label
            above = has_above and labels[row - 1, column] == label
            before = has_above and column > 0 and labels[row - 1, column - 1] == label
            if above:
                region = regions[row - 1, column]
                # Where the pixel between the two belongs too, they have met already.
                if left and not before and not corners:
                    _unite(parents, region, regions[row, column - 1])
            elif left:
                region = regions[row, column - 1]
            elif corners and before:
                region = regions[row - 1, column - 1]
            else:
                region = -1
            may_bend = corners and has_above and not above and column + 1 < width
            if may_bend and labels[row - 1, column + 1] == label:
                behind = regions[row - 1, column + 1]
                if region < 0:
                    region = behind
                else:
                    _unite(parents, region, behind)
            if region < 0:
                region = n_regions
                parents[region] = region
                n_regions += 1
            regions[row, column] = region
    return n_regions


@entry
def _join_rows(labels, row, regions, parents, corners):
    """Unite the regions of a row with those of the row above it."""
    reach = 1 if corners else 0
    width = labels.shape[1]
    for column in range(width):
        label = labels[row, column]
        if label != 0:
            for other in range(max(column - reach, 0), min(column + reach + 1, width)):
                if labels[row - 1, other] == label:
                    _unite(parents, regions[row, column], regions[row - 1, other])


@entry
def _number_in_order(parents, start, stop, n_regions):
    """Put the numbers of regions in the place of their parents, of some; count them up."""
    for number in range(start, stop):
        parent = parents[number]
        if parent == number:
            parents[number] = n_regions
            n_regions += 1
        else:
            # A smaller one, which has been replaced.
            parents[number] = parents[parent]
    return n_regions


@entry
def _renumber(regions, numbers):
    for row in range(regions.shape[0]):
        for column in range(regions.shape[1]):
            if regions[row, column] >= 0:
                regions[row, column] = numbers[regions[row, column]]

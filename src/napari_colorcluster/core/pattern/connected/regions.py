"""Connected regions of a plane of labels: which pixels of one label hang together."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner


def find_regions(labels: np.ndarray, connectivity: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Number the connected regions of a plane, in one pass over its pixels.

    Parameters
    ----------
    labels : ndarray, shape (height, width), integer, C-contiguous
        0 is left out.
    connectivity : 1 or 2, default 1
        1: regions are connected by the edges of their pixels; 2: by corners as well.

    Returns
    -------
    regions : ndarray, shape (height, width), int32, or int64 from 2**31 pixels on
        A number for each pixel, -1 where it is left out. Pixels of one region may have several.
    parents : ndarray, shape (n_numbers,), of the same type
        A smaller number of the same region for each number; of its smallest one, the number
        itself. Smallest numbers are in the order of the regions' first pixels.
    """
    # Half the memory where it will do, as it nearly always does.
    index = np.int32 if labels.size < 2**31 else np.int64
    regions = np.empty(labels.shape, index)
    # What is not touched of an array made here takes no memory: most planes have few regions.
    parents = np.empty(labels.size, index)
    n_numbers = _number(labels, regions, parents, connectivity == 2)
    return regions, parents[:n_numbers]


@inner
def root_of(parents, region):
    """The smallest number of a region; ways there become shorter as they are gone."""
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
def _number(labels, regions, parents, corners):
    n_regions = 0
    width = labels.shape[1]
    for row in range(labels.shape[0]):
        for column in range(width):
            label = labels[row, column]
            if label == 0:
                regions[row, column] = -1
                continue
            left = column > 0 and labels[row, column - 1] == label
            above = row > 0 and labels[row - 1, column] == label
            before = row > 0 and column > 0 and labels[row - 1, column - 1] == label
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
            if corners and not above:
                behind = row > 0 and column + 1 < width and labels[row - 1, column + 1] == label
                if behind and region < 0:
                    region = regions[row - 1, column + 1]
                elif behind:
                    _unite(parents, region, regions[row - 1, column + 1])
            if region < 0:
                region = n_regions
                parents[region] = region
                n_regions += 1
            regions[row, column] = region
    return n_regions


@entry
def number_in_order(regions, parents):
    """Give each pixel the number of its region, 0, 1, ... in the order of their first pixels.

    Parameters
    ----------
    regions : ndarray, shape (n_pixels,)
        As `find_regions` gives them, flat; changed in place. -1 stays.
    parents : ndarray, shape (n_numbers,)
        Changed in place: the region's number for each of the first ones.

    Returns
    -------
    int
        How many regions there are.
    """
    n_regions = 0
    for number in range(parents.size):
        parent = parents[number]
        if parent == number:
            parents[number] = n_regions
            n_regions += 1
        else:
            parents[number] = parents[parent]
    for pixel in range(regions.size):
        if regions[pixel] >= 0:
            regions[pixel] = parents[regions[pixel]]
    return n_regions

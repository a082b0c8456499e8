"""Which clusters look most alike: merges of the closest two, one after another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.color.differences import ClosePair, delta_e


def closest_merges(clusters: Clusters) -> Iterator[ClosePair]:
    """Merge the two clusters whose colors are closest, until one is left.

    Parameters
    ----------
    clusters : Clusters
        The clusters, whose colors are those of the palette: where a cluster was given one, that
        counts.

    Yields
    ------
    ClosePair
        The labels of the two, and their ΔE2000. The cluster that they become has the smaller label.
        Its color is the one given to that label, or else the one that represents all its pixels, as
        `ColorClustering.merge` has it. Of equally close pairs, the one with the smallest
        labels comes first. A merge may be closer than the one before.
    """
    order = np.argsort(clusters.row_labels)
    labels, colors = clusters.row_labels[order].tolist(), clusters.colors[order]
    pixels, sums = clusters.pixels[order], clusters.sums[order]
    # Each is compared with those after it, of which the first is taken where several are as close.
    apart = delta_e(colors, colors)
    apart[np.tri(len(labels), dtype=bool)] = np.inf
    nearest, smallest = apart.argmin(axis=1), apart.min(axis=1)
    is_left = np.ones(len(labels), bool)
    row_of = np.full(labels[-1] + 1, -1)
    row_of[labels] = np.arange(len(labels))
    while is_left.sum() > 1:
        first = int(smallest.argmin())
        second = int(nearest[first])
        yield ClosePair(labels[first], labels[second], float(smallest[first]))
        is_left[second] = False
        apart[second], apart[:, second] = np.inf, np.inf
        pixels[first] += pixels[second]
        sums[first] += sums[second]
        row_of[row_of == second] = first
        if labels[first] not in clusters.given_colors:
            merged = np.where(row_of == first, 0, -1)
            colors[first] = clusters.represented(merged, sums[[first]] / pixels[first])[0]
        left = np.flatnonzero(is_left)
        differences = delta_e(colors[[first]], colors[left])[0]
        before, after = left < first, left > first
        apart[left[before], first] = differences[before]
        apart[first, left[after]] = differences[after]
        # Only what may have changed is searched again, as most have not.
        changed = (nearest == first) | (nearest == second) | (apart[:, first] <= smallest)
        changed[first] = True
        changed &= is_left
        nearest[changed] = apart[changed].argmin(axis=1)
        smallest[changed] = apart[changed].min(axis=1)
        smallest[second] = np.inf

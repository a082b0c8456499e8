"""Edits by color: merge what looks alike, leave out what is far, drop small clusters and refit."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import Self

import numpy as np

from napari_colorcluster.core.clustering.checks import check_fraction, check_max_distance
from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.editing.closest import closest_merges
from napari_colorcluster.core.clustering.editing.limiting import limited
from napari_colorcluster.core.clustering.editing.registry import (
    edited,
    grouped,
    registered,
    relabeled,
)


class ByColor(Clusters):
    """Clusters with the edits that go by color, each of which returns another clustering."""

    @registered
    def merge_similar(self, max_difference: float) -> Self:
        """Merge clusters whose colors look alike.

        The two clusters whose colors in the palette are closest are merged, as by `merge`, and so
        on, with the color of the merged cluster in place of theirs, as long as the closest two are
        less than `max_difference` apart. Of equally close pairs, that with the smallest labels is
        merged first.

        Parameters
        ----------
        max_difference : float
            The ΔE2000 from which on two colors stay apart; at least 0.

        Returns
        -------
        ColorClustering
            No two of its colors are closer than that.

        Raises
        ------
        ValueError
            If it is no number of at least 0.
        """
        limit = check_max_distance("max_difference", max_difference, zero=True)
        into = {label: label for label in self.row_labels.tolist()}
        for pair in takewhile(lambda pair: pair.delta_e < limit, closest_merges(self)):
            into = {label: pair.first if to == pair.second else to for label, to in into.items()}
        return edited(self, ("merge_similar", limit), label_of=relabeled(self, into.items()))

    @registered
    def drop_and_refit(self, min_fraction: float) -> Self:
        """Drop small clusters, and fit the others again to all the colors.

        Lloyd's algorithm runs from the means of the others until they no longer move. It minimizes
        the squared error of k-means in the working space, whatever the method was: what a method
        has beyond the means of its clusters, such as a mixture's covariances or a tree, does not
        outlive the dropping. Background, and colors that are too far, stay left out; where there
        is a `max_distance`, colors that are now too far are left out as well.

        Parameters
        ----------
        min_fraction : float
            Clusters with a smaller fraction of the pixels are dropped, 0 to 1; the largest never
            is.

        Returns
        -------
        ColorClustering
            The clusters that are left keep their labels, and the colors and names they were given.

        Raises
        ------
        ValueError
            If the fraction is not in 0..1.
        """
        fraction = check_fraction("min_fraction", min_fraction)
        keep = self.pixels >= fraction * self.pixels.sum()
        keep[np.argmax(self.pixels)] = True
        labels, group_of = grouped(self)
        # Background and what is too far come first, and all clusters are one group after them.
        n_out = int(np.count_nonzero(labels[1:] == 0))
        group = n_out + 1
        kept = self.row_labels[keep]
        partition = self.partition.refit(np.minimum(group_of, group), group, self.centers[keep])
        label_of = np.concatenate([np.zeros(group, np.int64), kept])
        changes = {"partition": partition, "label_of": label_of}
        if self.max_distance is not None:
            changes = limited(replace(self, **changes), self.max_distance)
        return edited(self, ("drop_and_refit", fraction), **changes)

    @registered
    def leave_out_beyond(self, max_distance: float) -> Self:
        """Leave out the colors that are too far from that of their cluster: "none of these".

        They get label 0 and do not count in fractions. The distance is the ΔE2000 between a color
        and the mean color of its cluster as it is now, in the 8 bits that a palette is written
        with; afterwards, the palette has the mean of what is left. It is the same in all color
        spaces, and in other images that the clustering is applied to.

        Parameters
        ----------
        max_distance : float
            The largest ΔE2000 of a color that is not left out; greater than 0.

        Returns
        -------
        ColorClustering
            A cluster with no color that is near enough is gone.

        Raises
        ------
        ValueError
            If it is no number greater than 0, or no cluster would be left.
        """
        limit = check_max_distance("max_distance", max_distance)
        return edited(self, ("leave_out_beyond", limit), **limited(self, limit))

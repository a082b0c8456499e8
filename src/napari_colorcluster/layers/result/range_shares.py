"""How much of an image is in a color range, and in which of its clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.ranges.counting import RangeCounter
from napari_colorcluster.core.studies.pooling import count_labels
from napari_colorcluster.layers.result.segmentation import Segmentation

MIN_SHARE = 0.1
"""The share of a range's pixels from which on a cluster counts as one of those that it is in."""


@dataclass(frozen=True)
class RangeShares:
    """The pixels of an image in a color range.

    Attributes
    ----------
    pixels : mapping of int to int
        Number of pixels by label, 0 for the background; only labels that have any.
    n_pixels : int
        Number of all pixels of the image that take part.
    """

    pixels: Mapping[int, int]
    n_pixels: int

    @property
    def fraction(self) -> float:
        """The share of the image, 0 to 1."""
        return sum(self.pixels.values()) / max(self.n_pixels, 1)

    @property
    def owners(self) -> tuple[int, ...]:
        """The labels of the clusters that have at least `MIN_SHARE` of these pixels."""
        least = MIN_SHARE * sum(self.pixels.values())
        return tuple(label for label, pixels in self.pixels.items() if label and pixels >= least)


class RangeSharer:
    """Finds the pixels of ranges in an image; quickly where only limits of a range change.

    Parameters
    ----------
    made : Segmentation
        What was made of the image.
    """

    def __init__(self, made: Segmentation) -> None:
        self._made = made
        self._counter = RangeCounter(made.histogram, made.clustering.partition.space.calibration)

    def shares(self, color_range: ColorRange, within: Iterable[int] = ()) -> RangeShares:
        """Count a range in some clusters, or in all where none are given."""
        labels, counts = self._made.labels, self._made.histogram.counts
        inside, within = self._counter.inside(color_range), list(within)
        if within:
            inside &= np.isin(labels, within)
        pixels = count_labels(self._made.clustering, labels[inside], counts[inside])
        found = {int(label): int(pixels[label]) for label in np.flatnonzero(pixels)}
        return RangeShares(found, int(counts.sum()))

"""Which k of a sweep to suggest, and why. No clustering, no image: a rule on a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

MIN_GAIN = 0.01
"""What each cluster that is added must explain, as a share of the variance: more than a piece of
another one does."""

MIN_APART = 11.0
"""The ΔE2000 that the closest two colors must be apart: two colors, for anybody, and not one in
light and in shade."""


class Reason(Enum):
    """Why a k is suggested."""

    LARGEST = "It is the largest with distinct colors that each explain something."
    SMALLEST = "No k has such colors: it is the smallest that was tried."
    ONLY = "A single cluster was tried, or a single color is there."


@dataclass(frozen=True)
class Suggestion:
    """A suggested number of clusters, and why it is suggested."""

    n_clusters: int
    reason: Reason


def suggest(
    n_clusters: Sequence[int], explained: np.ndarray, min_delta_e: np.ndarray
) -> Suggestion:
    """Suggest a number of clusters; see `ClusterSweep.suggested` for the rule and its merits.

    Parameters
    ----------
    n_clusters : sequence of int
        The numbers tried, ascending.
    explained : ndarray, shape (n,), float64
        The share of the variance that each explains, in [0, 1].
    min_delta_e : ndarray, shape (n,), float64
        The smallest ΔE2000 between two colors of each; NaN for a single cluster.
    """
    numbers = np.asarray(n_clusters)
    several = numbers > 1
    if not several.any():
        return Suggestion(int(numbers[-1]), Reason.ONLY)
    numbers, explained, apart = numbers[several], explained[several], min_delta_e[several]
    # Numbers may be left out of a sweep: the gain is that of each cluster added since the last.
    gains = np.diff(explained, prepend=0.0) / np.diff(numbers, prepend=1)
    passed = numbers[(gains >= MIN_GAIN) & (apart >= MIN_APART)]
    if len(passed):
        return Suggestion(int(passed[-1]), Reason.LARGEST)
    return Suggestion(int(numbers[0]), Reason.SMALLEST)

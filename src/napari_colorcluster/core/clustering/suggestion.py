"""Which k of a sweep to suggest, and why. No clustering, no image: a rule on a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

MIN_EXPLAINED = 0.85
"""The share of the variance that the clusters of a suggested k explain. Two clusters often have the
highest silhouette of a photo, and yet say little of it."""

MIN_APART = 10.0
"""The ΔE2000 that the closest two colors of a suggested k are apart: two colors, for anybody, and
not one in light and shade."""


class Reason(Enum):
    """Why a k is suggested."""

    BEST = "It has the highest silhouette of those that explain enough and have distinct colors."
    LARGEST = "None explains enough: it is the largest with distinct colors."
    CLOSE = "None has distinct colors: it has the highest silhouette of all."
    ONLY = "There is no silhouette to compare."


@dataclass(frozen=True)
class Suggestion:
    """A suggested number of clusters.

    Attributes
    ----------
    n_clusters : int
        The number.
    reason : Reason
        Why this one.
    compared : tuple of int
        The numbers whose silhouettes were compared, ascending.
    """

    n_clusters: int
    reason: Reason
    compared: tuple[int, ...]


def suggest(
    n_clusters: Sequence[int],
    silhouette: np.ndarray,
    explained: np.ndarray,
    min_delta_e: np.ndarray,
) -> Suggestion:
    """Suggest a number of clusters; see `ClusterSweep.suggested` for the rule and its merits.

    Parameters
    ----------
    n_clusters : sequence of int
        The numbers tried, ascending.
    silhouette : ndarray, shape (n,), float64
        The mean silhouette of each; NaN for a single cluster.
    explained : ndarray, shape (n,), float64
        The share of the variance that each explains, in [0, 1].
    min_delta_e : ndarray, shape (n,), float64
        The smallest ΔE2000 between two colors of each; NaN for a single cluster.
    """
    numbers = np.asarray(n_clusters)
    has_silhouette = np.isfinite(silhouette)
    if not has_silhouette.any():
        return Suggestion(int(numbers[0]), Reason.ONLY, ())
    apart = has_silhouette & (min_delta_e >= MIN_APART)
    enough = apart & (explained >= MIN_EXPLAINED)
    if apart.any() and not enough.any():
        return Suggestion(int(numbers[apart][-1]), Reason.LARGEST, ())
    compared, reason = (enough, Reason.BEST) if apart.any() else (has_silhouette, Reason.CLOSE)
    # The smallest in a tie.
    best = numbers[compared][np.argmax(silhouette[compared])]
    return Suggestion(int(best), reason, tuple(numbers[compared].tolist()))

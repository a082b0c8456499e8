"""Helpers of the methods: the rule of the nearest known point, and checks of their options."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.pixels.lookup import MAX_LABELS

if TYPE_CHECKING:
    from scipy.spatial import cKDTree


@dataclass(frozen=True, eq=False)
class KnownPoints:
    """Points to search for the nearest of.

    Parameters
    ----------
    points : ndarray, shape (n_known, 3), float64
        At least one.
    """

    points: np.ndarray

    @cached_property
    def index(self) -> cKDTree:
        """Built on first use: most clusterings never meet another color."""
        from scipy.spatial import cKDTree

        return cKDTree(self.points)

    def nearest(self, points: np.ndarray) -> np.ndarray:
        """Find the index of the known point nearest to each, int64; ties are broken alike."""
        # Each point is a query of its own, so the number of threads changes nothing.
        return self.index.query(points, workers=-1)[1]


@dataclass(frozen=True, eq=False)
class NearestKnown:
    """A rule: a point belongs to the cluster of the nearest known point.

    Parameters
    ----------
    known : KnownPoints
        The points that were clustered, or those that decide, such as core points.
    labels : ndarray, shape (n_known,), int64
        Their clusters.
    """

    known: KnownPoints
    labels: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the cluster of each point: points (n, 3) to (n,), int64."""
        return self.labels[self.known.nearest(points)]


def check_found(n_clusters: int, option: str, value: float) -> None:
    """Refuse more clusters than a labels image can hold.

    Parameters
    ----------
    n_clusters : int
        The number that a method has found.
    option : str
        The option to raise for fewer clusters.
    value : float
        Its value.

    Raises
    ------
    ValueError
        Where there are more than `MAX_LABELS`.
    """
    if n_clusters > MAX_LABELS:
        raise ValueError(
            f"{option}={value:g} leaves {n_clusters:,} clusters, more than the {MAX_LABELS:,} that "
            f"labels can tell apart: raise {option}."
        )


def check_positive(option: str, value: object) -> float | None:
    """Check an option that is None or a number greater than 0.

    Raises
    ------
    ValueError
        Where it is neither.
    """
    if value is None:
        return None
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 < value < float("inf"):
        raise ValueError(f"{option} must be None or a number greater than 0, got {value!r}.")
    return float(value)


def check_whole(option: str, value: object) -> int | None:
    """Check an option that is None or an integer of at least 1.

    Raises
    ------
    ValueError
        Where it is neither.
    """
    if value is None:
        return None
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{option} must be None or an integer of at least 1, got {value!r}.")
    return int(value)

"""How far to go from a pixel to meet a share of all: the scale of a cloud of points."""

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner

_N_SAMPLED = 256
"""Pixels from which the distance is measured, where there are more points than that."""


def reaches(points: np.ndarray, weights: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Measure how far to go from a point to have some weight within reach, its own included.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points.
    weights : ndarray, shape (n_points,), float64
        How often each occurs, > 0.
    least : float
        The weight to meet; at most that of all.

    Returns
    -------
    distances : ndarray, shape (n_sampled,), float64
        From each point; or from 256 pixels, evenly spaced in the order of the points, where there
        are more points than that.
    weights : ndarray, shape (n_sampled,), float64
        How often each of them counts.
    """
    if len(points) <= _N_SAMPLED:
        sampled, counted = np.arange(len(points)), weights
    else:
        reached = np.cumsum(weights)
        middles = (np.arange(_N_SAMPLED) + 0.5) / _N_SAMPLED * reached[-1]
        sampled, counted = np.searchsorted(reached, middles), np.ones(_N_SAMPLED)
    squared = np.empty(len(sampled))
    _reach(points, weights, points[sampled], least, squared)
    return np.sqrt(squared), counted


@entry
def _reach(points, weights, centers, least, squared):
    """Write the squared distance at which each center has reached the weight."""
    away, weight = np.empty(len(points)), np.empty(len(points))
    for i in range(len(centers)):
        for j in range(len(points)):
            away[j] = 0.0
            for axis in range(3):
                away[j] += (points[j, axis] - centers[i, axis]) ** 2
            weight[j] = weights[j]
        squared[i] = _select(away, weight, least)


@inner
def _select(values, weights, least):
    """Find the value up to which the weights first reach `least`; reorders both (Hoare 1961)."""
    low, high = 0, len(values) - 1
    while low < high:
        one, other, third = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(one, other), min(max(one, other), third))
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                weights[i], weights[j] = weights[j], weights[i]
                i += 1
                j -= 1
        # Now low..j are at most the pivot, i..high at least, and what is between equals it.
        below, equal = 0.0, 0.0
        for at in range(low, i):
            if at <= j:
                below += weights[at]
            else:
                equal += weights[at]
        if below >= least:
            high = j
        elif below + equal >= least:
            return pivot
        else:
            least -= below + equal
            low = i
    # Past the end only where the weights, added up in another order, fall short by rounding.
    return values[min(low, len(values) - 1)]

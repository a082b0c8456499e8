"""Weighted k-distances: how far the k-th nearest pixel is, the scale of a cloud of points."""

import numpy as np

from napari_colorcluster.core.support.compiled import entry, inner

_N_SAMPLED = 256
"""Pixels from which distances are measured, where there are more points than that."""


def k_distances(points: np.ndarray, weights: np.ndarray, k: float) -> tuple[np.ndarray, np.ndarray]:
    """Measure how far from a point the weight within that distance reaches k, its own included.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points.
    weights : ndarray, shape (n_points,), float64
        How often each occurs, > 0.
    k : float
        The weight to reach; at most the total.

    Returns
    -------
    distances : ndarray, shape (n_sampled,), float64
        From each point; or from 256 pixels, evenly spaced in the order of the points, where there
        are more points than that.
    counts : ndarray, shape (n_sampled,), float64
        How often each of these counts.
    """
    if len(points) <= _N_SAMPLED:
        sampled, counts = np.arange(len(points)), weights
    else:
        cumulative = np.cumsum(weights)
        pixels = (np.arange(_N_SAMPLED) + 0.5) / _N_SAMPLED * cumulative[-1]
        sampled, counts = np.searchsorted(cumulative, pixels), np.ones(_N_SAMPLED)
    squared = np.empty(len(sampled))
    _fill_squared(points, weights, points[sampled], k, squared)
    return np.sqrt(squared), counts


@entry
def _fill_squared(points, weights, centers, k, squared):
    """Fill in the squared distance from each center."""
    distances, shuffled_weights = np.empty(len(points)), np.empty(len(points))
    for i in range(len(centers)):
        for j in range(len(points)):
            distances[j] = 0.0
            for axis in range(3):
                distances[j] += (points[j, axis] - centers[i, axis]) ** 2
            shuffled_weights[j] = weights[j]
        squared[i] = _weighted_select(distances, shuffled_weights, k)


@inner
def _weighted_select(values, weights, k):
    """Find the value up to which the weights reach k, by quickselect (Hoare 1961); shuffles both.

    Takes a third to a sixth of the time of numpy's sort or partition with cumulative weights.
    """
    low, high = 0, len(values) - 1
    while low < high:
        a, b, c = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
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
        if below >= k:
            high = j
        elif below + equal >= k:
            return pivot
        else:
            k -= below + equal
            low = i
    # Past the end only where the weights, summed in another order, fall short by rounding.
    return values[min(low, len(values) - 1)]

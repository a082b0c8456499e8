"""Loops over runs of weighted points, which follow each other in an array: sums and distances."""

import numpy as np

from napari_colorcluster.core.support.compiled import entry


@entry
def add_up_runs(points, weights, starts, sums, totals, spread):
    """Sum the points of each run, their weights, and their squared distances from the mean.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Their weights.
    starts : ndarray, shape (n_runs + 1,), int64
        The index of the first point of each run, and the end of the last. No run is empty.
    sums : ndarray, shape (n_runs, 3), float64
        Written in place: the weighted sums of the points; exact where all are integers.
    totals : ndarray, shape (n_runs,), float64
        Written in place: the sums of the weights.
    spread : ndarray, shape (n_runs,), float64
        Written in place: the weighted sums of the squared distances from the mean. Rounding costs
        as many digits as the ratio of the largest weight to the smallest has; see `measure_runs`.
    """
    for run in range(len(totals)):
        # Relative to the first point, which is close to most others: that keeps the squares small.
        begin = starts[run]
        x, y, z = points[begin, 0], points[begin, 1], points[begin, 2]
        sx, sy, sz, square, total = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(begin, starts[run + 1]):
            dx, dy, dz = points[i, 0] - x, points[i, 1] - y, points[i, 2] - z
            sx += weights[i] * dx
            sy += weights[i] * dy
            sz += weights[i] * dz
            square += weights[i] * (dx * dx + dy * dy + dz * dz)
            total += weights[i]
        sums[run, 0], sums[run, 1], sums[run, 2] = total * x + sx, total * y + sy, total * z + sz
        totals[run] = total
        spread[run] = square - (sx * sx + sy * sy + sz * sz) / total


@entry
def measure_runs(points, weights, starts, means, spread, radii):
    """Measure the distances of the points of each run from its mean, for any ratio of weights.

    One loop for both results, so that less has to be compiled.

    Parameters
    ----------
    points, weights, starts
        As for `add_up_runs`.
    means : ndarray, shape (n_runs, 3), float64
        The mean of each run.
    spread : ndarray, shape (n_runs,), float64
        Written in place: the weighted sums of the squared distances.
    radii : ndarray, shape (n_runs,), float64
        Written in place: the largest distances.
    """
    for run in range(len(radii)):
        x, y, z, total, furthest = means[run, 0], means[run, 1], means[run, 2], 0.0, 0.0
        for i in range(starts[run], starts[run + 1]):
            dx, dy, dz = points[i, 0] - x, points[i, 1] - y, points[i, 2] - z
            square = dx * dx + dy * dy + dz * dz
            total += weights[i] * square
            furthest = square if square > furthest else furthest
        spread[run], radii[run] = total, np.sqrt(furthest)

"""A sample of weighted points that stands for all of them."""

from __future__ import annotations

import numpy as np


def sample_systematically(
    weights: np.ndarray, n_draws: int, random_state: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points at equal steps of their cumulative weight, from a random start.

    Every unit of weight is equally likely to be drawn, and the sample is stratified by whatever
    the points are sorted by.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        The weight of each point, in the order of the points.
    n_draws : int
        The number of steps.
    random_state : int
        The seed of the start.

    Returns
    -------
    rows : ndarray, shape (n_drawn,), int64
        The points that were drawn, ascending, each once.
    counts : ndarray, shape (n_drawn,), int64
        How often each was drawn.
    """
    start = np.random.default_rng(random_state).random()
    end = np.cumsum(weights)
    ticks = (start + np.arange(n_draws)) / n_draws * end[-1]
    drawn = np.searchsorted(end, ticks, side="right")
    return np.unique(np.minimum(drawn, len(weights) - 1), return_counts=True)

"""How far to go to meet a weight, held against sorting all distances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.solvers.k_distance import k_distances


def expected_reach(points, weights, least):
    away = cdist(points, points)
    order = np.argsort(away, axis=1)
    reached = np.cumsum(weights[order], axis=1)
    first = (reached >= least).argmax(axis=1)
    return np.take_along_axis(away, np.take_along_axis(order, first[:, None], 1), 1)[:, 0]


@given(
    cells=arrays(np.int64, st.tuples(st.integers(1, 60), st.just(3)), elements=st.integers(0, 5)),
    share=st.floats(0, 1),
    data=st.data(),
)
def test_of_few_points_it_is_that_of_each(cells, share, data):
    points = np.unique(cells, axis=0).astype(float)
    counts = st.sampled_from([1.0, 2.0, 7.0, 1e9])
    weights = data.draw(arrays(float, len(points), elements=counts))
    least = max(np.floor(share * weights.sum()), 1.0)
    distances, counted = k_distances(points, weights, least)
    np.testing.assert_array_equal(counted, weights)
    np.testing.assert_allclose(distances, expected_reach(points, weights, least), rtol=1e-12)


@pytest.mark.parametrize("share", [0.001, 0.1, 1.0])
def test_of_many_points_it_is_that_of_pixels_evenly_spaced(share):
    random = np.random.default_rng(0)
    points, weights = random.normal(size=(2000, 3)), random.integers(1, 50, 2000).astype(float)
    least = share * weights.sum()
    distances, counted = k_distances(points, weights, least)
    assert len(distances) == len(counted) == 256
    exact = expected_reach(points, weights, least)
    assert set(np.round(distances, 9)) <= set(np.round(exact, 9))
    mean = np.average(exact, weights=weights)
    assert np.average(distances, weights=counted) == pytest.approx(mean, rel=0.05)

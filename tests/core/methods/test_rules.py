"""What methods share: the nearest known point, and options and numbers that are not allowed."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.rules import (
    KnownPoints,
    NearestKnown,
    check_found,
    check_positive,
    check_whole,
)


def test_a_point_belongs_where_the_nearest_known_one_does():
    random = np.random.default_rng(0)
    known, labels, points = random.random((300, 3)), random.integers(0, 9, 300), random.random(3000)
    points = points.reshape(-1, 3)
    rule = NearestKnown(KnownPoints(known), labels)
    expected = labels[cdist(points, known).argmin(axis=1)]
    np.testing.assert_array_equal(rule(points), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(rule))(points), expected)
    assert rule(points).dtype == np.int64
    assert rule(np.empty((0, 3))).shape == (0,)


def test_of_two_as_near_it_is_always_the_same():
    known = KnownPoints(np.stack(np.meshgrid(*3 * [np.arange(4.0)]), axis=-1).reshape(-1, 3))
    middles = known.points[:27] + 0.5
    alone = np.concatenate([known.nearest(middle[np.newaxis]) for middle in middles])
    np.testing.assert_array_equal(known.nearest(middles), alone)
    np.testing.assert_array_equal(known.nearest(middles[::-1]), alone[::-1])


def test_65535_clusters_are_allowed_and_no_more(refused):
    check_found(65_535, "eps", 0.5)
    with refused("eps=0.5 leaves 65,536 clusters", "raise eps"):
        check_found(65_536, "eps", 0.5)


def test_numbers_become_what_json_can_hold():
    assert check_positive("eps", None) is check_whole("n", None) is None
    assert type(check_positive("eps", np.float32(2))) is float
    assert type(check_whole("n", np.uint8(2))) is int


@pytest.mark.parametrize("value", [0, -1, float("nan"), "2", 1j, False])
def test_what_is_no_positive_number_is_refused(refused, value):
    with refused("eps must be None or a number greater than 0", f"got {value!r}."):
        check_positive("eps", value)


def test_methods_are_listed_without_the_libraries_that_they_use():
    code = "import sys, napari_colorcluster.core.methods; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert {"numba", "scipy", "sklearn"}.isdisjoint(output.split())

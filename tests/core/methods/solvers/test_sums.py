"""Sums and means of labeled points, beside numpy's."""

import numpy as np

from napari_colorcluster.core.methods.solvers.sums import weighted_means, weighted_sums

RANDOM = np.random.default_rng(3)
POINTS, WEIGHTS = RANDOM.normal(size=(200, 3)), RANDOM.integers(1, 9, 200).astype(float)
LABELS = np.arange(200) % 4


def test_means_are_numpys_weighted_averages():
    means, totals = weighted_means(POINTS, WEIGHTS, LABELS)
    for label in range(4):
        inside = label == LABELS
        expected = np.average(POINTS[inside], axis=0, weights=WEIGHTS[inside])
        np.testing.assert_allclose(means[label], expected)
        assert totals[label] == WEIGHTS[inside].sum()


def test_a_label_without_points_has_sums_of_0():
    sums = weighted_sums(POINTS, WEIGHTS, LABELS, 6)
    assert not sums[4:].any()
    np.testing.assert_allclose(sums[:, :3].sum(axis=0), WEIGHTS @ POINTS)

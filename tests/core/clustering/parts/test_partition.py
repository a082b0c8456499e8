"""Partitions of colors: splits of parts, and the moments that they leave."""

import pickle

import numpy as np
import pytest

from napari_colorcluster import COLOR_SPACES, count_colors
from napari_colorcluster.core.clustering.parts.moments import Moments
from napari_colorcluster.core.clustering.parts.partition import Partition
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS, Grouping


class OneGroup:
    """A method that finds one cluster whatever it is asked."""

    def prepare(self, colors, *, random_state, progress):
        return lambda n_clusters, progress: Grouping(np.zeros(len(colors), int), None)


@pytest.fixture(scope="module")
def partition(thumbnail):
    histogram = count_colors(thumbnail)
    space = WorkingSpace(COLOR_SPACES["rgb"], np.ones(3))
    points = space.points(histogram.colors)
    bright = np.digitize(points.sum(axis=1), [200, 400, 600])
    return Partition.from_grouping(histogram, space, points, Grouping(bright, None))


def test_a_method_that_finds_too_few_gives_way_to_kmeans(partition):
    same = np.arange(partition.n_parts + 1)
    found = partition.split(same, 2, 3, OneGroup(), 0)
    expected = partition.split(same, 2, 3, METHODS["kmeans"](), 0)
    np.testing.assert_array_equal(found.parts, expected.parts)
    assert found.n_parts == partition.n_parts + 2


def test_a_splits_moments_are_those_of_its_parts(partition):
    split = partition.split(np.array([0, 1, 2, 1, 3]), 1, 3, METHODS["kmeans"](), 0)
    points = split.space.points(split.histogram.colors)
    moments, rank = Moments.ranked(points, split.histogram.counts, split.parts.astype(int) - 1)
    expected = moments.take(rank)
    np.testing.assert_array_equal(split.moments.pixels, expected.pixels)
    np.testing.assert_allclose(split.moments.centers, expected.centers)
    np.testing.assert_allclose(split.moments.spread, expected.spread)
    others = split.parts[np.isin(partition.parts, [2, 4])]
    assert set(others) == {2, 3}


def test_a_partition_that_travelled_labels_the_same(partition):
    again = pickle.loads(pickle.dumps(partition))
    np.testing.assert_array_equal(again.parts, partition.parts)
    assert not again.parts.flags.writeable
    assert again.look_up.token == partition.look_up.token


def test_what_is_too_far_follows_the_other_parts(partition):
    colors = dict(enumerate(np.full((partition.n_parts, 3), 128, np.uint8), start=1))
    limited = partition.within(colors, 5.0)
    assert limited.beyond == limited.n_parts == partition.n_parts + 1
    assert limited.moments.pixels.sum() == partition.moments.pixels.sum()
    assert limited.within(colors, 4.0).beyond == limited.beyond

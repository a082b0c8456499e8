"""The patterns of several objects, and their tables."""

import numpy as np
import pytest

from napari_colorcluster import Palette, measure_pattern

PALETTE = Palette([[200, 30, 40], [20, 160, 60]], [0, 0], ["red", "green"])


@pytest.fixture
def patterns():
    """Object 2 lies in two pieces, touches object 4 and is cut by the border."""
    labels = np.array([[1, 1, 2, 2, 1, 0], [1, 2, 2, 1, 1, 2], [2, 2, 1, 1, 2, 2]], np.uint8)
    objects = np.array([[2, 2, 4, 4, 0, 2], [2, 2, 4, 4, 0, 2], [2, 2, 4, 0, 0, 9]])
    return measure_pattern(labels, PALETTE, objects=objects, spacing=0.5, unit="mm")


def test_each_object_has_a_pattern(patterns):
    assert list(patterns) == [2, 4, 9]
    assert len(patterns) == 3
    assert patterns[2].pixels.tolist() == [3, 4]
    assert patterns[4].pixels.tolist() == [2, 3]
    assert patterns[9].pixels.tolist() == [0, 1]
    assert patterns[2].horizontal.tolist() == [[1, 1], [1, 1]]
    assert patterns[2].vertical.tolist() == [[1, 2], [2, 1]]
    assert patterns[9].pairs.sum() == 0
    assert "3 objects" in repr(patterns)
    with pytest.raises(KeyError):
        patterns[0]


@pytest.mark.parametrize("table", ["indices", "boundaries"])
def test_tables_lie_below_each_other(patterns, table):
    found = getattr(patterns, table)()
    assert found.columns[0] == "object"
    assert found.index.tolist() == list(range(len(found)))
    assert found["object"].drop_duplicates().tolist() == [2, 4, 9]
    for number, pattern in patterns.items():
        alone = getattr(pattern, table)()
        part = found[found["object"] == number].reset_index(drop=True)
        assert part[alone.columns].equals(alone)


def test_what_is_asked_of_one_is_asked_of_all(patterns):
    found = patterns.indices("pairs", values={"sat": [1, 3]})
    assert found.equals(patterns.indices(shares="pairs", values={"sat": [1, 3]}))
    means = found[found["index"] == "m_sat"]["value"]
    np.testing.assert_allclose(means, [15 / 7, 11 / 5, 3])
    assert "Sc_x" in set(found["index"])


def test_pixels_that_touch_at_a_corner_are_one_patch_only_if_asked(patterns):
    assert patterns.label_patches().max() == len(patterns.patches()) == 7
    assert patterns.label_patches(2).max() == len(patterns.patches(2)) == 6
    assert patterns.patch_summary()["patches"].sum() == 7
    assert patterns[4].label_patches().max() == len(patterns[4].patches()) == 3
    assert patterns[4].patch_summary()["patches"].sum() == 3


def test_an_object_that_takes_no_part_has_no_patches():
    labels, objects = np.array([[1, 1, 2]]), np.array([[1, 1, 2]])
    patterns = measure_pattern(labels, objects=objects, mask=objects == 1)
    assert patterns[2].pixels.sum() == 0
    summary = patterns.patch_summary()
    assert summary["object"].tolist() == [1, 2]
    assert summary["patches"].tolist() == [1, 0]
    assert set(patterns.patches()["object"]) == {1}


def test_where_there_is_no_object_there_is_no_table(refused):
    patterns = measure_pattern(np.ones((3, 3), int), objects=np.zeros((3, 3), int))
    assert dict(patterns) == {}
    for table in (patterns.indices, patterns.boundaries, patterns.patches, patterns.patch_summary):
        with refused("no object"):
            table()

"""The number of clusters: slider and box are one value."""

import pytest

from napari_colorcluster.widgets.cluster_count import ClusterCount


@pytest.fixture
def count(qtbot):
    count = ClusterCount(value=5)
    qtbot.addWidget(count.native)
    return count


@pytest.fixture
def heard(count):
    heard = []
    count.changed.connect(heard.append)
    return heard


def test_the_slider_sets_the_box(count, heard):
    count["slider"].value = 9
    assert count.value == count["box"].value == 9
    assert heard == [9]


def test_the_box_sets_the_slider(count, heard):
    count["box"].value = 12
    assert count["slider"].value == 12
    assert heard == [12]


@pytest.mark.parametrize(("asked", "slider"), [(1, 2), (33, 32), (40_000, 32)])
def test_the_box_goes_beyond_the_slider(count, heard, asked, slider):
    count.value = asked
    assert count.value == asked
    assert count["slider"].value == slider
    assert heard == [asked]


@pytest.mark.parametrize("wrong", [0, -3, 65_536])
def test_what_no_labels_layer_can_hold_is_refused(count, wrong):
    with pytest.raises(ValueError, match=str(wrong)):
        count.value = wrong
    assert count.value == 5

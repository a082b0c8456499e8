"""The number of clusters: slider and box are one value."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QSlider

from napari_colorcluster.widgets.form.cluster_count import ClusterCount


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


def test_the_keys_stay_with_the_slider(qtbot, count, heard):
    with qtbot.waitActive(count.native):
        count.native.show()
        count.native.activateWindow()
    slider = count["slider"].native.findChild(QSlider)
    slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget() is slider
    assert heard == [6, 7, 8]


def test_what_is_typed_counts_at_once(qtbot, count, heard):
    box = count["box"].native
    count.value = 9
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "12")
    assert count.value == 12
    assert heard == [9, 1, 12]


def test_nothing_below_jumps_where_k_is_found(qtbot, count):
    count.native.show()
    qtbot.waitExposed(count.native)
    heights = []
    for reason in ("", "Mean shift finds k itself.", ""):
        count.rest(reason)
        heights.append(count.native.layout().totalSizeHint().height())
    assert len(set(heights)) == 1

"""The shares of each object: the button, the window, and what a click there does."""

import numpy as np
import pandas as pd
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QGuiApplication
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QFileDialog, QPushButton, QToolTip

import napari_colorcluster as ncc
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results


@pytest.fixture
def leaves(viewer):
    drawn = np.zeros((47, 68), np.int32)
    drawn[2:9, 3:30], drawn[20:40, 10:50], drawn[0:1, 60:] = 4, 90, 5
    return viewer.add_labels(drawn, name="leaves")


@pytest.fixture
def settle(qtbot, panel):
    def wait():
        qtbot.wait(20)
        qtbot.waitUntil(
            lambda: not (panel.session.is_busy or panel.objects.is_busy), timeout=60_000
        )

    return wait


@pytest.fixture
def window(panel, leaves, press, settle):
    panel.form.image.value = panel._viewer.layers["photo"]
    panel.form.region.region = Region(leaves, each=True)
    press()
    panel.objects.button.click()
    settle()
    return panel.objects.window


def stroke(layer, rows, label):
    """Paint on some rows, as a brush does."""
    painted = np.zeros((47, 68), bool)
    painted[rows, 10:50] = True
    layer.data_setitem(np.nonzero(painted), label)


def cells(table):
    model = table.model()
    return [
        [model.index(row, at).data() for at in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_button_is_there_for_objects_alone(panel, leaves, press):
    button = panel.objects.button
    assert not button.isVisible()
    panel.form.image.value = panel._viewer.layers["photo"]
    panel.form.region.region = Region(leaves)
    press()
    assert not button.isVisible()
    panel.form.region.region = Region(leaves, each=True)
    press()
    assert button.isVisible()
    panel._viewer.layers.remove(leaves)
    assert not button.isVisible()


def test_all_objects_are_clustered_together_and_shown_with_their_shares(window, panel, leaves):
    image = panel.form.image.value
    clustering = ncc.cluster_colors(image.data, 5, mask=leaves.data > 0)
    assert results.of(image).palette.colors.tolist() == clustering.palette.colors.tolist()
    expected = ncc.shares_by_label(clustering, image.data, leaves.data, leaves.data > 0)
    assert window.objects.shares()["pixels"].tolist() == expected["pixels"].tolist()
    rows = cells(window.table)
    assert [row[0] for row in rows] == ["4", "5", "90"]
    assert [row[1] for row in rows] == ["189", "8", "800"]
    first = expected["fraction"][:5]
    shown = [float(text.rstrip(" %<")) / 100 for text in rows[0][2:]]
    np.testing.assert_allclose(shown, first, atol=6e-4)


def test_a_row_goes_to_its_object_and_outlines_it(window, panel, viewer, leaves):
    leaves.corner_pixels = viewer.layers["photo"].corner_pixels = np.array([[0, 0], [1, 1]])
    table = window.table
    at = table.visualRect(table.model().index(2, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert viewer.scene.camera.center[1:] == (29.5, 29.5)
    assert "object 90" in viewer.layers
    table.select(0)
    assert "object 90" not in viewer.layers
    assert "object 4" in viewer.layers


def test_a_click_on_a_bar_selects_its_row(qtbot, window):
    canvas, (axes,) = window.figure.canvas, window.figure.figure.axes
    canvas.draw()
    x, y = axes.transData.transform((0.5, 1.2)) / canvas.device_pixel_ratio
    spot = QPoint(round(x), round(canvas.height() - y))
    QTest.mouseMove(canvas, spot)
    qtbot.waitUntil(lambda: QToolTip.text() == "object 5")
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    assert window.table.selected_row() == 1
    [mark] = [each for each in axes.patches if each.get_gid() == "mark"]
    assert mark.get_y() == 0.5
    window.table.clearSelection()
    assert not [each for each in axes.patches if each.get_gid() == "mark"]


def test_the_table_is_copied_as_it_is_sorted(window):
    table = window.table
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, *rows = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t") == ["Object", "Pixels", *window.objects.palette.names]
    assert [row.split("\t")[:2] for row in rows] == [["90", "800"], ["4", "189"], ["5", "8"]]
    shares = window.objects.shares().query("label == 4")["fraction"]
    np.testing.assert_allclose(np.array(rows[1].split("\t")[2:], float), shares)


def test_the_window_follows_edits_and_strokes_and_keeps_the_selection(
    window, panel, leaves, settle
):
    window.table.select(2)
    panel.session.edit(panel.form.image.value, "merge", (1, 2))
    settle()
    assert panel.objects.window is window
    assert len(window.objects.palette) == 4
    assert window.table.selected_row() == 2
    stroke(leaves, slice(20, 22), 0)
    settle()
    assert window.objects.shares().groupby("label")["pixels"].sum()[90] == 720
    stroke(results.of(panel.form.image.value).labels, slice(30, 40), 1)
    settle()
    shown = window.objects.shares().query("label == 90 and index == 1")["pixels"]
    assert shown.iloc[0] >= 400


def test_the_window_closes_where_there_are_no_objects_any_more(
    qtbot, window, panel, leaves, viewer, press
):
    window.table.select(2)
    panel.form.region.region = None
    press()
    qtbot.waitUntil(lambda: panel.objects.window is None)
    assert not [layer.name for layer in viewer.layers if layer.name.startswith("object")]
    assert not panel.objects.button.isVisible()


def test_shares_patterns_and_figure_are_saved(qtbot, window, monkeypatch, tmp_path):
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda parent, caption, suggestion, kinds: (str(tmp_path / suggestion), kinds),
    )
    for button in window.findChildren(QPushButton):
        if button.text().startswith("Save"):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    shares = pd.read_csv(tmp_path / "shares of objects.csv")
    pd.testing.assert_frame_equal(shares, window.objects.shares(), check_dtype=False)
    indices = pd.read_csv(tmp_path / "patterns of objects.csv")
    assert indices["object"].tolist() == window.objects.patterns.indices()["object"].tolist()
    assert (tmp_path / "shares of objects.png").stat().st_size > 1000


def test_the_window_says_while_it_is_of_before(window, panel, settle):
    image = panel.form.image.value
    assert window.changed == ""
    panel.session.edit(image, "merge", (1, 2))
    while panel.session.is_busy:
        QTest.qWait(5)
    assert window.changed == "Measuring again…"
    settle()
    assert window.changed == ""
    image.gamma = 0.5
    assert panel.objects.window is window
    assert window.changed == "Out of date: press Cluster to update."
    image.gamma = 1
    settle()
    assert window.changed == ""


def test_objects_that_are_drawn_anew_are_said_to_be_so_until_they_are_clustered(
    window, leaves, panel, press, settle
):
    assert not window._changed.isVisible()
    stroke(leaves, slice(40, 45), 6)
    settle()
    assert window._changed.text() == "The region has changed: press Cluster to count its new parts."
    # An edit of the clusters is none of the region.
    panel.palette.edit_requested.emit("rename", (1, "leaf"))
    settle()
    assert window._changed.isVisible()
    press()
    settle()
    assert not window._changed.isVisible()
    assert "6" in [row[0] for row in cells(window.table)]

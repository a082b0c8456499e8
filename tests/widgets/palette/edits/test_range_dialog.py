"""The dialog of a color range, with real keys and clicks: what it counts, and what it asks for."""

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QColorDialog

from napari_colorcluster import RectangularRange, SphericalRange, cluster_colors, count_range
from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.layers.result.range_shares import RangeSharer
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.widgets.palette.view import PaletteView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def made(thumbnail):
    return Segmentation(cluster_colors(thumbnail, 4))


@pytest.fixture
def palette(qtbot, made):
    view = PaletteView()
    qtbot.addWidget(view)
    view.asked = []
    view.edit_requested.connect(lambda name, arguments: view.asked.append((name, *arguments)))
    view.set_palette(made.palette)
    view.ranges.set_made(made)
    return view


@pytest.fixture
def open_dialog(qtbot, palette):
    def open_it(*selected):
        palette.table.select(selected)
        palette.ranges.color_range.trigger()
        dialog = palette.ranges.dialog
        qtbot.waitUntil(lambda: dialog.choices.count.text() != "")
        return dialog

    return open_it


def words(pixels, of, where=""):
    return f"{pixels:,} pixels{where}, {100 * pixels / of:.1f}% of all"


def until_counted(qtbot, dialog, text):
    qtbot.waitUntil(lambda: dialog.choices.count.text() == text)


def test_it_is_offered_where_there_are_clusters_and_stands_in_the_menu(palette):
    action = palette.ranges.color_range
    assert action in palette.color_edits.menu.actions()
    assert action.isEnabled()
    palette.ranges.set_made(None)
    assert not action.isEnabled()


def test_the_color_of_the_selected_row_and_a_radius_are_counted(
    qtbot, open_dialog, palette, thumbnail
):
    dialog = open_dialog(2)
    middle = palette._palette.hex[palette._palette.row_of(2)]
    assert dialog.sphere.swatch.text() == middle
    for radius in (10, 12.5):
        dialog.sphere.radius.selectAll()
        qtbot.keyClicks(dialog.sphere.radius, str(radius))
        pixels = count_range(thumbnail, SphericalRange(middle, radius)).pixels
        until_counted(qtbot, dialog, words(pixels, thumbnail[..., 0].size))
    assert dialog.sphere.slider.value() == 125
    qtbot.keyClick(dialog.sphere.slider, Qt.Key.Key_Right)
    assert dialog.sphere.radius.value() == 12.6
    qtbot.mouseClick(dialog.choices.split, LEFT)
    assert palette.asked == [("assign", SphericalRange(middle, 12.5), None)]


def test_another_color_can_be_chosen(qtbot, open_dialog, thumbnail):
    dialog = open_dialog()
    qtbot.mouseClick(dialog.sphere.swatch, LEFT)
    chooser = dialog.findChild(QColorDialog)
    chooser.setCurrentColor(QColor("#8c5a32"))
    chooser.accept()
    pixels = count_range(thumbnail, SphericalRange("#8c5a32", 10)).pixels
    until_counted(qtbot, dialog, words(pixels, thumbnail[..., 0].size))


@pytest.mark.parametrize("title", ["CIELAB", "sRGB", "Oklab"])
def test_limits_begin_with_those_of_the_selected_clusters(qtbot, open_dialog, made, title):
    dialog = open_dialog(3)
    qtbot.keyClicks(dialog.kind, "L")
    qtbot.keyClicks(dialog.box.space, title)
    assert dialog.box.space.currentText() == title
    one = dialog.box.range
    colors = made.histogram.colors
    assert one(colors[made.labels == 3]).all()
    points = one.measure(colors[made.labels == 3])
    assert (points.min(axis=0) - one.lower < 0.1).all()
    assert (one.upper - points.max(axis=0) < 0.1).all()
    pixels = made.histogram.counts[one(colors)].sum()
    until_counted(qtbot, dialog, words(pixels, made.histogram.n_pixels))


def test_limits_are_typed_and_given_to_a_cluster(qtbot, open_dialog, palette, made):
    dialog = open_dialog()
    dialog.kind.setCurrentIndex(1)
    dialog.box.upper[0].selectAll()
    qtbot.keyClicks(dialog.box.upper[0], "40")
    expected = dialog.box.range
    assert isinstance(expected, RectangularRange)
    assert expected.upper[0] == 40
    pixels = made.histogram.counts[expected(made.histogram.colors)].sum()
    until_counted(qtbot, dialog, words(pixels, made.histogram.n_pixels))
    dialog.choices.give_menu.aboutToShow.emit()
    entries = {entry.text(): entry for entry in dialog.choices.give_menu.actions()}
    assert list(entries)[:4] == [
        f"{label}  {name}"
        for label, name in zip(made.palette.labels, made.palette.names, strict=True)
    ]
    entries[f"2  {made.palette.names[made.palette.row_of(2)]}"].trigger()
    entries["Background"].trigger()
    assert palette.asked == [("assign", expected, 2), ("assign", expected, 0)]
    assert check_edits(palette.asked) == palette.asked
    # A lower limit above the upper one is no range: nothing is counted, nothing can be done.
    dialog.box.lower[0].selectAll()
    qtbot.keyClicks(dialog.box.lower[0], "70")
    until_counted(qtbot, dialog, "")
    assert not dialog.choices.split.isEnabled()


def test_only_the_selected_clusters_give_where_so_chosen(qtbot, open_dialog, palette, made):
    dialog = open_dialog()
    assert not dialog.only.isEnabled()
    palette.table.select((1, 4))
    assert dialog.only.isEnabled()
    qtbot.mouseClick(dialog.only, LEFT, pos=dialog.only.rect().center())
    dialog.only.setChecked(True)
    dialog.sphere.radius.setValue(40)
    ball = dialog.sphere.range
    inside = ball(made.histogram.colors) & np.isin(made.labels, [1, 4])
    pixels = made.histogram.counts[inside].sum()
    where = " in the selected clusters"
    until_counted(qtbot, dialog, words(pixels, made.histogram.n_pixels, where))
    qtbot.mouseClick(dialog.choices.split, LEFT)
    assert palette.asked == [("assign", ball, None, (1, 4))]


def test_the_clusters_of_the_range_are_selected(qtbot, open_dialog, palette, made):
    dialog = open_dialog()
    dialog.sphere.radius.setValue(35)
    inside = dialog.sphere.range(made.histogram.colors)
    pixels = np.bincount(made.labels[inside], made.histogram.counts[inside])
    until_counted(qtbot, dialog, words(int(pixels.sum()), made.histogram.n_pixels))
    qtbot.mouseClick(dialog.choices.select, LEFT)
    expected = np.flatnonzero(pixels >= 0.1 * pixels.sum()).tolist()
    assert sorted(palette.table.selected_labels()) == expected


def test_what_goes_wrong_is_told_in_the_panel(qtbot, panel, press, told, monkeypatch):
    def fail(*_):
        raise MemoryError

    press()
    monkeypatch.setattr(RangeSharer, "shares", fail)
    panel.palette.ranges.color_range.trigger()
    qtbot.waitUntil(lambda: bool(told))
    assert told.pop() == ("error", "There is not enough memory.")
    assert panel.status.line.news == "There is not enough memory."


def test_it_follows_edits_and_closes_for_good(qtbot, open_dialog, palette, made):
    dialog = open_dialog()
    text = dialog.choices.count.text()
    palette.ranges.set_made(made.edited("assign", SphericalRange("#8c5a32", 20)))
    dialog.choices.give_menu.aboutToShow.emit()
    assert len(dialog.choices.give_menu.actions()) == 7
    until_counted(qtbot, dialog, text)
    palette.ranges.set_made(None)
    assert dialog.choices.count.text() == ""
    assert not dialog.choices.split.isEnabled()
    palette.ranges.set_made(made)
    palette.ranges.color_range.trigger()
    assert palette.ranges.dialog is dialog
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert palette.ranges.dialog is None
    palette.ranges.color_range.trigger()
    assert palette.ranges.dialog is not dialog

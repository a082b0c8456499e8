"""The corrections by shape as actions: when they can be made, and what they ask for."""

import numpy as np
import pytest
from qtpy.QtCore import Qt

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.by_shape import grow_clusters
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.palette.edits.shape_actions import ShapeActions
from napari_colorcluster.widgets.parts.ask import NumberDialog

PALETTE = Palette([[9, 0, 0], [0, 9, 0], [0, 0, 9]], [900, 80, 20], "abc", [1, 4, 6])
NAMES = ("grow", "shrink", "fill_holes", "smooth")


@pytest.fixture
def shape(parent):
    shape = ShapeActions(parent)
    shape.set_palette(PALETTE)
    return shape


@pytest.fixture
def asked(shape):
    asked = []
    shape.edit_requested.connect(lambda name, arguments: asked.append((name, *arguments)))
    return asked


@pytest.fixture
def answer(qtbot, parent):
    """Type a number, in a unit, and accept; returns what was asked."""

    def answer(text, unit=None):
        [dialog] = parent.findChildren(NumberDialog)
        question = dialog.box.accessibleName()
        if unit is not None:
            dialog.units.setCurrentText(unit)
        dialog.box.selectAll()
        if text:
            qtbot.keyClicks(dialog.box, text)
        qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not parent.findChildren(NumberDialog))
        return question

    return answer


@pytest.mark.parametrize(
    ("selected", "enabled"),
    [((), ()), ((4,), NAMES), ((1, 4), NAMES), ((1, 4, 6), ("smooth",))],
)
def test_pixels_must_have_somewhere_to_come_from(shape, selected, enabled):
    shape.set_selected(selected)
    assert tuple(name for name in NAMES if getattr(shape, name).isEnabled()) == enabled
    assert shape.menu.menuAction().isEnabled() == bool(enabled)
    shape.set_palette(None)
    assert not any(getattr(shape, name).isEnabled() for name in NAMES)


def test_distances_are_asked_for_in_pixels(shape, asked, answer):
    shape.set_selected([4])
    shape.grow.trigger()
    assert answer("3") == "Grow b by"
    shape.set_selected([4, 6])
    shape.shrink.trigger()
    assert answer("2") == "Shrink 2 clusters by"
    shape.smooth.trigger()
    answer("")
    shape.grow.trigger()
    answer("")
    assert asked == [
        ("grow", [4], 3), ("shrink", [4, 6], 2), ("smooth", [4, 6], 2), ("grow", [4, 6], 3),
    ]  # fmt: skip


def test_distances_are_asked_for_in_a_length_as_it_is_typed(shape, asked, answer):
    shape.set_pixel((0.5, 0.25), "µm", PixelSize(0.125, "µm²"))
    shape.set_selected([1])
    shape.grow.trigger()
    answer("1.3", "µm")
    # The unit is kept, and the number of the other dialog converted into it.
    shape.shrink.trigger()
    answer("")
    shape.smooth.trigger()
    answer("3", "pixels")
    assert asked == [
        ("grow", [1], 1.3, [0.5, 0.25]), ("shrink", [1], 0.25, [0.5, 0.25]), ("smooth", [1], 3),
    ]  # fmt: skip


def test_holes_have_any_size_or_a_largest_one(shape, asked, answer):
    shape.set_pixel((0.5, 0.5), "µm", PixelSize(0.25, "µm²"))
    shape.set_selected([1])
    shape.fill_holes.trigger()
    assert answer("") == "Fill the holes in a that are no larger than"
    shape.fill_holes.trigger()
    answer("20")
    shape.fill_holes.trigger()
    answer("10", "µm²")
    assert asked == [("fill_holes", [1]), ("fill_holes", [1], 20), ("fill_holes", [1], 40)]


def test_what_is_not_accepted_changes_nothing(qtbot, parent, shape, asked):
    shape.set_selected([1])
    shape.grow.trigger()
    [dialog] = parent.findChildren(NumberDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert asked == []


def test_in_the_panel_the_selected_rows_grow_and_it_is_undone(qtbot, panel, press):
    press()
    palette, image = panel.palette, panel.form.image.value
    before = results.of(image).labels.data.copy()
    [entry] = [each for each in palette.edit_bar.more_menu.actions() if each.text() == "By shape"]
    assert not entry.isEnabled()
    palette.table.select([1, 3])
    assert entry.isEnabled()
    palette.shape.grow.trigger()
    [dialog] = palette.findChildren(NumberDialog)
    dialog.box.selectAll()
    qtbot.keyClicks(dialog.box, "2")
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    grown = results.of(image).labels.data.copy()
    np.testing.assert_array_equal(grown, grow_clusters(before, [1, 3], 2))
    assert palette.table.selected_labels() == (1, 3)
    press(palette.edit_bar.undo)
    np.testing.assert_array_equal(results.of(image).labels.data, before)

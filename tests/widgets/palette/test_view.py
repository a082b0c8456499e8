"""Bar, table and edits as one: selecting in one marks the other, and files are whole."""

import numpy as np
import pandas as pd
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QApplication, QColorDialog, QFileDialog, QLineEdit

from napari_colorcluster import cluster_colors, read_palette
from napari_colorcluster.core.clustering.edits import apply_edits
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import FORMATS
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.widgets.palette.view import PALETTE_KINDS, PaletteView

PALETTE = Palette([[200, 30, 40], [10, 90, 60]], [300, 100], ("red", "green"))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    view = PaletteView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.set_palette(PALETTE, "leaf")
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    return view


def choose(qtbot, menu, action):
    """Click an entry of a menu."""
    menu.popup(QPoint(0, 0))
    with qtbot.waitExposed(menu):
        pass
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_a_click_on_the_bar_selects_the_row_and_another_clears(qtbot, view):
    where = QPoint(view.bar.width() - 5, 10)
    with qtbot.waitSignal(view.labels_selected) as selected:
        qtbot.mouseClick(view.bar, LEFT, pos=where)
    assert selected.args == [(2,)]
    assert view.table.selected_labels() == (2,)
    qtbot.mouseClick(view.bar, LEFT, pos=where)
    assert view.table.selected_labels() == ()


def test_copy_puts_the_table_on_the_clipboard(qtbot, view):
    choose(qtbot, view.edit_bar.save_menu, view.edits.copy)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["index", "name", "hex"]
    assert len(lines) == 3


def save_as(qtbot, view, action, path, kind=None):
    """Choose an entry of the save menu, name a file in the dialog that it opens, and save."""
    choose(qtbot, view.edit_bar.save_menu, action)
    dialog = view.findChild(QFileDialog)
    dialog.setDirectory(str(path.parent))
    if kind is not None:
        dialog.selectNameFilter(kind)
        dialog.filterSelected.emit(kind)
    box = dialog.findChild(QLineEdit)
    suggestion = box.text()
    box.setText(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: view.findChild(QFileDialog) is None)
    return suggestion


@pytest.mark.parametrize("pixel_size", [None, PixelSize(0.5, "µm²")])
def test_the_file_holds_the_palette(qtbot, view, tmp_path, pixel_size):
    view.set_palette(PALETTE, "leaf", pixel_size=pixel_size)
    path = tmp_path / "out"
    assert save_as(qtbot, view, view.edits.save_palette, path) == "leaf palette.colors.csv"
    read = pd.read_csv(tmp_path / "out.colors.csv")
    pd.testing.assert_frame_equal(read, PALETTE.to_dataframe(pixel_size), check_dtype=False)


@pytest.mark.parametrize("suffix", [".colors.csv", ".colors.json", ".gpl", ".ase"])
def test_the_kind_that_is_chosen_gives_the_suffix(qtbot, view, tmp_path, suffix):
    kind = f"{PALETTE_KINDS[suffix]} (*{suffix})"
    suggestion = save_as(qtbot, view, view.edits.save_palette, tmp_path / "out", kind)
    assert suggestion == f"leaf palette{suffix}"
    assert read_palette(tmp_path / f"out{suffix}").hex == PALETTE.hex


def test_every_format_is_offered():
    assert {suffix.removeprefix(".colors") for suffix in PALETTE_KINDS} == set(FORMATS)


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(qtbot, view, tmp_path, told):
    target = tmp_path / "out.csv"
    target.mkdir()
    view._save_palette(str(target))
    save_as(qtbot, view, view.edits.save_palette, tmp_path / "out.txt")
    (severity, message), (_, other) = told
    assert severity == "error"
    assert str(target) in message
    assert ".gpl" in other
    assert "'out.txt'" in other
    told.clear()


def test_giving_no_name_saves_nothing(qtbot, view, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    choose(qtbot, view.edit_bar.save_menu, view.edits.save_palette)
    view.findChild(QFileDialog).reject()
    qtbot.waitUntil(lambda: view.findChild(QFileDialog) is None)
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_an_image_that_is_no_file_name_is_made_one(qtbot, view, tmp_path):
    view.set_palette(PALETTE, "slide/a: b")
    suggestion = save_as(qtbot, view, view.edits.save_palette, tmp_path / "out")
    assert suggestion == "slide_a_ b palette.colors.csv"


def test_a_whole_clustering_is_asked_for_with_its_file(qtbot, view, tmp_path, told):
    with qtbot.waitSignal(view.save_requested) as wanted:
        suggestion = save_as(qtbot, view, view.edits.save_clustering, tmp_path / "out")
    assert suggestion == "leaf.colors.json"
    assert wanted.args == [str(tmp_path / "out.colors.json")]
    with qtbot.assertNotEmitted(view.save_requested):
        save_as(qtbot, view, view.edits.save_clustering, tmp_path / "out.csv")
    [(severity, message)] = told
    assert severity == "error"
    assert ".json" in message
    assert "'out.csv'" in message
    told.clear()


def test_without_a_palette_there_is_nothing_to_press(view):
    view.table.select([1])
    view.set_palette(None)
    bar = view.edit_bar
    for button in (bar.merge, bar.split, bar.undo, bar.redo, bar.more, bar.save):
        assert not button.isEnabled()
    assert not any(action.isEnabled() for action in view.table.actions() if action.text())


@pytest.mark.parametrize("key", ["ControlModifier", "ShiftModifier"])
def test_a_click_on_the_bar_with_a_key_held_adds_and_takes_away(qtbot, view, key):
    key = getattr(Qt.KeyboardModifier, key)
    left, right = QPoint(5, 10), QPoint(view.bar.width() - 5, 10)
    qtbot.mouseClick(view.bar, LEFT, pos=right)
    qtbot.mouseClick(view.bar, LEFT, key, left)
    assert view.table.selected_labels() == (1, 2)
    qtbot.mouseClick(view.bar, LEFT, key, right)
    assert view.table.selected_labels() == (1,)


def test_a_pick_selects_adds_and_clears(view):
    view.pick(2)
    view.pick(1, True)
    assert view.table.selected_labels() == (1, 2)
    view.pick(0, True)
    assert view.table.selected_labels() == (1, 2)
    view.pick(0)
    assert view.table.selected_labels() == ()


def test_a_cluster_that_is_picked_again_stays(view):
    for _ in range(2):
        view.pick(2)
        assert view.table.selected_labels() == (2,)


def test_arrow_keys_go_along_the_bar(qtbot, view):
    assert view.bar.focusPolicy() == Qt.FocusPolicy.StrongFocus
    view.bar.setFocus()
    for key, expected in (("Right", 1), ("Right", 2), ("Right", 2), ("Left", 1), ("Left", 1)):
        qtbot.keyClick(view.bar, getattr(Qt.Key, f"Key_{key}"))
        assert view.table.selected_labels() == (expected,)
    qtbot.keyClick(view.bar, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.table.selected_labels() == (1, 2)
    view.set_palette(None)
    assert not view.bar.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_context_menu_offers_the_edits(view):
    texts = [action.text() for action in view.table.actions() if action.text()]
    assert texts == [
        "Merge",
        "Split",
        "Set as background",
        "Recolor…",
        "Rename",
        "Copy table",
    ]


def test_f2_renames_the_selected_row(qtbot, view):
    view.table.select([2])
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_F2)
    editor = view.table.findChild(QLineEdit)
    qtbot.keyClicks(editor, "moss")
    with qtbot.waitSignal(view.edit_requested) as asked:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert asked.args == ["rename", (2, "moss")]


def test_a_double_click_on_a_swatch_asks_for_its_color(qtbot, view):
    place = view.table.visualRect(view.table.model().index(1, 0)).center()
    qtbot.mouseClick(view.table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(view.table.viewport(), LEFT, pos=place)
    dialog = view.findChild(QColorDialog)
    assert dialog.currentColor().name() == "#0a5a3c"
    dialog.setCurrentColor(QColor("#aa3300"))
    with qtbot.waitSignal(view.edit_requested) as asked:
        dialog.accept()
    assert asked.args == ["recolor", (2, "#aa3300")]
    qtbot.waitUntil(lambda: view.findChild(QColorDialog) is None)


def test_edits_and_their_answers(qtbot, view):
    """The view is told what `apply_edits` makes of what it asked for, as the panel does."""
    colors = [[200, 30, 40], [10, 90, 60], [10, 10, 200], [220, 220, 30], [230, 220, 40]]
    image = np.repeat(np.array(colors, np.uint8), [300, 200, 100, 60, 40], axis=0)[np.newaxis]
    states = [cluster_colors(image, n_clusters=4)]
    view.edit_requested.connect(
        lambda name, arguments: states.append(apply_edits(states[-1], [(name, *arguments)]))
    )
    view.edit_requested.connect(lambda *_: view.set_palette(states[-1].palette))
    view.set_palette(states[-1].palette, "leaf", keep_selection=False)
    view.table.select([2, 3])
    qtbot.mouseClick(view.edit_bar.merge, LEFT)
    assert states[-1].palette.labels.tolist() == [1, 2, 4]
    assert view.table.selected_labels() == (2,)
    qtbot.mouseClick(view.edit_bar.split, LEFT)
    assert sorted(states[-1].palette.labels.tolist()) == [1, 2, 3, 4]
    view.table.select([3, 4])
    choose(qtbot, view.edit_bar.more_menu, view.edits.background)
    assert sorted(states[-1].palette.labels.tolist()) == [1, 2]
    assert view.table.selected_labels() == ()

"""Bar, table and buttons as one: selecting in one marks the other, and files are whole."""

import pandas as pd
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication, QFileDialog

from napari_colorcluster.core.palette import Palette
from napari_colorcluster.widgets.palette_view import PaletteView

PALETTE = Palette([[200, 30, 40], [10, 90, 60]], [300, 100], ("red", "green"))


@pytest.fixture
def view(qtbot):
    view = PaletteView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.set_palette(PALETTE, "leaf")
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_a_click_on_the_bar_selects_the_row_and_another_clears(qtbot, view):
    where = QPoint(view.bar.width() - 5, 10)
    with qtbot.waitSignal(view.labels_selected) as selected:
        qtbot.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=where)
    assert selected.args == [(2,)]
    assert view.table.selected_labels() == (2,)
    qtbot.mouseClick(view.bar, Qt.MouseButton.LeftButton, pos=where)
    assert view.table.selected_labels() == ()


def test_copy_puts_the_table_on_the_clipboard(qtbot, view):
    qtbot.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["index", "name", "hex"]
    assert len(lines) == 3


def test_the_file_holds_the_palette(qtbot, view, monkeypatch, tmp_path):
    asked = []

    def choose(parent, title, suggestion, kinds):
        asked.append(suggestion)
        return str(tmp_path / "out"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    qtbot.mouseClick(view.save_button, Qt.MouseButton.LeftButton)
    assert asked == ["leaf palette.csv"]
    read = pd.read_csv(tmp_path / "out.csv")
    pd.testing.assert_frame_equal(read, PALETTE.to_dataframe(), check_dtype=False)


def test_a_folder_that_is_not_there_is_told_in_a_sentence(qtbot, view, monkeypatch, tmp_path, told):
    target = tmp_path / "nowhere" / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    qtbot.mouseClick(view.save_button, Qt.MouseButton.LeftButton)
    [(severity, message)] = told
    assert severity == "error"
    assert str(target) in message
    told.clear()


def test_giving_no_name_saves_nothing(qtbot, view, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    qtbot.mouseClick(view.save_button, Qt.MouseButton.LeftButton)
    assert list(tmp_path.iterdir()) == []


def test_without_a_palette_there_is_nothing_to_press(view):
    view.set_palette(None)
    assert not view.copy_button.isEnabled()
    assert not view.save_button.isEnabled()

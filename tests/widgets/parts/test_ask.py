import pytest
from qtpy.QtCore import Qt, QTimer
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget

from napari_colorcluster.widgets.parts.ask import (
    NumberDialog,
    ask_color,
    ask_folder,
    ask_open_path,
    ask_path,
)


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    return parent


def test_the_number_at_hand_is_typed_over_and_explained(qtbot, parent):
    dialog = NumberDialog(
        parent, "T", "Which?", 1, 0, 9, decimals=1, suffix=" %", explain=lambda n: f"<{n}>"
    )
    taken = []
    dialog.accepted.connect(lambda: taken.append(dialog.value))
    dialog.open()
    assert dialog.explanation.text() == "<1>"
    qtbot.keyClicks(dialog.box, "2.5")
    assert dialog.explanation.text() == "<2.5>"
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert taken == [2.5]
    qtbot.waitUntil(lambda: parent.findChild(NumberDialog) is None)


def test_the_lowest_number_can_be_a_word(qtbot, parent):
    dialog = NumberDialog(parent, "T", "Which?", 1, 1, 9, lowest="off")
    assert dialog.box.text() == "off"
    assert dialog.explanation.isHidden()


def test_a_number_is_asked_for_in_the_unit_that_is_chosen(qtbot, parent):
    units = {"pixels": 1.0, "µm²": 0.0123}
    said = []

    def note(pixels):
        said.append(pixels)
        return f"{pixels} pixels"

    dialog = NumberDialog(
        parent, "T", "Which?", 20, 1, 10**9, lowest="off", units=units, explain=note
    )
    dialog.open()
    assert (dialog.value, dialog.unit) == (20, "pixels")
    dialog.units.setCurrentText("µm²")
    assert dialog.box.text() == "0.2460"
    assert (dialog.value, dialog.unit) == (20, "µm²")
    dialog.box.selectAll()
    qtbot.keyClicks(dialog.box, "0.25")
    assert dialog.value == 21
    dialog.units.setCurrentText("pixels")
    assert dialog.box.text() == "21"
    assert said[-1] == 21
    dialog.units.setCurrentText("µm²")
    dialog.box.setValue(0)
    assert dialog.box.text() == "off"
    assert dialog.value == 1


def test_changing_units_to_and_fro_changes_no_number(qtbot, parent):
    for one in (0.0123, 1 / 3, 0.25, 7.77, 1e-9, 12345.678, 1.0):
        dialog = NumberDialog(parent, "T", "?", 1, 1, 10**6, units={"pixels": 1.0, "unit": one})
        for pixels in (1, 2, 3, 10, 77, 1234):
            dialog.box.setValue(pixels)
            dialog.units.setCurrentText("unit")
            assert dialog.value == pixels
            dialog.units.setCurrentText("pixels")
            assert dialog.value == pixels
        dialog.reject()


@pytest.mark.parametrize(("color", "expected"), [("#0a0b0c", ["#0a0b0c"]), ("#102030", [])])
def test_only_another_color_is_passed_on(qtbot, parent, color, expected):
    chosen = []
    dialog = ask_color(parent, QColor("#102030"), "Color", lambda c: chosen.append(c.name()))
    dialog.setCurrentColor(QColor(color))
    dialog.accept()
    assert chosen == expected


def name_file(dialog, path):
    dialog.findChild(QLineEdit).setText(str(path))
    dialog.accept()


@pytest.mark.parametrize(("typed", "expected"), [("out", "out.a"), ("out.b", "out.b")])
def test_a_file_gets_the_suffix_it_lacks(qtbot, parent, tmp_path, typed, expected):
    chosen = []
    dialog = ask_path(parent, "T", "first.a", {".a": "One", ".b": "Other"}, chosen.append)
    assert dialog.findChild(QLineEdit).text() == "first.a"
    assert dialog.nameFilters() == ["One (*.a)", "Other (*.b)"]
    name_file(dialog, tmp_path / typed)
    assert chosen == [str(tmp_path / expected)]
    qtbot.waitUntil(lambda: parent.findChild(QFileDialog) is None)


@pytest.mark.parametrize(("answer", "n_chosen"), [("Yes", 1), ("No", 0)])
def test_a_file_is_replaced_only_where_its_whole_name_was_agreed_to(
    parent, tmp_path, answer, n_chosen
):
    (tmp_path / "out.a").write_text("precious")
    chosen, asked = [], []

    def reply():
        box = QApplication.activeModalWidget()
        asked.append(box.text())
        box.button(getattr(QMessageBox.StandardButton, answer)).click()

    dialog = ask_path(parent, "T", "first.a", {".a": "One"}, chosen.append)
    QTimer.singleShot(200, reply)
    name_file(dialog, tmp_path / "out")
    assert "out.a" in asked[0]
    assert len(chosen) == n_chosen
    dialog.close()


def test_giving_up_passes_nothing_on(qtbot, parent):
    chosen = []
    ask_path(parent, "T", "first.a", {".a": "One"}, chosen.append).reject()
    qtbot.waitUntil(lambda: parent.findChild(QFileDialog) is None)
    assert chosen == []


def test_a_file_that_is_there_is_passed_on(qtbot, parent, tmp_path):
    (tmp_path / "in.a").write_text("")
    chosen = []
    dialog = ask_open_path(parent, "T", {".a": "One"}, chosen.append)
    assert dialog.nameFilters() == ["One (*.a)"]
    name_file(dialog, tmp_path / "in.a")
    assert chosen == [str(tmp_path / "in.a")]
    qtbot.waitUntil(lambda: parent.findChild(QFileDialog) is None)


def test_a_folder_is_passed_on(qtbot, parent, tmp_path):
    chosen = []
    dialog = ask_folder(parent, "T", chosen.append)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    name_file(dialog, tmp_path)
    assert chosen == [str(tmp_path)]
    qtbot.waitUntil(lambda: parent.findChild(QFileDialog) is None)

import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QWidget

from napari_colorcluster.widgets.ask import NumberDialog, ask_color


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


@pytest.mark.parametrize(("color", "expected"), [("#0a0b0c", ["#0a0b0c"]), ("#102030", [])])
def test_only_another_color_is_passed_on(qtbot, parent, color, expected):
    chosen = []
    dialog = ask_color(parent, QColor("#102030"), "Color", lambda c: chosen.append(c.name()))
    dialog.setCurrentColor(QColor(color))
    dialog.accept()
    assert chosen == expected

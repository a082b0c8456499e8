"""Texts that are longer than a menu is wide."""

import pytest
from qtpy.QtCore import QEvent, QPoint
from qtpy.QtGui import QHelpEvent
from qtpy.QtWidgets import QApplication, QComboBox

from napari_colorcluster.widgets.parts.elided import Elided

LONG = 'inside "a photo of something clusters - Shapes"'


@pytest.fixture
def box(qtbot):
    box = QComboBox()
    box.setToolTip("Which pixels take part.")
    box.addItems(["whole image", LONG, LONG.replace("Shapes", "Shaped"), LONG + "!"])
    Elided(box)
    qtbot.addWidget(box)
    box.setFixedWidth(180)
    with qtbot.waitExposed(box):
        box.show()
    return box


def picture(box, index):
    box.setCurrentIndex(index)
    return box.grab().toImage()


def tooltip(box, index):
    box.setCurrentIndex(index)
    point = QPoint(3, 3)
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, point, box.mapToGlobal(point)))
    return box.toolTip()


def test_the_end_of_a_long_text_is_seen(box):
    assert picture(box, 1) != picture(box, 2)


def test_the_tooltip_has_what_is_not_seen(box):
    assert tooltip(box, 1) == f"{LONG}\n\nWhich pixels take part."
    assert tooltip(box, 0) == "Which pixels take part."


def test_a_text_that_fits_is_painted_as_ever(qtbot, box):
    plain = QComboBox()
    qtbot.addWidget(plain)
    plain.addItem("whole image")
    plain.setFixedSize(box.size())
    with qtbot.waitExposed(plain):
        plain.show()
    plain.clearFocus()
    box.clearFocus()
    assert picture(box, 0) == plain.grab().toImage()

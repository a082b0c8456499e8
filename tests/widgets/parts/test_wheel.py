"""The wheel over the panel: it scrolls, and changes a value only where that has the focus."""

import pytest
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.widgets.parts.layout import ColumnScrollArea, Fold

NONE = Qt.MouseButton.NoButton


def turn(widget, up=-120):
    """Turn the wheel over a widget; what it ignores goes to what it is in, as Qt passes it on."""
    where = QPointF(widget.mapToGlobal(widget.rect().center()))
    widget = widget.childAt(widget.rect().center()) or widget
    keys, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    taken = False
    while not taken:
        at = QPointF(widget.mapFromGlobal(where.toPoint()))
        event = QWheelEvent(at, where, QPoint(0, 0), QPoint(0, up), NONE, keys, phase, False)
        QApplication.sendEvent(widget, event)
        taken, widget = event.isAccepted() or widget.isWindow(), widget.parentWidget()


def value(widget):
    return widget.currentIndex() if isinstance(widget, QComboBox) else widget.value()


def turned(panel):
    kinds = QComboBox, QAbstractSpinBox, QSlider
    found = [each for kind in kinds for each in panel.native.findChildren(kind)]
    return [each for each in found if each.isVisible() and each.isEnabled()]


def test_the_wheel_scrolls_the_panel_over_each_control_of_each_fold(panel, qtbot, press):
    press()
    for fold in panel.native.findChildren(Fold):
        fold.open()
    panel.native.resize(320, 260)
    area = panel.native.findChild(ColumnScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 300)
    controls = turned(panel)
    assert len(controls) > 10
    for control in controls:
        area.verticalScrollBar().setValue(100)
        area.ensureWidgetVisible(control)
        before, scrolled = value(control), area.verticalScrollBar().value()
        down = scrolled < area.verticalScrollBar().maximum() - 60
        turn(control, -120 if down else 120)
        assert value(control) == before, control
        # Else Qt would give it the focus before it turns.
        assert not control.focusPolicy() & ~Qt.FocusPolicy.StrongFocus
        assert area.verticalScrollBar().value() != scrolled, control


def test_the_wheel_turns_what_has_the_focus(panel, qtbot):
    with qtbot.waitActive(panel.native):
        panel.native.activateWindow()
    slider = panel.form.n_clusters.native.findChild(QSlider)
    for control in (slider, panel.form.method.native, panel.form.n_clusters._box.native):
        control.setFocus()
        before = value(control)
        turn(control, 120 if control is not panel.form.method.native else -120)
        assert value(control) > before


@pytest.mark.parametrize("nested", [False, True])
def test_what_is_made_later_is_left_alone_as_well(qtbot, nested):
    content = QWidget()
    layout = QVBoxLayout(content)
    area = ColumnScrollArea(content)
    qtbot.addWidget(area)
    area.resize(200, 150)
    filler = QWidget()
    filler.setMinimumHeight(600)
    layout.addWidget(filler)
    with qtbot.waitExposed(area):
        area.show()
    box = QSpinBox()
    if nested:
        holder = QWidget()
        QVBoxLayout(holder).addWidget(box)
        layout.insertWidget(0, holder)
    else:
        layout.insertWidget(0, box)
    qtbot.waitUntil(box.isVisible)
    turn(box)
    assert box.value() == 0
    assert box.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert area.verticalScrollBar().value() > 0

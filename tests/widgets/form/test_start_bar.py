"""The button that starts and cancels: a double click starts, and what was cancelled is told."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest

from napari_colorcluster.session.run import Run
from napari_colorcluster.widgets.form.start_bar import StartButton

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def endless(monkeypatch):
    """Runs that go on until they are cancelled."""

    def go_on(run, counted, data, progress, *rest):
        while True:
            progress(0.5, "Going on")

    monkeypatch.setattr(Run, "do", go_on)


def double_click(widget):
    """What the window system tells: a click, and a second press that it says is of the same."""
    QTest.mouseClick(widget, LEFT)
    QTest.mouseDClick(widget, LEFT)
    QTest.mouseRelease(widget, LEFT)


def test_a_double_click_is_one_press(qtbot):
    button = StartButton("Cluster")
    qtbot.addWidget(button)
    pressed = []
    button.clicked.connect(lambda: pressed.append(True))
    double_click(button)
    assert len(pressed) == 1
    assert not button.isDown()
    # Two clicks with time between them are two.
    QTest.mouseClick(button, LEFT)
    QTest.mouseClick(button, LEFT)
    assert len(pressed) == 3


def test_a_double_click_clusters(panel, qtbot, viewer):
    double_click(panel.button)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert "photo clusters" in viewer.layers
    assert panel.status.line.news == ""


def test_a_double_click_cancels_nothing(panel, qtbot, endless):
    double_click(panel.button)
    assert panel.button.text() == "Cancel"
    assert panel.session.is_busy
    QTest.mouseClick(panel.button, LEFT)
    assert panel.button.text() == "Stopping…"
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)


def test_what_was_canceled_is_told_until_other_work_begins(panel, qtbot, endless, monkeypatch):
    line = panel.status.line
    for _ in range(2):
        assert panel.button.text() == "Cluster"
        QTest.mouseClick(panel.button, LEFT)
        assert line.news == ""
        QTest.mouseClick(panel.button, LEFT)
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
        assert line.news == "Canceled."
    monkeypatch.undo()
    QTest.mouseClick(panel.button, LEFT)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert line.news == ""

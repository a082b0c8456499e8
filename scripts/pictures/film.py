"""Films of a window in which a mouse, drawn by us and followed by napari, does the work."""

from __future__ import annotations

from typing import Any

import numpy as np
from files import as_picture, write_film
from PIL import Image
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QColor, QCursor, QMouseEvent, QPainter, QPen, QPolygonF
from qtpy.QtWidgets import QApplication, QWidget
from stage import Stage, screenshot

FRAME = 70
"""Milliseconds between two frames."""

_STEP = 26
"""Pixels that the mouse goes in a frame, at most."""

_ARROW = ((0, 0), (0, 17), (4.2, 13.2), (7.0, 19.4), (9.6, 18.2), (6.9, 12.2), (12.2, 12.0))
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


class Film:
    """Records what a stage shows while its mouse moves, presses and drags.

    Parameters
    ----------
    stage : Stage
        The stage; its size is that of the film.
    width : int
        How wide the film is: frames are scaled to it.
    """

    def __init__(self, stage: Stage, width: int = 860) -> None:
        self.stage, self._width = stage, width
        self._frames: list[Image.Image] = []
        self._durations: list[int] = []
        self._at = stage.window.mapToGlobal(stage.window.rect().center())
        self._down = False
        self._over: QWidget | None = None

    def hold(self, milliseconds: int = FRAME) -> None:
        """Let what is seen be seen for some time."""
        self.stage.wait(0.05)
        self._shoot(milliseconds)

    def settle(self, milliseconds: int = 600, most_seconds: float = 20) -> None:
        """Film until the panel has nothing to do, and hold what came out."""
        session = self.stage.panel.session
        self.stage.wait(0.1)
        self.stage.wait(most_seconds, lambda: not session.is_busy)
        self.stage.wait(0.4)
        self._shoot(milliseconds)

    def go(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Move the mouse to a place in a widget, by default its middle."""
        goal = widget.mapToGlobal(widget.rect().center() if place is None else place)
        start = self._at
        way = QPointF(goal - start)
        steps = max(int(np.ceil(np.hypot(way.x(), way.y()) / _STEP)), 1)
        for step in range(1, steps + 1):
            # Slow at both ends, as a hand moves.
            part = (1 - np.cos(np.pi * step / steps)) / 2
            self._move(widget, start + (way * part).toPoint())
            self.hold()

    def along(self, widget: QWidget, places: list[QPoint]) -> None:
        """Move the mouse from place to place, a frame each."""
        for place in places:
            self._move(widget, widget.mapToGlobal(place))
            self.hold()

    def press(self, widget: QWidget) -> None:
        self._down = True
        self._send(widget, QEvent.Type.MouseButtonPress, _LEFT)
        self.hold(2 * FRAME)

    def release(self, widget: QWidget) -> None:
        self._down = False
        self._send(widget, QEvent.Type.MouseButtonRelease, _LEFT)
        self.hold(2 * FRAME)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        self.go(widget, place)
        self.press(widget)
        self.release(widget)

    def write(self, name: str) -> None:
        write_film(self._frames, self._durations, name)

    def _move(self, widget: QWidget, where: QPoint) -> None:
        self._at = where
        QCursor.setPos(where)
        self._send(widget, QEvent.Type.MouseMove, _NONE)

    def _send(self, widget: QWidget, kind: Any, button: Any) -> None:
        place = QPointF(widget.mapFromGlobal(self._at))
        buttons = _LEFT if self._down else _NONE
        event = QMouseEvent(
            kind, place, QPointF(self._at), button, buttons, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)
        self.stage.wait(0.02)

    def _shoot(self, milliseconds: int) -> None:
        viewer = self.stage.viewer
        viewer.status = viewer.help = ""
        QApplication.processEvents()
        image = screenshot(self.stage.window)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(QPointF(self._at - self.stage.window.geometry().topLeft()))
        if self._down:
            painter.setPen(QPen(QColor(255, 190, 40, 230), 3))
            painter.setBrush(QColor(255, 190, 40, 70))
            painter.drawEllipse(QPointF(0, 0), 15, 15)
        painter.scale(1.25, 1.25)
        painter.setPen(QPen(QColor("black"), 1.2))
        painter.setBrush(QColor("white"))
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in _ARROW]))
        painter.end()
        frame = as_picture(image)
        height = round(frame.height * self._width / frame.width)
        self._frames.append(frame.resize((self._width, height), Image.Resampling.LANCZOS))
        self._durations.append(milliseconds)

"""Clicks on the canvas as a mode of the viewer, and a button that turns it on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from napari.layers import Layer
from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QPushButton, QShortcut, QWidget

from napari_colorcluster.layers.images.layer_data import unwrapped
from napari_colorcluster.layers.result.pointed import is_click

if TYPE_CHECKING:
    from napari.components import ViewerModel

CURSOR = "cross"
PAN_ZOOM = "pan_zoom"


class CanvasClicks:
    """Emits what is clicked on the canvas, whatever layer is active.

    Only clicks count: dragging moves the view as usual. The active layer is in pan-zoom mode
    meanwhile, since a click would paint as well; choosing another mode ends it.

    Parameters
    ----------
    viewer : napari.Viewer
        Where to click.
    read : callable
        Given napari's mouse event, returns what is under the mouse; None where a click there does
        not count.
    """

    clicked = Signal(object)
    """Emitted with what `read` returned."""
    ended = Signal()
    """Emitted when another mode of the active layer was chosen."""

    def __init__(self, viewer: ViewerModel, read: Callable[[Any], Any]) -> None:
        self._viewer = viewer
        self._read = read
        self._on = False
        self._layer: Layer | None = None
        self._mode = PAN_ZOOM

    def start(self) -> None:
        """Listen to clicks, and say so by the cursor."""
        if self._on:
            return
        self._on = True
        self._viewer.mouse_drag_callbacks.append(self._press)
        self._viewer.layers.selection.events.active.connect(self._suspend_mode)
        self._viewer.cursor.events.style.connect(self._keep_cursor)
        self._suspend_mode()
        self._keep_cursor()

    def stop(self) -> None:
        """Stop listening, and restore the mode and the cursor."""
        if not self._on:
            return
        self._on = False
        self._viewer.mouse_drag_callbacks.remove(self._press)
        self._viewer.layers.selection.events.active.disconnect(self._suspend_mode)
        self._viewer.cursor.events.style.disconnect(self._keep_cursor)
        self._restore_mode()
        active = self._viewer.layers.selection.active
        self._viewer.cursor.style = "standard" if active is None else active.cursor

    def _suspend_mode(self, event: Any = None) -> None:
        """Put the active layer in pan-zoom mode: its tool would act on clicks that are handled."""
        self._restore_mode()
        layer = unwrapped(self._viewer.layers.selection.active)
        if layer is not None:
            self._layer, self._mode = layer, layer.mode
            layer.mode = PAN_ZOOM
            layer.events.mode.connect(self._end)

    def _restore_mode(self) -> None:
        layer, self._layer = self._layer, None
        if layer is not None:
            layer.events.mode.disconnect(self._end)
            layer.mode = self._mode

    def _end(self, event: Any = None) -> None:
        self._mode = self._layer.mode
        self.ended.emit()

    def _keep_cursor(self, event: Any = None) -> None:
        """Restore the cursor that an active layer has replaced by its own."""
        if self._viewer.cursor.style != CURSOR:
            self._viewer.cursor.style = CURSOR

    def _press(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        if event.button != 1:
            return
        # Read at once: a drag moves the view, and the mouse with it.
        what = self._read(event)
        if what is not None and (yield from is_click(event)):
            self.clicked.emit(what)


class ClickButton(QPushButton):
    """A button that is down while clicks on the canvas count; Escape releases it.

    Parameters
    ----------
    text, tooltip : str
        What it is called, and what it is for.
    clicks : CanvasClicks
        What it turns on and off.
    parent : QWidget, optional
        Parent widget.
    """

    def __init__(
        self, text: str, tooltip: str, clicks: CanvasClicks, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setToolTip(tooltip)
        self._clicks = clicks
        clicks.ended.connect(lambda: self.setChecked(False))
        # Of the application and not of a window: a floating dock is a window beside the canvas.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.ApplicationShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(lambda: self.setChecked(False))
        self.toggled.connect(self._toggle)
        self.destroyed.connect(clicks.stop)

    def _toggle(self, on: bool) -> None:
        self._escape.setEnabled(on)
        if on:
            self._clicks.start()
        else:
            self._clicks.stop()

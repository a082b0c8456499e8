"""Picking clusters on the canvas: a mode of the viewer, and the button that turns it on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from napari.layers import Labels, Layer
from psygnal import Signal as PlainSignal
from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QPushButton, QShortcut, QWidget

from napari_colorcluster.layers.layer_data import unwrapped
from napari_colorcluster.layers.pointed import is_click, label_at

if TYPE_CHECKING:
    from napari.components import ViewerModel

CURSOR = "cross"
PAN_ZOOM = "pan_zoom"


class CanvasPicker:
    """Emits which cluster is clicked on the canvas, whatever layer is active.

    Only clicks count: dragging moves the view as usual. The active layer is in pan-zoom mode
    meanwhile, since a click would paint as well; choosing another mode ends the picking.

    Parameters
    ----------
    viewer : napari.Viewer
        Where to pick.
    find_layer : callable
        Returns the Labels layer of the clusters, or None, at each click.
    """

    picked = PlainSignal(int, bool)
    """Emitted with a label, 0 where there is no cluster, and whether Shift was held to add it."""
    ended = PlainSignal()
    """Emitted when another mode of the active layer was chosen."""

    def __init__(self, viewer: ViewerModel, find_layer: Callable[[], Labels | None]) -> None:
        self._viewer = viewer
        self._find_layer = find_layer
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
        layer = self._find_layer()
        if layer is None or event.button != 1:
            return
        add = "Shift" in event.modifiers
        # Read at once: a drag moves the view, and the mouse with it.
        label = label_at(layer, event)
        if (yield from is_click(event)):
            self.picked.emit(label, add)


class PickButton(QPushButton):
    """A button that is down while clusters are picked on the canvas; Escape releases it.

    Parameters
    ----------
    viewer, find_layer
        As `CanvasPicker` takes them.
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    picked : Signal(int, bool)
        Emitted with the label that is clicked on the canvas, 0 where there is no cluster, and
        whether it is to be added to the ones picked before.
    """

    picked = Signal(int, bool)

    def __init__(
        self,
        viewer: ViewerModel,
        find_layer: Callable[[], Labels | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Pick", parent)
        self.setCheckable(True)
        self.setToolTip(
            "Click a cluster on the canvas to select it; Shift+click adds to the selection.\n"
            "Escape, or a tool of a layer, ends it."
        )
        self._picker = picker = CanvasPicker(viewer, find_layer)
        picker.picked.connect(self.picked.emit)
        picker.ended.connect(lambda: self.setChecked(False))
        # Of the application and not of a window: a floating dock is a window beside the canvas.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.ApplicationShortcut)
        self._escape.setEnabled(False)
        self._escape.activated.connect(lambda: self.setChecked(False))
        self.toggled.connect(self._toggle)
        self.destroyed.connect(picker.stop)

    def _toggle(self, on: bool) -> None:
        self._escape.setEnabled(on)
        if on:
            self._picker.start()
        else:
            self._picker.stop()

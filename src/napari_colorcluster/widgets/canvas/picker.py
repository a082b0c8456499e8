"""Picking clusters on the canvas, and the button that turns it on and off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from psygnal import Signal as PlainSignal
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QWidget

from napari_colorcluster.layers.result.pointed import label_at
from napari_colorcluster.widgets.parts.canvas_clicks import CanvasClicks, ClickButton

if TYPE_CHECKING:
    from napari.components import ViewerModel


class CanvasPicker(CanvasClicks):
    """Emits which cluster is clicked on the canvas, whatever layer is active.

    Parameters
    ----------
    viewer : napari.Viewer
        Where to pick.
    find_layer : callable
        Returns the Labels layer of the clusters, or None, at each click.
    """

    picked = PlainSignal(int, bool)
    """Emitted with a label, 0 where there is no cluster, and whether Shift was held to add it."""

    def __init__(self, viewer: ViewerModel, find_layer: Callable[[], Labels | None]) -> None:
        def read(event: Any) -> tuple[int, bool] | None:
            layer = find_layer()
            # With Control, the menu of the patch opens.
            if layer is None or "Control" in event.modifiers:
                return None
            return label_at(layer, event), "Shift" in event.modifiers

        super().__init__(viewer, read)
        self.clicked.connect(lambda what: self.picked.emit(*what))


class PickButton(ClickButton):
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
        picker = CanvasPicker(viewer, find_layer)
        super().__init__(
            "Pick",
            "Click a cluster on the canvas to select it; Shift+click adds to the selection,\n"
            "Ctrl+click corrects the clicked patch. Escape, or a layer's tool, ends it.",
            picker,
            parent,
        )
        picker.picked.connect(self.picked.emit)

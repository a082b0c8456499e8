"""The cluster under the mouse on the canvas, whatever layer is active."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from napari.layers import Labels

from napari_colorcluster.layers.images.layer_data import unwrapped
from napari_colorcluster.layers.result.pointed import is_in_memory, label_at
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.palette.words import ShownPalette

if TYPE_CHECKING:
    from napari.components import ViewerModel


class CanvasHover:
    """Reports which cluster is under the mouse, and describes it in napari's status bar.

    napari itself shows the values of the active layer only: the words are added where that is
    not the clusters layer.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the mouse is.
    find_layer : callable
        Returns the Labels layer of the clusters, or None.
    report : callable
        Called with the label that the mouse has come to, 0 where there is no cluster.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        find_layer: Callable[[], Labels | None],
        report: Callable[[int], None],
    ) -> None:
        self._viewer = viewer
        self._find_layer = find_layer
        self._report = report
        self._label = 0
        viewer.mouse_move_callbacks.append(self._move)
        viewer.events.mouse_over_canvas.connect(self._leave)
        viewer.events.status.connect(self._add_words)
        results.changed.connect(self._update)

    def close(self) -> None:
        """Leave the viewer as it was."""
        self._viewer.mouse_move_callbacks.remove(self._move)
        self._viewer.events.mouse_over_canvas.disconnect(self._leave)
        self._viewer.events.status.disconnect(self._add_words)
        results.changed.disconnect(self._update)

    def _move(self, viewer: ViewerModel, event: Any) -> None:
        layer = self._find_shown()
        self._come_to(0 if layer is None else label_at(layer, event))

    def _update(self, *_: Any) -> None:
        """Report what the clusters are now, under a mouse that stays where it is."""
        cursor, dims = self._viewer.cursor, self._viewer.dims
        # In three dimensions, only an event of the mouse has the direction in which it points.
        if not self._viewer.mouse_over_canvas or dims.ndisplay > 2 or self._find_shown() is None:
            return
        shown = {"view_direction": None, "dims_displayed": list(dims.displayed)}
        self._move(self._viewer, SimpleNamespace(position=cursor.position, **shown))
        # Makes napari compute the status as if it had moved.
        cursor.events.position()

    def _find_shown(self) -> Labels | None:
        layer = self._find_layer()
        if layer is None or layer not in self._viewer.layers:
            return None
        return layer if is_in_memory(layer, self._viewer.dims.ndisplay) else None

    def _leave(self, event: Any = None) -> None:
        if not self._viewer.mouse_over_canvas:
            self._come_to(0)

    def _come_to(self, label: int) -> None:
        if label != self._label:
            self._label = label
            self._report(label)

    def _add_words(self, event: Any = None) -> None:
        layer, active = self._find_layer(), unwrapped(self._viewer.layers.selection.active)
        if not self._label or layer is None or layer is active:
            return
        words = _words(layer, self._label)
        status = self._viewer.status
        text = status["coordinates"] if isinstance(status, dict) else status
        # Setting the status calls this again; and napari empties it where the mouse leaves.
        if not (words and text) or text.endswith(words):
            return
        text = f"{text} · {words}"
        self._viewer.status = {**status, "coordinates": text} if isinstance(status, dict) else text


def _words(layer: Labels, label: int) -> str:
    """What the result that a layer shows says of a label; nothing of what it does not have."""
    result = results.of(results.source_of(layer))
    return "" if result is None else ShownPalette(result.palette).words(label)

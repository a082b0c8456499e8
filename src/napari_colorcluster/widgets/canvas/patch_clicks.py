"""Right clicks on the clusters in the canvas, which open the menu of the patch there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from qtpy.QtCore import QObject, Signal
from qtpy.QtGui import QCursor
from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.area import pixel_area_of
from napari_colorcluster.layers.images.layer_data import levels, unwrapped
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.cleaned import check_correctable
from napari_colorcluster.layers.result.pointed import is_click, label_at, pixel_at
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.job import Job
from napari_colorcluster.widgets.canvas.patch_menu import Found, Patch, PatchMenu
from napari_colorcluster.widgets.parts.canvas_clicks import PAN_ZOOM

if TYPE_CHECKING:
    from napari.components import ViewerModel

LEFT, RIGHT = 1, 2


class PatchClicks(QObject):
    """Opens the menu of the patch that is clicked, and passes on what is chosen in it.

    A right click counts where it does nothing else: while the clusters, the quantized image or
    their image is the active layer, in pan-zoom mode. While clusters are picked, it counts whatever
    layer is active, and so does a click with Control. Dragging zooms as usual.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the clusters are.
    find_layer : callable
        Returns the Labels layer of the clusters, or None, at each click.
    find_selected : callable
        Returns the labels that are selected.
    is_picking : callable
        Returns whether clusters are picked on the canvas.
    notices : Notices
        Where errors are told.
    parent : QWidget
        Its theme is the menu's.

    Attributes
    ----------
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit in `CORRECTIONS` and its arguments.
    menu : PatchMenu or None
        The menu that is open.
    """

    edit_requested = Signal(str, tuple)

    def __init__(
        self,
        viewer: ViewerModel,
        find_layer: Callable[[], Labels | None],
        find_selected: Callable[[], Collection[int]],
        is_picking: Callable[[], bool],
        notices: Notices,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._viewer, self._parent = viewer, parent
        self._find_layer, self._find_selected = find_layer, find_selected
        self._is_picking, self._notices = is_picking, notices
        self._job: Job | None = None
        self.menu: PatchMenu | None = None
        viewer.mouse_drag_callbacks.append(self._press)
        results.changed.connect(self.dismiss)

    def close(self) -> None:
        """Leave the viewer as it was."""
        self._viewer.mouse_drag_callbacks.remove(self._press)
        results.changed.disconnect(self.dismiss)
        self.dismiss()

    def dismiss(self, *_: Any) -> None:
        """Close the menu: what it says is that of labels which are others now."""
        if self.menu is not None:
            self.menu.close()

    def _press(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        layer = self._find_layer()
        is_seen = layer is not None and layer in viewer.layers and viewer.dims.ndisplay == 2
        if not (is_seen and self._is_meant(layer, event)):
            return
        # Read at once: a drag moves the view, and the mouse with it.
        pixel, label = pixel_at(layer, event), label_at(layer, event)
        if pixel is not None and label and (yield from is_click(event)):
            self._open(layer, pixel, label)

    def _is_meant(self, layer: Labels, event: Any) -> bool:
        if self._is_picking():
            return event.button == RIGHT or (event.button == LEFT and "Control" in event.modifiers)
        active = unwrapped(self._viewer.layers.selection.active)
        if active is None or active.mode != PAN_ZOOM:
            return False
        source = results.source_of(layer)
        is_ours = active is source or results.source_of(active) is source
        return event.button == RIGHT and is_ours

    def _open(self, layer: Labels, pixel: tuple[int, ...], label: int) -> None:
        source, labels = results.source_of(layer), levels(layer)[0]
        palette = results.of(source).palette
        if palette.row_of(label) is None:
            return
        with self._notices.reported():
            check_correctable(labels)
            patch = Patch(pixel, label, palette, self._find_selected(), pixel_area_of(source))
            self._show(patch, labels)

    def _show(self, patch: Patch, labels: Any) -> None:
        self.dismiss()
        self.menu = menu = PatchMenu(patch, self._parent)
        menu.edit_requested.connect(self.edit_requested)
        self._job = job = Job(partial(_find, labels, patch.pixel, menu.groups))
        job.returned.connect(menu.set_found)
        job.errored.connect(self._notices.report)
        menu.aboutToHide.connect(self._forget)
        job.start()
        menu.popup(QCursor.pos())

    def _forget(self) -> None:
        # What is chosen in it is emitted after it is hidden.
        self.menu.deleteLater()
        self._job.quit()
        self.menu = self._job = None


def _find(
    labels: Any, pixel: tuple[int, ...], groups: list[list[int]], progress: Progress
) -> Found:
    return Found.of(labels, pixel, groups)

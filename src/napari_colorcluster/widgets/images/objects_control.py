"""The shares in each object, for a region of which each label is one: a button and its window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QPushButton, QWidget

from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.results import LayerResult, results
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.pattern_requests import Objects, ObjectsRequest
from napari_colorcluster.session.placed import DRAWN_BY
from napari_colorcluster.widgets.images.objects_window import ObjectsWindow

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

SOON = 200
"""Milliseconds for which all must have stayed as it is before the window is filled again."""


CHANGED = "Out of date: press Cluster to update."
REDRAWN = "The region has changed: press Cluster to count its new parts."


class ObjectsControl:
    """Shows the shares in each object of the chosen image for a panel.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the image is.
    find_image : callable
        Returns the chosen image, or None.
    owner : QWidget
        Owner of the window.
    notices : Notices
        What is told of it.

    Attributes
    ----------
    button : QPushButton
        Opens the window; there for a result in a region of which each label is an object.
    window : ObjectsWindow or None
        The window, while it is open. It follows what is shown.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        find_image: Callable[[], Image | None],
        owner: QWidget,
        notices: Notices,
    ) -> None:
        self._notices = notices
        self._viewer, self._find_image, self._owner = viewer, find_image, owner
        self.button = QPushButton("Shares of each object…")
        self.button.setToolTip(
            "Show the share of each cluster in each object of the region, in bars and a table. "
            "Click a row to go to its object."
        )
        self.button.hide()
        self.window: ObjectsWindow | None = None
        self._shown: ObjectsRequest | None = None
        # The masks of the result whose region was redrawn or moved since.
        self._redrawn: Any = None
        self._work = LatestJob()
        self._watch = LayerWatch((*DRAWN_BY, *PLACED_BY), self._follow)
        self._timer = QTimer(self.button, singleShot=True, interval=SOON)
        self._timer.timeout.connect(self.measure)
        self.button.clicked.connect(self.measure)
        self._work.returned.connect(self._show)
        self._work.failed.connect(self._fail)

    @property
    def is_busy(self) -> bool:
        """Whether objects are being measured, or about to be."""
        return self._work.is_busy or self._timer.isActive()

    def mirror(self) -> None:
        """Offer the window for what is shown; close it where that has no objects any more."""
        result = self._result()
        self.button.setVisible(result is not None)
        if result is None and self.window is not None and self._is_of_before():
            self._timer.stop()
            self._work.cancel()
            self._shown = None
            self.window.set_changed(CHANGED)
            return
        if result is None:
            self._watch.watch()
            self._work.cancel()
            if self.window is not None:
                self.window.close()
            return
        self._watch.watch(result.labels, result.segmentation.region.layer)
        now, shown = ObjectsRequest.of(self._find_image(), result), self._shown
        if shown is None or now.region != shown.region or not now.pattern.is_same(shown.pattern):
            self._follow()

    def measure(self) -> None:
        """Measure the objects as they are now, and show them."""
        result = self._result()
        if result is not None:
            with self._notices.reported():
                self._work.start(ObjectsRequest.of(self._find_image(), result))

    def close(self) -> None:
        """Stop, and close the window."""
        self._work.close()
        self._watch.watch()
        if self.window is not None:
            self.window.close()

    def _result(self) -> LayerResult | None:
        """The result that is shown, where its region is each object of a layer."""
        result = results.of(self._find_image())
        region = None if result is None else result.segmentation.region
        if region is None or not region.each or region.layer not in self._viewer.layers:
            return None
        return result if result.labels in self._viewer.layers else None

    def _is_of_before(self) -> bool:
        """Whether the window is of a result of the chosen image, which has changed since."""
        image = self._find_image()
        changed = results.of(image) is None and results.last(image) is not None
        return changed and self.window.objects.image is image

    def _follow(self, event: Any = None) -> None:
        self._shown, result = None, self._result()
        if event is not None and result and event.source is result.segmentation.region.layer:
            self._redrawn = result.segmentation.masks
        if self.window is not None:
            self.window.set_changed("Measuring again…")
            self._timer.start()

    def _fail(self, error: Exception) -> None:
        self._notices.report(error)
        if self.window is not None:
            self.window.set_changed(CHANGED)

    def _show(self, request: ObjectsRequest, objects: Objects) -> None:
        self._shown = request
        if self.window is None or self.window.objects.image is not objects.image:
            if self.window is not None:
                self.window.close()
            name = request.region.layer.name
            self.window = window = ObjectsWindow(self._viewer, objects, name, self._owner)
            window.notices = self._notices
            window.destroyed.connect(self._forget)
            window.show()
            window.raise_()
        else:
            self.window.set_objects(objects)
        result = self._result()
        is_redrawn = result is not None and self._redrawn is result.segmentation.masks
        self.window.set_changed(REDRAWN if is_redrawn else "")

    def _forget(self, *_: Any) -> None:
        self.window = None

"""The action that shows where a clustering is wrong, wired to the work it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qtpy.QtGui import QAction
from qtpy.QtWidgets import QWidget

from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.residual_layer import LIMITS, residual_layers
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.requests.residual_request import ResidualRequest

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image


class ResidualControl:
    """Residual layers that come and go with an action, and follow edits while they are there.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    chosen_image : callable
        Returns the image layer whose result is shown in the panel; None where there is no result.
    parent : QWidget
        What the action belongs to.
    notices : Notices
        Where errors are told.

    Attributes
    ----------
    action : QAction
        Checked while the chosen image has a residual layer.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        chosen_image: Callable[[], Image | None],
        parent: QWidget,
        notices: Notices,
    ) -> None:
        self._viewer, self._image, self._notices = viewer, chosen_image, notices
        self._work = LatestJob()
        self._request: ResidualRequest | None = None
        self.action = QAction("Show residuals", parent, checkable=True)
        self.action.setToolTip(
            "Show how far each pixel is from the color of its cluster, as ΔE2000 from "
            f"{LIMITS[0]:g} (dark) to {LIMITS[1]:g} (bright):\nbright areas need a cluster of "
            "their own. The layer follows each edit while it is there."
        )
        self.action.triggered.connect(self._toggle)
        self._work.returned.connect(self._show)
        self._work.failed.connect(self._fail)
        results.changed.connect(self._follow)
        viewer.layers.events.removed.connect(self.mirror)

    def close(self) -> None:
        """Stop the work, and leave the viewer as it was."""
        results.changed.disconnect(self._follow)
        self._viewer.layers.events.removed.disconnect(self.mirror)
        self._work.close()

    def mirror(self, *_: Any) -> None:
        """Say whether the chosen image has a residual layer, and whether it can have one."""
        image = self._image()
        self.action.setEnabled(image is not None)
        self.action.setChecked(residual_layers.of(self._viewer, image) is not None)

    def _toggle(self, wanted: bool) -> None:
        image = self._image()
        if image is None:
            return
        if wanted:
            self._measure(image)
        else:
            self._request = None
            self._work.cancel()
            residual_layers.remove(self._viewer, image)

    def _measure(self, image: Image) -> None:
        self._request = ResidualRequest.of(image, results.of(image))
        self._work.start(self._request)

    def _follow(self, image: Image) -> None:
        """Measure an image with a residual layer again, whose result is new."""
        is_coming = self._request is not None and self._request.image is image
        is_there = residual_layers.of(self._viewer, image) is not None
        if (is_coming or is_there) and results.of(image) is not None:
            self._measure(image)

    def _show(self, request: ResidualRequest, residuals: list[Any]) -> None:
        self._request = None
        result = results.of(request.image)
        is_same = result is not None and result.segmentation is request.segmentation
        # The image may have been removed or changed meanwhile.
        if is_same and request.image in self._viewer.layers:
            residual_layers.show(self._viewer, request.image, residuals)
        self.mirror()

    def _fail(self, error: Exception) -> None:
        self._request = None
        self._notices.report(error)
        self.mirror()

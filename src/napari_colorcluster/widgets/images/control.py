"""The fold "More images" wired to the session, and the windows that show what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QUrl
from qtpy.QtGui import QDesktopServices
from qtpy.QtWidgets import QWidget

from napari_colorcluster.layers.images.axes import axis_name, slider_axes
from napari_colorcluster.layers.images.layer_watch import LayerWatch
from napari_colorcluster.layers.images.shown import SHOWN_BY
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.source import source_layers
from napari_colorcluster.session.requests.many_requests import (
    ApplyFileRequest,
    ApplyRequest,
    CompareRequest,
    Frames,
    FramesRequest,
    PoolRequest,
)
from napari_colorcluster.session.requests.report_request import ReportRequest
from napari_colorcluster.widgets.images.view import MoreImages
from napari_colorcluster.widgets.parts.ask import ask_folder

if TYPE_CHECKING:
    import napari.viewer
    from napari.layers import Layer

    from napari_colorcluster.core.studies.comparison import PaletteComparison
    from napari_colorcluster.session.session import Session
    from napari_colorcluster.widgets.form.form import SettingsForm
    from napari_colorcluster.widgets.images.share_window import ShareWindow


class ManyControl:
    """Work on many images for a panel.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    session : Session
        Does the work.
    form : SettingsForm
        The image, and how a pool is clustered.
    owner : QWidget
        Owner of the windows.

    Attributes
    ----------
    view : MoreImages
        The content of the fold.
    window : ShareWindow or None
        The window that was opened last.
    """

    def __init__(
        self, viewer: napari.viewer.Viewer, session: Session, form: SettingsForm, owner: QWidget
    ) -> None:
        self._viewer, self._session, self._form, self._owner = viewer, session, form, owner
        self.view = MoreImages()
        self.window: ShareWindow | None = None
        self._windows: list[ShareWindow] = []
        session.compared.connect(self._show_comparison)
        session.counted_frames.connect(self._show_frames)
        session.reported.connect(self._show_report)
        self.view.apply_requested.connect(self._apply)
        self.view.pool_requested.connect(self._pool)
        self.view.compare_requested.connect(self._compare)
        self.view.report_requested.connect(self._ask_report)
        self.view.frames_requested.connect(self._count_frames)
        for event in self._dims_events():
            event.connect(self._offer_axes)
        self._watch = LayerWatch((*SHOWN_BY, "name"), self._follow)

    def mirror(self) -> None:
        """Offer the images and palettes that there are now."""
        image = self._form.image.value
        images = source_layers(self._viewer)
        shown = [each for each in images if results.of(each) is not None]
        self.view.set_images([each for each in images if each is not image])
        self.view.set_usable(results.of(image) is not None, len(shown))
        self._offer_axes()
        self._watch.watch(*(images if self._windows else ()))
        self._follow()

    def apply_file(self, layer: Layer) -> None:
        """Give the chosen image the palette of a palette file's layer, to the largest distance."""
        image = self._form.image.value
        farthest = self._form.max_distance.value
        self._session.submit(ApplyFileRequest(image, layer, (image,), farthest))

    def close(self) -> None:
        """Disconnect from the viewer, which outlives the panel."""
        self._watch.watch()
        for event in self._dims_events():
            event.disconnect(self._offer_axes)

    def _dims_events(self) -> tuple[Any, ...]:
        events = self._viewer.dims.events
        return events.ndim, events.order, events.ndisplay

    def _offer_axes(self, *_: Any) -> None:
        image = self._form.image.value
        # The axes change while a layer is being added or removed, too.
        there = image is not None and image in self._viewer.layers
        axes = slider_axes(self._viewer, image) if there else []
        self.view.set_axes([(axis, axis_name(image, axis)) for axis in axes])

    def _apply(self, images: list[Any]) -> None:
        image = self._form.image.value
        made = results.of(image).segmentation
        origin = made.origin or (image.name,)
        for each in images:
            self._session.forget(each)
            self._session.submit(ApplyRequest(each, made.clustering, origin))

    def _pool(self, images: list[Any], weights: str) -> None:
        form = self._form
        with self._session.notices.reported():
            how = form.requested_n_clusters(), form.settings(), form.region.region, weights
            for each in (form.image.value, *images):
                self._session.forget(each)
            self._session.submit(PoolRequest(form.image.value, tuple(images), *how))

    def _compare(self) -> None:
        with self._session.notices.reported():
            self._session.submit(CompareRequest.of_all(self._viewer))

    def _ask_report(self) -> None:
        ask_folder(self._owner, "Folder for the report", self._report)

    def _report(self, folder: str) -> None:
        with self._session.notices.reported():
            self._session.submit(ReportRequest.of_all(self._viewer, folder))

    def _show_report(self, page: Path) -> None:
        self._session.notices.say(f"The report was saved as {page}.")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def _count_frames(self, axis: int) -> None:
        self._session.submit(FramesRequest(self._form.image.value, axis))

    def _show_comparison(self, comparison: PaletteComparison) -> None:
        from napari_colorcluster.widgets.images.comparison_window import ComparisonWindow

        notices = self._session.notices
        self._open(ComparisonWindow(self._viewer, comparison, self._owner, notices))

    def _show_frames(self, frames: Frames) -> None:
        from napari_colorcluster.widgets.images.frames_window import FramesWindow

        self._open(FramesWindow(self._viewer, frames, self._owner))

    def _open(self, window: ShareWindow) -> None:
        self.window, window.notices = window, self._session.notices
        self._windows.append(window)
        window.destroyed.connect(lambda: self._windows.remove(window))
        window.show()
        window.raise_()
        self.mirror()

    def _follow(self, *_: Any) -> None:
        """Let each window that is open say whether it is of the present state."""
        for window in self._windows:
            window.follow()

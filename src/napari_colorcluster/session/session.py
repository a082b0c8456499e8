"""One viewer's work off the main thread: what a panel can request, put in a queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from napari.layers import Image
from psygnal import Signal

from napari_colorcluster.core.clustering.choosing_k.sweep import ClusterSweep
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.clustering.warm_up import warm_up
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.correcting.warm_up import warm_up_corrections
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import warm_up_labels, warm_up_many_labels
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.history import History
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.libraries import load_libraries, warm_up_figures
from napari_colorcluster.session.pattern_requests import warm_up_pattern
from napari_colorcluster.session.request_queue import PATIENCE, RequestQueue
from napari_colorcluster.session.requests.image_requests import (
    ClusterRequest,
    EditRequest,
    HistoryRequest,
    ShowRequest,
    SweepRequest,
)
from napari_colorcluster.session.requests.request import Request
from napari_colorcluster.session.run import Run, first_look
from napari_colorcluster.session.state import SessionState

if TYPE_CHECKING:
    from napari.components import ViewerModel


CANCELED = "Canceled."
DROPPED = "Stopped: the image has changed meanwhile."
"""What is told of work that has shown nothing."""


class Session:
    """What a panel requests, done in the background.

    A request works on what its image shows when its turn comes. It is dropped, and nothing shown,
    where the image has been removed or has changed meanwhile, or after `cancel`. Of
    runs that wait for their turn, only the last is done; edits are all done, in their order.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are and the results are shown.

    Attributes
    ----------
    state : SessionState
        What is known of the images.
    swept, gone_back, compared, counted_frames, reported, calibrated : Signal
        Those of the state.
    notices : Notices
        Errors, and what else there is to tell a person.
    """

    busy = Signal(bool)
    """Emitted with True when work begins and with False when all of it is done."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""

    def __init__(self, viewer: ViewerModel) -> None:
        self.state = state = SessionState(viewer)
        self.swept, self.gone_back = state.swept, state.gone_back
        self.compared, self.counted_frames = state.compared, state.counted_frames
        self.reported, self.calibrated = state.reported, state.calibrated
        self.notices = Notices()
        self._last_k = 0
        self._stopped_by = ""
        self._queue = RequestQueue(viewer, state)
        self._queue.busy.connect(self._on_busy)
        self._queue.progressed.connect(self.progressed.emit)
        self._queue.finished.connect(self._prefetch_next)
        self._queue.failed.connect(self.notices.report)
        self._queue.dropped.connect(self._note_dropped)
        # It was not requested: neither its progress nor its failure is shown.
        self._warm_up = Job(_warm_up)
        self._warm_up.start()

    @property
    def is_busy(self) -> bool:
        """Whether there is work going on."""
        return self._queue.is_busy

    def has_run(self, image: Image | None) -> bool:
        """Whether an image is about to be clustered."""
        return image is not None and self._queue.last_run(image) is not None

    def asked_of(self, image: Image) -> tuple[Mapping[str, Any], Region | None] | None:
        """The settings and the region that an image is about to be clustered with; or None."""
        run = self._queue.last_run(image)
        return None if run is None else run.asked

    def history_of(self, image: Image | None) -> History[Segmentation] | None:
        """The results of an image; None where nothing has been shown of it as it is."""
        return self.state.history_of(image)

    def sweep_of(self, image: Image | None) -> ClusterSweep | None:
        """The last sweep of an image, unless the image has changed since."""
        swept = None if image is None else self.state.sweeps.get(image)
        return swept.sweep if swept is not None and swept.shown == Shown.of(image) else None

    def tried(self, image: Image | None, n_clusters: int) -> Segmentation | None:
        """What the last sweep of an image has with k clusters, in the region that was swept."""
        sweep = self.sweep_of(image)
        if sweep is None or n_clusters not in sweep:
            return None
        return self.state.sweeps[image].segmentation(n_clusters)

    def cluster(
        self,
        image: Image,
        n_clusters: int | str | None,
        settings: Settings,
        region: Region | None = None,
        edits: Iterable[Any] = (),
        min_pixels: int | None = None,
        overlay: Overlay | None = None,
        *,
        live: bool = False,
    ) -> None:
        """Cluster an image and show the result; of a pyramid, first one by a coarse level.

        Parameters
        ----------
        image : Image
            The image layer.
        n_clusters : int, "auto" or None
            As `cluster_colors` takes it.
        settings : Settings
            How it is clustered.
        region : Region, optional
            Which part takes part.
        edits : iterable, optional
            Edits to make on the result. With none, and nothing to paint on it, given names and
            painted pixels go on from what is shown.
        min_pixels : int, optional
            Below how many pixels a connected region is a speck and removed; by default as shown.
        overlay : Overlay, optional
            Pixels to paint on the result.
        live : bool, default False
            Whether a slider may be dragged: labels then go on from what is shown, too, and the k
            that is likely to come next is prefetched.
        """
        placed = self.state.placed.of(region, image)
        how = n_clusters, settings, placed, tuple(edits), min_pixels, overlay
        run = Run(image, *how, keeps_labels=live)
        shown, look = Shown.of(image), None
        if first_look(shown) and not self.state.counted.has_counted(image, shown):
            look = ClusterRequest(image, replace(run, is_first_look=True), live)
            self._queue.add(look)
        self._queue.add(ClusterRequest(image, run, live, look))

    def show(self, image: Image, made: Segmentation) -> None:
        """Show what has been made already; names and removed specks stay as shown."""
        self._queue.add(ShowRequest(image, made))

    def edit(self, image: Image, name: str, *arguments: Any) -> None:
        """Make an edit of what is shown, as `Segmentation.edited` takes it.

        One that changes nothing is no step to be undone.
        """
        self._queue.add(EditRequest(image, name, arguments))

    def undo(self, image: Image) -> None:
        """Show what there was before the last edit."""
        self._queue.add(HistoryRequest(image, History.undone))

    def redo(self, image: Image) -> None:
        """Show again what was undone."""
        self._queue.add(HistoryRequest(image, History.redone))

    def sweep(
        self,
        image: Image,
        n_clusters: Iterable[int],
        settings: Settings,
        region: Region | None = None,
        *,
        show_suggested: bool = False,
    ) -> None:
        """Cluster an image with each k, keep the sweep, and show what it suggests if requested."""
        self._queue.add(SweepRequest(image, n_clusters, settings, region, show_suggested))

    def submit(self, request: Request) -> None:
        """Put any other request at the end of the queue."""
        self._queue.add(request)

    def cancel(self) -> None:
        """Stop the work; it has stopped once ``busy(False)`` is emitted, and that is told then."""
        self._stopped_by = CANCELED if self.is_busy else ""
        self.stop_prefetch()
        self._queue.cancel()

    def stop_prefetch(self) -> None:
        """Prefetch no run, and keep none that was."""
        self.state.prefetch.drop()

    def forget(self, image: Image) -> None:
        """Count an image anew whose pixels may have been changed in place."""
        self.stop_prefetch()
        self.state.counted.forget(image)

    def close(self) -> None:
        """Stop all work, disconnect from the viewer, and emit nothing any more."""
        self._warm_up.quit()
        self.busy.disconnect()
        self.progressed.disconnect()
        self.notices.close()
        self.state.close()
        self._queue.close()

    def _on_busy(self, busy: bool) -> None:
        self.busy.emit(busy)
        stopped_by, self._stopped_by = self._stopped_by, ""
        # What was asked for while the work stopped goes on: then there is nothing to tell.
        if stopped_by and not busy:
            self.notices.say(stopped_by)

    def _note_dropped(self) -> None:
        self._stopped_by = DROPPED

    def _prefetch_next(self, request: Request, seconds: float) -> None:
        """Prefetch the k after that of a quick live run, in the direction in which k has gone."""
        if not (isinstance(request, ClusterRequest) and request.live):
            return
        if seconds >= PATIENCE or self._queue.has_waiting or request.run.edits:
            return
        if not is_integer(k := request.run.n_clusters):
            return
        step = -1 if k < self._last_k else 1
        self._last_k = k
        if k + step >= 1:
            run = replace(request.resolved(self.state), n_clusters=k + step)
            self.state.prefetch.start(run, self.state.counted, Shown.of(run.image))


def _warm_up(progress: Progress) -> None:
    load_libraries()
    warm_up_labels()
    warm_up(progress)
    warm_up_pattern(progress)
    warm_up_corrections(progress)
    warm_up_figures()
    # Last: few people ask for so many clusters at once.
    warm_up_many_labels()

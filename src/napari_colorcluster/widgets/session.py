"""One viewer's work: counts, clusters and shows, one job at a time, never on the main thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from napari.layers import Image, Layer
from napari.utils.notifications import notification_manager, show_error
from psygnal import Signal

from napari_colorcluster.core.clustering import ColorClustering
from napari_colorcluster.core.fitting import cluster_histogram
from napari_colorcluster.core.histogram import ColorHistogram
from napari_colorcluster.core.progress import Progress, part
from napari_colorcluster.core.settings import Settings
from napari_colorcluster.core.sweep import ClusterSweep, sweep_histogram
from napari_colorcluster.core.warm_up import warm_up
from napari_colorcluster.layers.results import Painted, paint_levels, results, warm_up_labels
from napari_colorcluster.layers.source import levels
from napari_colorcluster.widgets.job import Job

if TYPE_CHECKING:
    from napari.components import ViewerModel


class Session:
    """What a panel asks for, done in the background.

    A job works on the data that its image had when it began. It is dropped, and nothing shown,
    where the image has been removed or has got other data meanwhile, or after `cancel`.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are and the results are shown.
    """

    busy = Signal(bool)
    """Emitted with True when a job begins and with False when it has ended."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    swept = Signal(object)
    """Emitted with the image layer whose sweep is new."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._job: Job | None = None
        self._working_on: tuple[Image, Any] | None = None
        self._sweeps: WeakKeyDictionary[Layer, tuple[Any, ClusterSweep]] = WeakKeyDictionary()
        viewer.layers.events.removed.connect(self._check_image)
        # Of no use to anybody by itself, it is neither shown nor told when it fails.
        self._warm_up = Job(_warm_up)
        self._warm_up.start()

    @property
    def is_busy(self) -> bool:
        """Whether a job is on its way."""
        return self._job is not None

    def sweep_of(self, image: Image | None) -> ClusterSweep | None:
        """The last sweep of an image, unless its data are others now."""
        if image is None or image not in self._sweeps:
            return None
        data, sweep = self._sweeps[image]
        return sweep if data is image.data else None

    def cluster(self, image: Image, n_clusters: int | None, settings: Settings) -> None:
        """Cluster an image and show the result."""

        def work(data: list[Any], progress: Progress) -> Any:
            histogram = ColorHistogram.from_image(data[0], progress=part(progress, 0.0, 0.2))
            clustering = cluster_histogram(
                histogram, n_clusters, settings, part(progress, 0.2, 0.8)
            )
            return paint_levels(clustering, data, progress=part(progress, 0.8, 1.0))

        self._start(image, work, lambda painted: results.show(self._viewer, image, painted))

    def show(self, image: Image, clustering: ColorClustering) -> None:
        """Show a clustering that is there already."""

        def work(data: list[Any], progress: Progress) -> Any:
            return paint_levels(clustering, data, progress=progress)

        self._start(image, work, lambda painted: results.show(self._viewer, image, painted))

    def sweep(
        self,
        image: Image,
        n_clusters: Iterable[int],
        settings: Settings,
        *,
        show_suggested: bool = False,
    ) -> None:
        """Cluster an image with each k, and keep the sweep; show what it suggests if asked to."""

        def work(data: list[Any], progress: Progress) -> tuple[ClusterSweep, Painted | None]:
            histogram = ColorHistogram.from_image(data[0], progress=part(progress, 0.0, 0.1))
            sweep = sweep_histogram(histogram, n_clusters, settings, part(progress, 0.1, 0.9))
            suggested = sweep[sweep.suggested] if show_suggested else None
            return sweep, suggested and paint_levels(suggested, data, None, part(progress, 0.9, 1))

        def keep(found: tuple[ClusterSweep, Painted | None]) -> None:
            sweep, painted = found
            self._sweeps[image] = image.data, sweep
            if painted is not None:
                results.show(self._viewer, image, painted)
            self.swept.emit(image)

        self._start(image, work, keep)

    def cancel(self) -> None:
        """Ask the job to stop; it is off once ``busy(False)`` is emitted."""
        if self._job is not None:
            self._job.quit()

    def close(self) -> None:
        """Stop what is on its way; listen to the viewer no more, and say nothing any more."""
        self.cancel()
        self._warm_up.quit()
        for signal in (self.busy, self.progressed, self.swept):
            signal.disconnect()
        self._viewer.layers.events.removed.disconnect(self._check_image)
        if self._working_on is not None:
            self._working_on[0].events.data.disconnect(self._check_image)

    def _start(
        self,
        image: Image,
        work: Callable[[list[Any], Progress], Any],
        then: Callable[[Any], Any],
    ) -> None:
        if self._job is not None:
            raise RuntimeError("A session does one job at a time.")
        data = levels(image)
        job = Job(lambda progress: work(data, progress))
        self._job, self._working_on = job, (image, image.data)
        image.events.data.connect(self._check_image)

        def returned(result: Any) -> None:
            self._check_image()
            if not job.abort_requested:
                then(result)

        job.progressed.connect(self.progressed.emit)
        job.returned.connect(returned)
        job.errored.connect(report)
        job.finished.connect(self._finish)
        self.busy.emit(True)
        job.start()

    def _check_image(self, event: Any = None) -> None:
        """Drop the job whose image is gone or has got other data."""
        if self._working_on is None:
            return
        image, data = self._working_on
        if image not in self._viewer.layers or image.data is not data:
            self.cancel()

    def _finish(self) -> None:
        image, _ = self._working_on
        image.events.data.disconnect(self._check_image)
        self._job = self._working_on = None
        self.busy.emit(False)


def _warm_up(progress: Progress) -> None:
    warm_up_labels()
    warm_up(progress)


def report(error: Exception) -> None:
    """Tell an error: in a sentence where a person can mend it, else in full."""
    if isinstance(error, ValueError | OSError | MemoryError):
        show_error(str(error) or f"There is not enough memory ({type(error).__name__}).")
    else:
        notification_manager.receive_error(type(error), error, error.__traceback__)

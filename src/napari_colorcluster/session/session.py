"""One viewer's work, off the main thread: counts, clusters, edits, undoes and shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from napari.layers import Image, Layer
from psygnal import Signal

from napari_colorcluster.core.clustering.matching import match_labels
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.clustering.sweep import ClusterSweep, sweep_histogram
from napari_colorcluster.core.clustering.warm_up import warm_up
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.notify import report
from napari_colorcluster.layers.region import Region
from napari_colorcluster.layers.results import results, warm_up_labels
from napari_colorcluster.layers.segmentation import Painted, Segmentation
from napari_colorcluster.layers.source import active_source, levels
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.history import Histories, History
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.placed import PlacedRegions
from napari_colorcluster.session.prefetch import Ahead
from napari_colorcluster.session.run import Run, first_look
from napari_colorcluster.session.tasks import PATIENCE, Task, Tasks

if TYPE_CHECKING:
    from napari.components import ViewerModel


@dataclass(frozen=True, eq=False)
class _Swept:
    """A sweep, the data that it is of, and where."""

    data: Any
    sweep: ClusterSweep
    masks: tuple[np.ndarray, ...] | None
    region: Region | None


class Session:
    """What a panel asks for, done in the background.

    A task works on the data that its image had when it began. It is dropped, and nothing shown,
    where the image has been removed or has got other data meanwhile, or after `cancel`. Of runs
    that wait for their turn, only the last is done; edits are all done, in their order.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are and the results are shown.

    Attributes
    ----------
    counted : Counted
        The colors of the images, counted once.
    placed : PlacedRegions
        The masks of their regions, found once.
    """

    busy = Signal(bool)
    """Emitted with True when work begins and with False when all of it is done."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    swept = Signal(object)
    """Emitted with the image layer whose sweep is new."""
    gone_back = Signal(object)
    """Emitted with the image layer that shows an earlier or an undone result again."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.counted = Counted()
        self.placed = PlacedRegions()
        self._sweeps: WeakKeyDictionary[Layer, _Swept] = WeakKeyDictionary()
        self._histories: Histories[Segmentation] = Histories()
        self._tasks = Tasks(viewer)
        self._ahead = Ahead()
        self._last_k = 0
        self._tasks.busy.connect(self.busy.emit)
        self._tasks.progressed.connect(self.progressed.emit)
        self._tasks.failed.connect(report)
        results.changed.connect(self._remember)
        viewer.layers.events.removed.connect(self.rest)
        # Of no use to anybody by itself, it is neither shown nor told when it fails.
        self._warm_up = Job(_warm_up)
        self._warm_up.start()

    @property
    def is_busy(self) -> bool:
        """Whether there is work on its way."""
        return self._tasks.is_busy

    def sweep_of(self, image: Image | None) -> ClusterSweep | None:
        """The last sweep of an image, unless its data are others now."""
        swept = None if image is None else self._sweeps.get(image)
        return swept.sweep if swept is not None and swept.data is image.data else None

    def tried(self, image: Image | None, n_clusters: int) -> Segmentation | None:
        """What the last sweep of an image has with k clusters, in the region that was swept."""
        sweep = self.sweep_of(image)
        if sweep is None or n_clusters not in sweep:
            return None
        swept = self._sweeps[image]
        return Segmentation(sweep[n_clusters], swept.masks, swept.region)

    def history_of(self, image: Image | None) -> History[Segmentation] | None:
        """What an image went through; None where nothing has been shown of these data."""
        return self._histories.of(image)

    def cluster(
        self,
        image: Image,
        n_clusters: int | str | None,
        settings: Settings,
        region: Region | None = None,
        edits: Iterable[Any] = (),
        min_pixels: int | None = None,
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
            Edits to make on the result. With none, labels and names go on from what is shown.
        min_pixels : int, optional
            The smallest size of a region; by default as shown.
        live : bool, default False
            Whether k may be on its way to another one: the next is then made ahead.
        """
        edits = tuple(edits)
        looks: list[Segmentation] = []

        def asked(n_clusters: int | str | None, coarse: bool) -> Run:
            before = None if edits else self.present(image)
            shown = before.min_pixels if before else 1
            smallest = shown if min_pixels is None else min_pixels
            placed = self.placed.of(region, image)
            return Run(image, n_clusters, settings, placed, before, edits, smallest, coarse)

        def task(coarse: bool, follows: Task | None = None) -> Task:
            counting, began = Event(), 0.0

            def begin() -> Callable[[list[Any], Progress], Painted]:
                nonlocal began
                began = time.monotonic()
                run = asked(n_clusters, coarse)
                made = self._ahead.take(run, levels(image)) if live else self._ahead.drop()

                def work(data: list[Any], progress: Progress) -> Painted:
                    painted = None if made is None else made(progress)
                    return painted or run.do(self.counted, data, progress, counting)

                return work

            def then(painted: Painted) -> None:
                self._show_run(image, painted, looks)
                looks.append(painted.segmentation)
                quick = time.monotonic() - began < PATIENCE
                if live and quick and not edits and not self._tasks.is_more_asked:
                    self._make_next(n_clusters, lambda k: asked(k, coarse=False))

            basis = self.placed.of(region, image), coarse
            return Task(image, begin, then, True, follows, basis, counting.is_set)

        data = levels(image)
        if first_look(data) and not self.counted.has_counted(image, data):
            look = task(coarse=True)
            self._tasks.add(look)
            self._tasks.add(task(coarse=False, follows=look))
        else:
            self._tasks.add(task(coarse=False))

    def _make_next(self, n_clusters: Any, run_with: Callable[[int], Run]) -> None:
        """Make ahead what comes after some k, in the direction in which k has gone."""
        if not is_integer(n_clusters):
            return
        step = -1 if n_clusters < self._last_k else 1
        self._last_k = n_clusters
        if n_clusters + step >= 1:
            run = run_with(n_clusters + step)
            self._ahead.make(run, self.counted, levels(run.image))

    def show(self, image: Image, made: Segmentation) -> None:
        """Show what is there already, with labels, names and clean regions as they were."""

        def begin() -> Callable[[list[Any], Progress], Painted]:
            before = self.present(image)
            if before is None:
                return made.paint
            matched = match_labels(made.clustering, before.clustering)
            return replace(made, clustering=matched, min_pixels=before.min_pixels).paint

        self._tasks.add(
            Task(image, begin, lambda painted: self._show_run(image, painted), is_run=True)
        )

    def edit(self, image: Image, name: str, *arguments: Any) -> None:
        """Make an edit of what is shown: one of ``EDITS``, or ``"clean"`` with a size in pixels.

        One that changes nothing is no step to be undone.
        """

        def begin() -> Callable[[list[Any], Progress], Painted | None]:
            present = self.present(image)
            if present is None:
                raise ValueError("There is nothing to edit: cluster an image first.")
            shown = results.of(image).palette

            def work(data: list[Any], progress: Progress) -> Painted | None:
                if name == "clean":
                    edited = present.cleaned(*arguments)
                elif name == "absorb":
                    edited = present.absorbed(*arguments, shown)
                else:
                    edited = present.edited(name, *arguments)
                return None if edited is present else edited.paint(data, progress)

            return work

        def then(painted: Painted | None) -> None:
            if painted is not None:
                self.show_step(image, painted)

        self._tasks.add(Task(image, begin, then))

    def undo(self, image: Image) -> None:
        """Show what there was before the last edit."""
        self._go(image, History.undone)

    def redo(self, image: Image) -> None:
        """Show again what was undone."""
        self._go(image, History.redone)

    def sweep(
        self,
        image: Image,
        n_clusters: Iterable[int],
        settings: Settings,
        region: Region | None = None,
        *,
        show_suggested: bool = False,
    ) -> None:
        """Cluster an image with each k, and keep the sweep; show what it suggests if asked to."""

        def begin() -> Callable[[list[Any], Progress], tuple[_Swept, Painted | None]]:
            before, pixels = self.present(image), image.data
            placed = self.placed.of(region, image)

            def work(data: list[Any], progress: Progress) -> tuple[_Swept, Painted | None]:
                masks = placed.masks(image)
                histogram = self.counted.histogram(image, data, part(progress, 0.0, 0.1), masks)
                sweep = sweep_histogram(histogram, n_clusters, settings, part(progress, 0.1, 0.9))
                swept = _Swept(pixels, sweep, masks, region)
                if not show_suggested:
                    return swept, None
                clustering = match_labels(sweep[sweep.suggested], before and before.clustering)
                smallest = before.min_pixels if before else 1
                made = Segmentation(clustering, masks, region, smallest)
                return swept, made.paint(data, part(progress, 0.9, 1))

            return work

        def keep(found: tuple[_Swept, Painted | None]) -> None:
            self._sweeps[image], painted = found
            if painted is not None:
                self._show_run(image, painted)
            self.swept.emit(image)

        self._tasks.add(Task(image, begin, keep))

    def show_step(self, image: Image, painted: Painted, *, select: bool = True) -> None:
        """Show something, as a step that can be undone; `select` as `Results.show` takes it."""
        history, made = self.history_of(image), painted.segmentation
        history = History(made) if history is None else history.then(made)
        self._show(image, painted, history, select)

    def submit(self, task: Task) -> None:
        """Put something else to be done with an image at the end of the queue."""
        self._tasks.add(task)

    def has_run(self, image: Image | None) -> bool:
        """Whether an image is about to be clustered."""
        return image is not None and self._tasks.has_run(image)

    def cancel(self) -> None:
        """Ask the work to stop; it is off once ``busy(False)`` is emitted."""
        self.rest()
        self._tasks.cancel()

    def rest(self, *_: Any) -> None:
        """Make nothing ahead any more, and keep nothing that was."""
        self._ahead.drop()

    def forget(self, image: Image) -> None:
        """Count an image anew whose pixels may have been changed in place."""
        self.rest()
        self.counted.forget(image)

    def close(self) -> None:
        """Stop what is on its way; listen to the viewer no more, and say nothing any more."""
        self._warm_up.quit()
        self.rest()
        self._viewer.layers.events.removed.disconnect(self.rest)
        for signal in (self.busy, self.progressed, self.swept, self.gone_back):
            signal.disconnect()
        results.changed.disconnect(self._remember)
        self._tasks.close()

    def present(self, image: Image) -> Segmentation | None:
        """What is shown of an image; None where nothing has been shown of these data."""
        history = self.history_of(image)
        return None if history is None else history.present

    def _go(
        self, image: Image, where: Callable[[History[Segmentation]], History[Segmentation]]
    ) -> None:
        gone_to: list[History[Segmentation]] = []

        def begin() -> Callable[[list[Any], Progress], Painted] | None:
            history = self.history_of(image)
            if history is None or where(history) is history:
                return None
            gone_to.append(where(history))
            return gone_to[0].present.paint

        def then(painted: Painted) -> None:
            self._show(image, painted, gone_to[0])
            self.gone_back.emit(image)

        self._tasks.add(Task(image, begin, then))

    def _show_run(
        self, image: Image, painted: Painted, looks: Collection[Segmentation] = ()
    ) -> None:
        """Show a run. It can be undone where it took the place of edits: they are a person's.

        `looks` are first looks of the same run, whose edits are its own.
        """
        history, made = self.history_of(image), painted.segmentation
        if history is None:
            history = History(made)
        elif history.present not in looks and (
            history.present.is_edited or history.present.min_pixels != made.min_pixels
        ):
            history = history.then(made)
        else:
            history = history.instead(made)
        self._show(image, painted, history)

    def _show(
        self,
        image: Image,
        painted: Painted,
        history: History[Segmentation],
        select: bool = True,
    ) -> None:
        self._histories.keep(image, history)
        # Whoever has turned to something else meanwhile, or draws the region, is left there.
        select = select and active_source(self._viewer) is image
        results.show(self._viewer, image, painted, select=select)

    def _remember(self, image: Image) -> None:
        """Take what somebody else shows, such as the console, for a step that can be undone."""
        shown, history = results.of(image).segmentation, self.history_of(image)
        if history is None:
            self._histories.keep(image, History(shown))
        elif history.present is not shown:
            self._histories.keep(image, history.then(shown))


def _warm_up(progress: Progress) -> None:
    warm_up_labels()
    warm_up(progress)

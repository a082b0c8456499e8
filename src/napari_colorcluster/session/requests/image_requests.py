"""Requests about one image: cluster it, show, edit, undo, redo, sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event
from typing import Any

from napari_colorcluster.core.clustering.choosing_k.sweep import sweep_histogram
from napari_colorcluster.core.clustering.fitting import is_auto
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.correcting.corrections import CORRECTIONS
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import tell
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation
from napari_colorcluster.session.changed.recount import recounted
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.history import History
from napari_colorcluster.session.placed import Placed
from napari_colorcluster.session.prefetch import PrefetchedRun
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.run import Run
from napari_colorcluster.session.state import SessionState, Swept


@dataclass(frozen=True, eq=False)
class ClusterRequest(Request):
    """Cluster an image and show the result.

    Attributes
    ----------
    run : Run
        The run as it is requested.
    live : bool
        As `Session.cluster` takes it.
    follows : ClusterRequest or None
        The first look at the same.
    counting : threading.Event
        Set during the steps whose results all runs of these pixels need.
    """

    run: Run
    live: bool = False
    follows: ClusterRequest | None = None
    counting: Event = field(default_factory=Event, init=False)
    is_run = True
    is_step = True

    @property
    def asked(self) -> tuple[dict[str, Any], Region | None]:
        """The settings and the region of the run."""
        n_clusters = None if is_auto(self.run.n_clusters) else self.run.n_clusters
        return self.run.settings.to_dict(n_clusters), self.run.placed.region

    def resolved(self, state: SessionState) -> Run:
        """The run by what is shown now, in the region as it lies now."""
        placed = state.placed.of(self.run.placed.region, self.image)
        return self.run.resolved(state.latest(self.image), placed)

    def resolve(self, state: SessionState) -> Work:
        """Take what has been prefetched, or else begin the run."""
        run, prefetched = self.resolved(state), None
        if self.live:
            prefetched = state.prefetch.take(run, Shown.of(self.image))
        else:
            state.prefetch.drop()
        return partial(self._do, run, prefetched, state.counted)

    def _do(
        self,
        run: Run,
        prefetched: PrefetchedRun | None,
        counted: Counted,
        shown: Shown,
        progress: Progress,
    ) -> Painted:
        painted = None if prefetched is None else prefetched.wait(progress)
        return painted or run.do(counted, shown, progress, self.counting)

    def finish(self, state: SessionState, result: Painted) -> None:
        """Show the result; a first look is remembered for the request that follows it."""
        first_look = None if self.follows is None else state.first_looks.get(self.follows)
        state.show_run(self.image, result, first_look)
        if self.run.is_first_look:
            state.first_looks[self] = result.segmentation

    def is_shared_with(self, other: Request) -> bool:
        """Whether it is counting what the other one counts, too."""
        counting = isinstance(other, ClusterRequest) and self.counting.is_set()
        return counting and self.run.counts_as(other.run)


@dataclass(frozen=True, eq=False)
class ShowRequest(Request):
    """Show what has been made already, with names and removed specks as they are shown."""

    made: Segmentation
    is_run = True
    is_step = True

    @property
    def asked(self) -> tuple[dict[str, Any], Region | None]:
        """The settings and the region that made the result."""
        return self.made.clustering.settings, self.made.region

    def resolve(self, state: SessionState) -> Work:
        """Take names and the smallest size over from what is shown by now."""
        made = self.made.continuing(state.latest(self.image))
        return partial(self._do, made, state.counted)

    def _do(
        self, made: Segmentation, counted: Counted, shown: Shown, progress: Progress
    ) -> Painted:
        counting, painting = part(progress, 0.0, 0.3), part(progress, 0.3, 1.0)
        made = recounted(made, self.image, shown, counted, counting)
        return made.paint(shown.pictures, painting)

    def finish(self, state: SessionState, result: Painted) -> None:
        """Show the result as a run."""
        state.show_run(self.image, result)


@dataclass(frozen=True, eq=False)
class EditRequest(Request):
    """Edit what is shown: the name of an edit and its arguments, as `Session.edit` takes them."""

    name: str
    arguments: tuple[Any, ...]
    is_step = True

    def resolve(self, state: SessionState) -> Work:
        """Edit what is shown by now."""
        present = state.present(self.image)
        if present is None and results.last(self.image) is not None:
            raise ValueError(
                f"{self.image.name!r} has changed since it was clustered: press Cluster first."
            )
        if present is None:
            raise ValueError("There is nothing to edit: cluster an image first.")
        return partial(self._do, present, results.of(self.image).painted, state.counted)

    def _do(
        self,
        present: Segmentation,
        painted: Painted,
        counted: Counted,
        shown: Shown,
        progress: Progress,
    ) -> Painted | None:
        """Edit and paint; None where the edit has changed nothing."""
        made = recounted(present, self.image, shown, counted, part(progress, 0.0, 0.3))
        if made is not present:
            painted = made.paint(shown.pictures, part(progress, 0.3, 0.5))
        correcting, painting = part(progress, 0.5, 0.8), part(progress, 0.8, 1.0)
        edited = made.edited(self.name, *self.arguments, shown=painted, progress=correcting)
        return None if edited is present else edited.paint(shown.pictures, painting)

    def finish(self, state: SessionState, result: Painted | None) -> None:
        """Show the result as a step that can be undone."""
        if result is not None:
            state.show_step(self.image, result)
        elif self.name in CORRECTIONS:
            tell("No pixel has changed.")


@dataclass(frozen=True, eq=False)
class HistoryRequest(Request):
    """Go back or forth in an image's history: `go` is `History.undone` or `History.redone`."""

    go: Callable[[History[Segmentation]], History[Segmentation]]
    is_step = True

    def resolve(self, state: SessionState) -> Work | None:
        """Paint what came before or after, if anything did."""
        history = state.history_of(self.image)
        if history is None or self.go(history) is history:
            return None
        return partial(self._do, self.go(history), state.counted)

    def _do(
        self,
        history: History[Segmentation],
        counted: Counted,
        shown: Shown,
        progress: Progress,
    ) -> tuple[Painted, History[Segmentation]]:
        counting, painting = part(progress, 0.0, 0.3), part(progress, 0.3, 1.0)
        made = recounted(history.present, self.image, shown, counted, counting)
        return made.paint(shown.pictures, painting), replace(history, present=made)

    def finish(self, state: SessionState, result: tuple[Painted, History[Segmentation]]) -> None:
        """Show the result without a step of its own."""
        state.show(self.image, *result)
        state.gone_back.emit(self.image)


_SweptAndPainted = tuple[Swept, Segmentation | None, Painted | None]
"""A sweep, what was shown before it, and what it suggests."""


@dataclass(frozen=True, eq=False)
class SweepRequest(Request):
    """Cluster an image with each k, and keep the sweep; as `Session.sweep` takes it."""

    n_clusters: Iterable[int]
    settings: Settings
    region: Region | None
    show_suggested: bool

    def resolve(self, state: SessionState) -> Work:
        """Sweep in the region as it lies now."""
        before, placed = state.latest(self.image), state.placed.of(self.region, self.image)
        return partial(self._do, before, placed, state.counted)

    def _do(
        self,
        before: Segmentation | None,
        placed: Placed,
        counted: Counted,
        shown: Shown,
        progress: Progress,
    ) -> _SweptAndPainted:
        masks = placed.masks(self.image)
        counting, min_alpha = part(progress, 0.0, 0.1), self.settings.min_alpha
        histogram = counted.histogram(self.image, shown, counting, masks, min_alpha=min_alpha)
        sweep = sweep_histogram(histogram, self.n_clusters, self.settings, part(progress, 0.1, 0.9))
        swept = Swept(shown, sweep, masks, self.region)
        if not self.show_suggested:
            return swept, before, None
        made = swept.segmentation(sweep.suggested).continuing(before)
        return swept, before, made.paint(shown.pictures, part(progress, 0.9, 1))

    def finish(self, state: SessionState, result: _SweptAndPainted) -> None:
        """Keep the sweep, and show what it suggests where requested."""
        state.sweeps[self.image], before, painted = result
        if painted is not None and state.latest(self.image) is before:
            state.show_run(self.image, painted)
        state.swept.emit(self.image)

    def then(self, result: _SweptAndPainted) -> Iterable[Request]:
        """Where something was painted meanwhile, show what is suggested with that."""
        swept, _, painted = result
        shown = results.of(self.image)
        if painted is None or (shown is not None and shown.segmentation is painted.segmentation):
            return []
        return [ShowRequest(self.image, swept.segmentation(swept.sweep.suggested))]

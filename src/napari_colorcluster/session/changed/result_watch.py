"""Watching the pixels and the region of a shown result: whether they are still those it is of."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from weakref import ref

from napari.layers import Image, Layer
from psygnal import Signal
from qtpy.QtCore import QTimer

from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.changed.changes import OUTLINE, PIXELS
from napari_colorcluster.session.changed.recount import Look
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.placed import DRAWN_BY

SOON = 150
"""Milliseconds for which nothing must have happened before the pixels are looked at."""


class ResultWatch:
    """Watches the result of one image.

    Events only say that something may have changed: napari has none for pixels that are changed in
    place, but for the refresh that shows them, and its `set_data` comes for many other reasons. So
    the pixels are counted and the region is drawn again, off the main thread, once things have
    come to rest. Stacks and pyramids are refreshed at each step of a slider and of the camera, and
    are not counted then: what was changed in them in place is found by the next edit or run.

    Attributes
    ----------
    seen : frozenset of str
        What has changed: `PIXELS`, `OUTLINE` of `session.changed.changes`.
    """

    changed = Signal()
    """Emitted when something else has been seen."""

    def __init__(self) -> None:
        self.seen: frozenset[str] = frozenset()
        self._image: ref[Image] | None = None
        self._made: ref[Segmentation] | None = None
        self._has_changed = False
        self._work = LatestJob()
        self._work.returned.connect(self._take)
        self._timer = QTimer(singleShot=True, interval=SOON)
        self._timer.timeout.connect(self._look)
        placed = LayerWatch(PLACED_BY, self._on_event)
        refreshed = LayerWatch(("set_data",), self._on_event)
        drawn = LayerWatch((*PLACED_BY, *DRAWN_BY), self._on_event)
        self._watches = placed, refreshed, drawn

    @property
    def is_busy(self) -> bool:
        """Whether pixels are being looked at, or about to be."""
        return self._work.is_busy or self._timer.isActive()

    def watch(self, image: Image | None, region: Region | None) -> None:
        """Watch the result of this image, and no other.

        Parameters
        ----------
        image : Image or None
            The image layer.
        region : Region or None
            Where its next result will be.
        """
        result = results.last(image)
        made = None if result is None else result.segmentation
        before = None if self._made is None else self._made()
        if made is not before:
            self.seen = self.seen & _shared(before, made)
            # What happened meanwhile may have been too late for it; and what is undone goes back to
            # where the region was.
            if made is not None and (self._has_changed or made.region is not None):
                self._timer.start()
            self._has_changed = False
        self._image, self._made = image and ref(image), made and ref(made)
        regions = region, None if made is None else made.region
        outlines = list(dict.fromkeys(each.layer for each in regions if each is not None))
        placed, refreshed, drawn = self._watches
        placed.watch(image if outlines else None)
        drawn.watch(*outlines)
        # An undone stroke has no other event.
        layers = [each for each in (image, *outlines) if each and _is_refreshed_alone(each)]
        refreshed.watch(*layers)

    def close(self) -> None:
        """Watch nothing any more, and emit nothing."""
        self.changed.disconnect()
        with suppress(RuntimeError):
            # Of a panel in no napari window, where Python ends: the timer may be deleted first.
            self._timer.stop()
        self._work.close()
        for watch in self._watches:
            watch.watch()

    def _on_event(self, event: Any) -> None:
        self._has_changed = True
        self._timer.start()

    def _look(self) -> None:
        image = None if self._image is None else self._image()
        made = None if self._made is None else self._made()
        if image is None or made is None:
            return
        shown = Shown.of(image)
        # Of an image with other arrays that is known without a look.
        if shown.has_same_data(results.last(image).shown):
            self._work.start(Look(image, shown, made))

    def _take(self, look: Look, seen: frozenset[str]) -> None:
        is_current = self._made is not None and look.made is self._made()
        if is_current and seen != self.seen:
            self.seen = seen
            self.changed.emit()


def _shared(before: Segmentation | None, made: Segmentation | None) -> set[str]:
    """What cannot have changed from one result to the next, as after most edits."""
    shared = set()
    if before is not None and made is not None:
        if made.masks is before.masks:
            shared.add(OUTLINE)
        if made.histogram is before.histogram:
            shared.add(PIXELS)
    return shared


def _is_refreshed_alone(layer: Layer) -> bool:
    """Whether nothing but a refresh shows other pixels of a layer."""
    return layer.ndim == 2 and not getattr(layer, "multiscale", False)

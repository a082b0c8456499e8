"""The fold "Pattern" wired to the layers: what is measured, when again, what the canvas shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, ref
from zlib import crc32

import numpy as np
from napari.layers import Labels
from qtpy.QtCore import QTimer

from napari_colorcluster.core.support.whole_file import whole_file
from napari_colorcluster.layers.images.layer_data import levels, unwrapped
from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.pattern.marks import Mark, boundary_layer, outline
from napari_colorcluster.layers.pattern.sight import go_where
from napari_colorcluster.layers.result.pointed import is_click
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.script import pattern_script
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.pattern_requests import (
    BoundariesRequest,
    PatternRequest,
)
from napari_colorcluster.widgets.parts.ask import ask_path
from napari_colorcluster.widgets.pattern.view import PATCHES, PatternView

if TYPE_CHECKING:
    from napari.components import ViewerModel

SOON = 150
"""Milliseconds for which labels must have stayed as they are before they are measured again."""

OUTDATED = "Out of date: press Cluster to update."
CHANGED = "Out of date: press Measure to update."


class PatternControl:
    """Measures the pattern of a Labels layer for a panel.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layers are.
    find_clusters : callable
        Returns the clusters layer of the chosen image, or None.
    is_live : callable
        Returns whether what is shown follows every change.
    notices : Notices
        What is told of it.

    Attributes
    ----------
    view : PatternView
        The content of the fold.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        find_clusters: Callable[[], Labels | None],
        is_live: Callable[[], bool],
        notices: Notices,
    ) -> None:
        self._notices = notices
        self._viewer, self._find_clusters, self._is_live = viewer, find_clusters, is_live
        self.view = PatternView(self._labels_layers)
        self._work = LatestJob()
        self._outline, self._boundaries = Mark(viewer), Mark(viewer)
        self._wanted: PatternRequest | None = None
        self._shown: PatternRequest | None = None
        self._painted: WeakSet[Labels] = WeakSet()
        self._digest = 0
        self._last: ref[Labels] | None = None
        self._segmentation: ref[Segmentation] | None = None
        self._measured_before: WeakSet[Segmentation] = WeakSet()
        self._watch = LayerWatch(
            ("data", "paint", "colormap", "features", "set_data", *PLACED_BY), self._on_event
        )
        self._timer = QTimer(self.view, singleShot=True, interval=SOON)
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether something is being measured, or about to be."""
        return self._work.is_busy or self._timer.isActive()

    def mirror(self, *_: Any) -> None:
        """Offer the layers that there are, and show nothing of one that has changed."""
        self.view.layer.reset_choices()
        layer = self._layer()
        if (None if self._last is None else self._last()) is not layer:
            self._last = layer and ref(layer)
            self._watch.watch(layer)
            self._check(note="")
        self.view.measure.setEnabled(layer is not None)
        made = _segmentation_of(layer)
        before = None if self._segmentation is None else self._segmentation()
        self._segmentation = made and ref(made)
        # Undone or redone: what was measured once is shown again, too.
        self._check(is_wanted=made is not before and made in self._measured_before)
        if self._shown is not None:
            is_of_image = made is not None or results.source_of(layer) is None
            self.view.set_current(is_of_image, OUTDATED)

    def measure(self) -> None:
        """Measure the chosen layer as it is now."""
        layer = self._layer()
        self._timer.stop()
        if layer is None:
            return
        with self._notices.reported():
            self._wanted = PatternRequest.of(layer)
            self._work.start(self._wanted)

    def script(self) -> str:
        """The lines of a script that measure what is shown, to follow those of the clusters.

        Empty where nothing is shown, or what is shown is not that of the clusters.
        """
        layer = self._find_clusters()
        if self._shown is None or layer is None or self._layer() is not layer:
            return ""
        hint = "\n# Without the corrections by hand:" if self._is_painted else ""
        return hint + pattern_script(layer.name, *self._shown.spacing, multiscale=layer.multiscale)

    def close(self) -> None:
        """Stop, and disconnect from the viewer, which outlives the panel."""
        self._work.close()
        self._watch.watch()
        self._viewer.mouse_drag_callbacks.remove(self._press)
        self._outline.off()
        self._boundaries.off()

    def _connect(self) -> None:
        view, work = self.view, self._work
        self._timer.timeout.connect(self.measure)
        view.measure_requested.connect(self.measure)
        view.save_requested.connect(self._save)
        view.patch_selected.connect(self._outline_patch)
        view.boundaries.toggled.connect(self._draw_boundaries)
        view.layer.changed.connect(self.mirror)
        view.shown.connect(self.mirror)
        view.hidden.connect(lambda: view.patches.select(None))
        work.returned.connect(self._take)
        work.failed.connect(self._fail)
        work.progressed.connect(view.progress.set)
        work.busy.connect(lambda busy: view.progress.set(0.0))
        self._viewer.mouse_drag_callbacks.append(self._press)

    def _labels_layers(self) -> list[Labels]:
        clusters = self._find_clusters()
        layers = map(unwrapped, self._viewer.layers)
        return [each for each in layers if isinstance(each, Labels) and each is not clusters]

    def _layer(self) -> Labels | None:
        """The layer that is measured; None where there is none."""
        layer = self.view.chosen or self._find_clusters()
        return layer if layer is not None and layer in self._viewer.layers else None

    @property
    def _is_painted(self) -> bool:
        return self._layer() in self._painted

    def _on_event(self, event: Any) -> None:
        """Notice what has been painted; an undone stroke has no event of its own in napari."""
        layer, painted = event.source, self._painted
        changed = event.type in ("paint", "data")
        if event.type == "set_data":
            changed = layer in painted and self._shown is not None
            if not (changed and _digest(layer) != self._digest):
                return
        elif changed:
            (painted.add if event.type == "paint" else painted.discard)(layer)
        self._check(changed=changed)

    def _check(
        self, *, changed: bool = False, is_wanted: bool = False, note: str = CHANGED
    ) -> None:
        """Show nothing of labels that have changed, and measure them again where that is wished.

        Parameters
        ----------
        changed : bool, default False
            Whether the very same array holds other labels now.
        is_wanted : bool, default False
            Whether they are measured though changes are not followed.
        note : str
            What to say of those that are not.
        """
        layer, view = self._layer(), self.view
        now = None if layer is None or changed else PatternRequest.of(layer)
        known = [each for each in (self._shown, self._wanted) if each is not None]
        if now is not None and any(map(now.is_same, known)):
            return
        had_some = view.measured is not None or self._wanted is not None
        self._shown = self._wanted = None
        self._work.cancel()
        self._outline.off()
        self._boundaries.off()
        if layer is not None and ((had_some and self._is_live()) or is_wanted):
            # Folded away, it is measured as soon as it is seen.
            if view.isVisible():
                view.set_current(False)
                self._timer.start()
        elif had_some:
            self._timer.stop()
            view.set_measured(None, "" if layer is None else note)

    def _take(self, request: Any, result: Any) -> None:
        layer = self._layer()
        if isinstance(request, BoundariesRequest):
            if request.measured is self.view.measured and self.view.boundaries.isChecked():
                name = f"{layer.name} boundaries (ΔE)"
                self._boundaries.show(boundary_layer(result, layer, name))
            return
        self._wanted = None
        if not request.is_same(PatternRequest.of(layer)):
            self._check()
            return
        self._shown = request
        self._digest = _digest(layer) if self._is_painted else 0
        made = _segmentation_of(layer)
        if made is not None:
            self._measured_before.add(made)
        self.view.set_measured(result)
        self._draw_boundaries()

    def _fail(self, error: Exception) -> None:
        self._wanted = None
        self.view.set_measured(None)
        self._notices.report(error)

    def _draw_boundaries(self, *_: Any) -> None:
        measured = self.view.measured
        self._boundaries.off()
        shown = self.view.boundaries.isChecked() and self._shown is not None
        if shown and measured.pattern.colors is not None and measured.numbers is not None:
            self._work.start(BoundariesRequest(measured))

    def _outline_patch(self, row: int | None) -> None:
        measured, layer = self.view.measured, self._layer()
        if row is None or self._shown is None or layer is None:
            self._outline.off()
            return
        mask, corner = measured.mask_of(row)
        go_where(self._viewer, layer, mask, corner)
        self._outline.show(outline(mask, corner, layer, self._viewer.scene.camera.zoom, "patch"))

    def _press(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        """Select the row of a patch that is clicked, where a click does nothing else."""
        layer, view = self._layer(), self.view
        active = unwrapped(viewer.layers.selection.active)
        is_free = active is None or active.mode == "pan_zoom"
        is_asked = view.isVisible() and view.table_shown == PATCHES and self._shown is not None
        if not (is_asked and is_free and event.button == 1) or viewer.dims.ndisplay > 2:
            return
        at = np.rint(layer.world_to_data(event.position)).astype(int)
        row = view.measured.row_at(tuple(at.tolist()))
        if (yield from is_click(event)):
            view.patches.select(row)

    def _save(self) -> None:
        what, table = self.view.tabulated()
        name = f"{self._layer().name} {what}.csv"

        def save(path: str) -> None:
            with (
                self._notices.saving(f"The table of {what}", path),
                whole_file(Path(path)) as unfinished,
            ):
                table.to_csv(unfinished, index=False)

        ask_path(self.view, f"Save {what}", name, {".csv": "Table"}, save)


def _segmentation_of(layer: Labels | None) -> Segmentation | None:
    source = None if layer is None else results.source_of(layer)
    result = results.of(source)
    return None if result is None or result.labels is not layer else result.segmentation


def _digest(layer: Labels) -> int:
    """A number that changes with an array's values; 0 of what is no array in memory."""
    data = levels(layer)[0]
    return crc32(np.ascontiguousarray(data)) if isinstance(data, np.ndarray) else 0

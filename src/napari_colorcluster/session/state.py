"""What a session knows of its images and has shown of them; requests read it and write to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from napari.layers import Image, Layer
from psygnal import Signal

from napari_colorcluster.core.clustering.choosing_k.sweep import ClusterSweep
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import tell
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import BOTH, results
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation
from napari_colorcluster.layers.source import active_source, source_layers
from napari_colorcluster.session.changed.recount import is_in_memory
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.history import History, histories
from napari_colorcluster.session.placed import PlacedRegions
from napari_colorcluster.session.prefetch import Prefetch

if TYPE_CHECKING:
    from napari.components import ViewerModel


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep, what the image showed that it is of, and where."""

    shown: Shown
    sweep: ClusterSweep
    masks: tuple[np.ndarray, ...] | None
    region: Region | None

    def segmentation(self, n_clusters: int) -> Segmentation:
        """What the sweep has with k clusters, where it was swept."""
        return Segmentation(self.sweep[n_clusters], self.masks, self.region)


class SessionState:
    """The state of one viewer's session; used in the main thread alone.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are and the results are shown.

    Attributes
    ----------
    counted : Counted
        The colors of the images, counted once. Safe in other threads, too.
    placed : PlacedRegions
        The masks of their regions, found once.
    prefetch : Prefetch
        The run that is likely to be requested next.
    sweeps : mapping of Layer to Swept
        The last sweep of each image.
    layers : str
        Which layers new results get: a key of `LAYERS`.
    first_looks : mapping of Request to Segmentation
        What each first look has shown.
    """

    swept = Signal(object)
    """Emitted with the image layer whose sweep is new."""
    gone_back = Signal(object)
    """Emitted with the image layer that shows an earlier or an undone result again, or what the
    console has made: something else may be asked for meanwhile."""
    compared = Signal(object)
    """Emitted with a new `PaletteComparison`."""
    counted_frames = Signal(object)
    """Emitted with new `Frames`."""
    reported = Signal(object)
    """Emitted with the path of a new report's page."""
    calibrated = Signal(object)
    """Emitted with a new `Calibration`."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.counted = Counted()
        self.placed = PlacedRegions()
        self.prefetch = Prefetch()
        self.sweeps: WeakKeyDictionary[Layer, Swept] = WeakKeyDictionary()
        self.layers = BOTH
        self.first_looks: WeakKeyDictionary[Any, Segmentation] = WeakKeyDictionary()
        # What the console has shown while there was no panel is a step as well.
        for image in source_layers(viewer):
            if results.of(image) is not None:
                self._remember(image)
        results.changed.connect(self._remember)
        viewer.layers.events.removed.connect(self.prefetch.drop)

    def close(self) -> None:
        """Disconnect from the viewer, and everybody from here."""
        self.prefetch.drop()
        self._viewer.layers.events.removed.disconnect(self.prefetch.drop)
        results.changed.disconnect(self._remember)
        for signal in (
            self.swept,
            self.gone_back,
            self.compared,
            self.counted_frames,
            self.reported,
            self.calibrated,
        ):
            signal.disconnect()

    def history_of(self, image: Image | None) -> History[Segmentation] | None:
        """The results of an image; None where nothing has been shown of it as it is."""
        return histories.of(image)

    def present(self, image: Image) -> Segmentation | None:
        """What is shown of an image; None where nothing has been shown of it as it is."""
        history = self.history_of(image)
        return None if history is None else history.present

    def latest(self, image: Image) -> Segmentation | None:
        """What a run goes on from: what was shown last of the same arrays, however they look."""
        history = histories.of_same_data(image)
        return None if history is None else history.present

    def _going_on(self, image: Image) -> History[Segmentation] | None:
        """The history that another result goes on; None for none.

        That of other contrast limits or gamma as well, since what is undone is counted again; but
        lazy arrays are not.
        """
        history = self.history_of(image)
        if history is None and is_in_memory(Shown.of(image), 0):
            return histories.of_same_data(image)
        return history

    def show_run(
        self, image: Image, painted: Painted, first_look: Segmentation | None = None
    ) -> None:
        """Show a run.

        It can be undone where it replaces what a person has edited, or is of colors that are
        calibrated in another way. What its own first look has shown is not: the edits in it, if
        any, are those of the run.
        """
        history, made = self._going_on(image), painted.segmentation
        if history is None:
            history = History(made)
        elif history.present is not first_look and (
            _is_by_hand(history.present)
            or history.present.min_pixels != made.min_pixels
            or _calibration(history.present) != _calibration(made)
        ):
            history = history.then(made)
        else:
            history = history.instead(made)
        self.show(image, painted, history)

    def show_step(self, image: Image, painted: Painted, *, select: bool = True) -> None:
        """Show something, as a step that can be undone; `select` as `Results.show` takes it."""
        history, made = self._going_on(image), painted.segmentation
        history = History(made) if history is None else history.then(made)
        self.show(image, painted, history, select=select)

    def show(
        self,
        image: Image,
        painted: Painted,
        history: History[Segmentation],
        *,
        select: bool = True,
    ) -> None:
        """Show the present of a history, which becomes that of the image.

        What was made by hand of other arrays goes with them, and that is told.
        """
        last = results.last(image)
        is_of_other = last is not None and results.of_same_data(image) is None
        if is_of_other and (gone := _by_hand_words(last.segmentation)):
            tell(f"{gone} gone with the image's other data.")
        histories.keep(image, history)
        # A person who has turned to another layer meanwhile, or draws the region, is left there.
        select = select and active_source(self._viewer) is image
        results.show(self._viewer, image, painted, select=select, layers=self.layers)

    def _remember(self, image: Image) -> None:
        """Make what the console has shown, or was painted, a step that can be undone, too."""
        result = results.last(image)
        shown, history = result.segmentation, histories.of_same_data(image)
        if history is not None and history.present is shown:
            return
        history = self._going_on(image)
        after = History(shown) if history is None else history.at(shown)
        histories.keep(image, after, result.shown)
        if history is None or history.present.clustering is not shown.clustering:
            self.gone_back.emit(image)


def _is_by_hand(made: Segmentation) -> bool:
    """Whether a person has edited or painted what is shown; what a run has kept does not count."""
    return made.is_edited or (made.overlay is not None and made.painted_in is None)


def _by_hand_words(made: Segmentation) -> str:
    """What a person has made of a result, with a verb; empty where that is nothing."""
    overlay = (made.painted_in or made).overlay
    n_pixels = 0 if overlay is None else overlay.n_pixels
    n_edits = sum(name != "relabel" for name, *_ in made.clustering.edits)
    counted = (
        (n_pixels, "pixel corrected by hand", "pixels corrected by hand"),
        (n_edits, "edit", "edits"),
    )
    said = [f"{n:,} {one if n == 1 else more}" for n, one, more in counted if n]
    verb = "is" if n_pixels + n_edits == 1 else "are"
    return f"{' and '.join(said)} {verb}" if said else ""


def _calibration(made: Segmentation) -> Any:
    return made.clustering.settings.get("calibration")

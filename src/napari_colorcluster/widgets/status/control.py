"""The line under the button wired to a panel: what is so in words, and what is dimmed for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from napari.utils.theme import get_theme

from napari_colorcluster.layers.images.layer_watch import LayerWatch
from napari_colorcluster.layers.images.shown import SHOWN_BY, Shown
from napari_colorcluster.layers.result.results import LayerResult, results
from napari_colorcluster.session.changed.changes import Asked, Change, changes
from napari_colorcluster.session.changed.result_watch import ResultWatch
from napari_colorcluster.widgets.status.fit import Fit
from napari_colorcluster.widgets.status.line import StatusLine
from napari_colorcluster.widgets.status.words import (
    NO_IMAGE,
    NOT_CLUSTERED,
    changed_words,
    dropped_words,
    lost_words,
    shown_words,
)

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image, Layer

    from napari_colorcluster.session.session import Session
    from napari_colorcluster.widgets.form.form import SettingsForm
    from napari_colorcluster.widgets.palette.view import PaletteView


class StatusControl:
    """Says what a panel shows, and whether that is still what is asked for.

    A notice stands before it until the next action: another setting, run or image.

    Parameters
    ----------
    viewer : napari.Viewer
        Whose theme it has.
    session : Session
        What it tells of the work.
    form : SettingsForm
        What is asked for.
    view : PaletteView
        What is dimmed when it has gone out of date.
    find_dropped : callable
        Returns the layer of the palette file that is shown in place of an image's own, or None.
    is_live : callable
        Returns whether every change is clustered at once.

    Attributes
    ----------
    line : StatusLine
        The line.
    changes : tuple of Change
        What has changed since the result that is shown.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        session: Session,
        form: SettingsForm,
        view: PaletteView,
        find_dropped: Callable[[], Layer | None],
        is_live: Callable[[], bool],
    ) -> None:
        self._session, self._form, self._view = session, form, view
        self._find_dropped, self._is_live = find_dropped, is_live
        self._notice, self._is_error = "", False
        self.changes: tuple[Change, ...] = ()
        self.line = StatusLine(lambda: get_theme(viewer.theme).warning.as_hex())
        self._fit = Fit(session.notices.report)
        self._fit.found.connect(self.mirror)
        self._pixels = ResultWatch()
        self._pixels.changed.connect(self.mirror)
        self._image_watch = LayerWatch(SHOWN_BY, self.mirror)
        session.notices.said.connect(self.say)
        session.notices.failed.connect(self.warn)
        session.busy.connect(self._on_busy)
        form.settings_changed.connect(self._on_action)
        form.image.changed.connect(self._on_action)
        results.changed.connect(self._on_result)

    @property
    def is_busy(self) -> bool:
        """Whether it is about to find out whether pixels have changed."""
        return self._pixels.is_busy

    def say(self, text: str) -> None:
        """Show what has been done, until the next action."""
        self._notice, self._is_error = text, False
        self.mirror()

    def warn(self, text: str) -> None:
        """Show what went wrong, until the next action."""
        self._notice, self._is_error = text, True
        self.mirror()

    def mirror(self, *_: Any) -> None:
        """Say what is shown of the chosen image, and what has changed since."""
        image, dropped = self._form.image.value, self._find_dropped()
        result = results.last(image) if dropped is None else None
        self._image_watch.watch(image)
        self._pixels.watch(image, self._form.region.region)
        is_coming, asked = self._session.has_run(image), self._asked()
        self.changes = () if result is None else self._find_changes(image, result, asked)
        # Live, what is old is about to be replaced.
        is_old = bool(self.changes) and not (is_coming and self._is_live())
        asks = not (is_coming or self._is_error)
        changed = changed_words(self.changes, asked, asks=asks) if is_old else ""
        if dropped is not None:
            state = dropped_words(dropped.name)
        elif result is None:
            state = NO_IMAGE if image is None else NOT_CLUSTERED
        else:
            state = shown_words(result.segmentation, result.palette, is_coming=is_coming)
        lost = "" if result is None else self._lost(image, result)
        news = " ".join(text for text in (self._notice, changed, lost) if text)
        fit = self._fit.words(None if result is None else result.segmentation)
        self.line.show_texts(news, state, fit, is_warning=self._is_error or is_old or bool(lost))
        self._view.set_current(not is_old)

    def close(self) -> None:
        """Disconnect from what outlives the panel."""
        results.changed.disconnect(self._on_result)
        self._image_watch.watch()
        self._pixels.close()
        self._fit.close()

    def _lost(self, image: Image, result: LayerResult) -> str:
        """Among the news: at the end of the state it would be cut."""
        history = self._session.history_of(image)
        past = () if history is None else history.past
        return lost_words(result.segmentation, past[-1] if past else None)

    def _asked(self) -> Asked:
        form = self._form
        return Asked(form.requested_n_clusters(), form.settings(), form.region.region)

    def _find_changes(self, image: Image, result: LayerResult, asked: Asked) -> tuple[Change, ...]:
        made, then, now = result.segmentation, result.shown, Shown.of(image)
        return changes(made, then, now, asked, self._pixels.seen)

    def _on_action(self, *_: Any) -> None:
        self._notice, self._is_error = "", False
        self.mirror()

    def _on_result(self, image: Image) -> None:
        if image is self._form.image.value:
            self._on_action()

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._on_action()
        else:
            self.mirror()

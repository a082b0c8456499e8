"""The fold "Choose k" wired to the session: sweeps, and the k that is taken from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.clustering.choosing_k.sweep import SWEEP_RANGE
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.choose_k.view import ChooseK

if TYPE_CHECKING:
    from napari.layers import Image

    from napari_colorcluster.layers.result.segmentation import Segmentation
    from napari_colorcluster.session.session import Session
    from napari_colorcluster.widgets.form.form import SettingsForm


class SweepControl:
    """Sweeps for a panel.

    Parameters
    ----------
    session : Session
        Does the work.
    form : SettingsForm
        The image, and how it is clustered.
    find_image : callable
        Returns the image to sweep, or raises a `ValueError` that says why there is none.
    restore : callable
        Called with a segmentation to fill the form with its settings and its region.

    Attributes
    ----------
    view : ChooseK
        The content of the fold.
    """

    def __init__(
        self,
        session: Session,
        form: SettingsForm,
        find_image: Callable[[], Image],
        restore: Callable[[Segmentation], None],
    ) -> None:
        self._session, self._form = session, form
        self._find_image, self._restore = find_image, restore
        self.view = ChooseK()
        self._tip = self.view.button.toolTip()
        self.view.sweep_requested.connect(self.sweep)
        self.view.k_chosen.connect(self._choose)
        form.k_used_changed.connect(self.update_button)
        form.settings_changed.connect(self.mirror)
        session.swept.connect(self._on_swept)

    def sweep(self, n_clusters: range = SWEEP_RANGE, show_suggested: bool = False) -> None:
        """Sweep the image, or report why that is not possible."""
        with self._session.notices.reported():
            image = self._find_image()
            self._session.forget(image)
            how = n_clusters, self._form.settings(), self._form.region.region
            self._session.sweep(image, *how, show_suggested=show_suggested)

    def mirror(self) -> None:
        """Show the sweep of the chosen image, and which of its k is shown on the canvas."""
        sweep = self._session.sweep_of(self._form.image.value)
        if sweep is None:
            self.view.set_sweep(None)
        else:
            self.view.set_sweep(sweep, self._chosen(), self._difference())

    def update_button(self, *_: Any) -> None:
        """Offer a sweep unless work is going on, or the method finds k itself."""
        found = self._form.finds_n_clusters
        self.view.button.setEnabled(not found and not self._session.is_busy)
        self.view.button.setToolTip(
            "This method finds k itself, so there is nothing to try." if found else self._tip
        )

    def _chosen(self) -> int | None:
        """The k of what is shown; None where it was not made as the sweep was."""
        result = results.of(self._form.image.value)
        if result is None or result.segmentation.applied is not None:
            return None
        # Not the number that edits have left: the curves are of k as it was set.
        same = _how(self._any_tried()) == _how(result.segmentation)
        return result.clustering.settings["n_clusters"] if same else None

    def _any_tried(self) -> Segmentation:
        """A clustering of the sweep, which tells how all of them were made."""
        image = self._form.image.value
        return self._session.tried(image, next(iter(self._session.sweep_of(image))))

    def _difference(self) -> str:
        """A note where the settings are not those of the sweep any more."""
        settings, region = _how(self._any_tried())
        if (settings, region) == (self._form.settings(), self._form.region.region):
            return ""
        method, space = METHODS[settings.method].title, COLOR_SPACES[settings.color_space].title
        where = "the whole image" if region is None else region.title
        return f"These curves are for {method} in {space}, {where}."

    def _choose(self, n_clusters: int) -> None:
        image, form = self._form.image.value, self._form
        if self._session.sweep_of(image) is None:
            return
        made = self._session.tried(image, n_clusters)
        self._restore(made or self._any_tried())
        if made is not None:
            self._session.show(image, made)
            return
        # A cut of the tree that the sweep has not tried.
        with form.settings_changed.blocked():
            form.n_clusters.value = n_clusters
        self._session.cluster(image, n_clusters, form.settings(), form.region.region)

    def _on_swept(self, image: Image) -> None:
        if image is not self._form.image.value:
            return
        result, sweep = results.of(image), self._session.sweep_of(image)
        # A sweep that has shown its suggestion has chosen the k, unless another waits by now.
        suggested = sweep[sweep.suggested].partition
        is_shown = result is not None and result.clustering.partition is suggested
        if is_shown and not self._session.has_run(image):
            self._restore(result.segmentation)
        self.mirror()


def _how(made: Segmentation) -> tuple[Settings, Any]:
    """How and where something was clustered, but for k and edits."""
    return Settings.from_dict(made.clustering.settings), made.region

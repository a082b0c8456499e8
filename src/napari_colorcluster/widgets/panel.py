"""The panel: the parts in one column, in the order of the work; it mirrors a session's results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from magicgui.widgets import Container

from napari_colorcluster.layers.contributions.preferences import Preferences, preferences
from napari_colorcluster.layers.images.channels import possible_channels
from napari_colorcluster.layers.images.layer_data import unwrapped
from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.images.shown import LOOKS, SHOWN_BY
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.source import (
    active_source,
    regions_for,
    resolve_source,
    source_layers,
)
from napari_colorcluster.session.session import Session
from napari_colorcluster.widgets.calibration.control import CalibrationControl
from napari_colorcluster.widgets.choose_k.control import SweepControl
from napari_colorcluster.widgets.form.form import SettingsForm
from napari_colorcluster.widgets.form.image_note import ImageNote
from napari_colorcluster.widgets.form.restoring import Restoring
from napari_colorcluster.widgets.form.start_bar import StartBar
from napari_colorcluster.widgets.images.control import ManyControl
from napari_colorcluster.widgets.images.objects_control import ObjectsControl
from napari_colorcluster.widgets.palette_control import PaletteControl
from napari_colorcluster.widgets.parts.dock_watch import DockWatch
from napari_colorcluster.widgets.parts.layout import ColumnScrollArea, Fold, column, put_beside
from napari_colorcluster.widgets.pattern.control import PatternControl
from napari_colorcluster.widgets.status.control import StatusControl

if TYPE_CHECKING:
    import napari.viewer


class ColorClusteringPanel(Container):
    """Cluster the colors of an RGB layer: the dock widget "Color Clustering".

    Parameters
    ----------
    viewer : napari.Viewer
        The viewer that the panel is docked in.

    Attributes
    ----------
    form : SettingsForm
        The settings: ``form.image``, ``form.region``, ``form.method``, ``form.n_clusters``,
        ``form.color_space``.
    button, live, progress
        Those of `StartBar`.
    status : StatusControl
        What is shown in words, and what has changed since: ``status.line``.
    shown : PaletteControl
        What is shown of the chosen image's result.
    palette : PaletteView
        Its view: ``palette.bar`` and ``palette.table``.
    choose_k : ChooseK
        The sweep.
    pattern : PatternControl
        The pattern of the clusters: ``pattern.view``.
    objects : ObjectsControl
        The shares of each object of a region.
    calibration : CalibrationControl
        True colors from a card or a gray patch: ``calibration.view``.
    many : ManyControl
        The work on more images: ``many.view``.
    image_note : ImageNote
        What there is to say of how the image was read.
    """

    def __init__(self, viewer: napari.viewer.Viewer) -> None:
        super().__init__(labels=False)
        self._viewer = viewer
        self._closed = False
        self._dock_watch = DockWatch(self.native)
        self.session = Session(viewer)
        self.form = SettingsForm(lambda: source_layers(viewer), self._regions)
        self.image_note = ImageNote(viewer, self.session, self.form)
        self._start = start = StartBar()
        self.button, self.live, self.progress = start.button, start.live, start.progress
        self.shown = shown = PaletteControl(
            viewer,
            self.session,
            lambda: self.form.image.value,
            lambda: self.pattern.script(),
            self.native,
        )
        self.palette, self.picker = shown.view, shown.picker
        self.status = StatusControl(
            *(viewer, self.session, self.form, self.palette),
            find_dropped=shown.dropped_layer,
            is_live=self.live.isChecked,
        )
        put_beside(self.form.color_space, self.palette.view_button)
        self._restoring = Restoring(viewer, self.form)
        self.sweeps = SweepControl(self.session, self.form, self._image, self._restoring.restore)
        self.choose_k = self.sweeps.view
        self.sweep_fold = Fold(
            "Choose k", self.choose_k, "Try several numbers of clusters and compare them."
        )
        self._image_watch = LayerWatch((*SHOWN_BY, "name", *PLACED_BY), self._on_image_event)
        notices = self.session.notices
        self.pattern = PatternControl(viewer, shown.clusters_layer, self.live.isChecked, notices)
        self.pattern_fold = Fold(
            "Pattern", self.pattern.view, "Measure how the clusters lie next to each other."
        )
        self.many = ManyControl(viewer, self.session, self.form, self.native)
        self.more_fold = Fold(
            "More images", self.many.view, "One palette for several images, and their shares."
        )
        self.calibration = CalibrationControl(viewer, self.session, self.form)
        self.calibrate_fold = Fold(
            "Calibrate", self.calibration.view, "True colors from a color card or a gray patch."
        )
        self.objects = ObjectsControl(viewer, lambda: self.form.image.value, self.native, notices)
        folds = self.sweep_fold, self.pattern_fold, self.calibrate_fold, self.more_fold
        parts = self.form.native, start, self.status.line, self.palette, self.objects.button
        content = column(*parts, *folds)
        content.layout().addStretch(1)
        self.margins = (4, 4, 4, 4)
        self.native.layout().addWidget(ColumnScrollArea(content))
        self._connect()
        self.reset_choices()
        self._apply_preferences(preferences())
        self._turn_to_image()
        self._follow_active()

    def run(self, *, anew: bool = True) -> None:
        """Cluster the image, and report why where that is not possible; `anew` counts it again."""
        form = self.form
        with self.session.notices.reported():
            image = self._image()
            if anew:
                self.session.forget(image)
            how = form.requested_n_clusters(), form.settings(), form.region.region
            edits = self._restoring.keywords_for(image)
            self.session.cluster(image, *how, **edits, live=not anew)

    def run_suggested(self) -> None:
        """Sweep the chosen image, and show the k that the sweep suggests."""
        self.sweeps.sweep(show_suggested=True)

    def show_color_space(self) -> None:
        """Open the window with the image's colors as points."""
        self.shown.show_color_space()

    def copy_script(self) -> None:
        """Put a script on the clipboard that makes the shown result again."""
        self.shown.copy_script()

    def reset_choices(self, *_: Any) -> None:
        """Offer the images and the regions that are there now."""
        self.form.image.reset_choices()
        self.form.region.reset_choices()
        self.many.mirror()
        self.pattern.mirror()
        self.objects.mirror()
        self.image_note.mirror()

    def _apply_preferences(self, preferred: Preferences) -> None:
        with self.form.settings_changed.blocked():
            self.form.method.value = preferred.method
            self.form.n_clusters.value = preferred.n_clusters
            self.form.color_space.value = preferred.color_space
            region = preferred.region_among(self._regions(self.form.image.value))
            self.form.region.region = region
        self.form.layers.value = preferred.layers
        self.live.setChecked(preferred.live)

    def _connect(self) -> None:
        for event in self._layer_events():
            event.connect(self.reset_choices)
        self._viewer.layers.selection.events.active.connect(self._follow_active)
        results.changed.connect(self._mirror)
        self.session.busy.connect(self._on_busy)
        self.session.progressed.connect(self.progress.set)
        self.session.gone_back.connect(self._restore_shown)
        self.form.image.changed.connect(self._on_image_chosen)
        self.form.settings_changed.connect(self._on_settings_changed)
        self.form.layers.changed.connect(self._choose_layers)
        self.form.calibration.chosen.connect(self._run_calibrated)
        self.calibrate_fold.title.toggled.connect(
            lambda opened: opened or self.calibration.finish()
        )
        # One click must not count twice.
        self.picker.pressed.connect(lambda: self.calibration.view.gray.setChecked(False))
        self.calibration.view.gray.pressed.connect(lambda: self.picker.setChecked(False))
        self.live.toggled.connect(self.session.stop_prefetch)
        self.live.toggled.connect(self._run_live)
        self._start.busy_shown.connect(self.sweeps.update_button)
        self.button.clicked.connect(self._press)
        self._dock_watch.taken_out.connect(self._go)
        self.native.destroyed.connect(self._close)

    def _go(self) -> None:
        """Go for good, with all windows: the dock was closed."""
        self._close()
        self.native.deleteLater()

    def _close(self) -> None:
        """Stop all work, and disconnect from the viewer, which outlives the panel."""
        if self._closed:
            return
        self._closed = True
        for event in self._layer_events():
            event.disconnect(self.reset_choices)
        self._viewer.layers.selection.events.active.disconnect(self._follow_active)
        results.changed.disconnect(self._mirror)
        self.shown.close()
        self.status.close()
        self._image_watch.watch(None)
        self.form.region.stop_watching()
        self.pattern.close()
        self.objects.close()
        self.calibration.close()
        self.image_note.close()
        self.many.close()
        self.session.close()

    def _layer_events(self) -> tuple[Any, ...]:
        events = self._viewer.layers.events
        return events.inserted, events.removed, events.reordered, events.renamed

    def _image(self) -> Any:
        image = self.form.image.value
        active = unwrapped(self._viewer.layers.selection.active)
        if image is None and (channels := possible_channels(self._viewer, active)):
            # What to do in the panel; `resolve_source` says what to type in the console.
            raise ValueError(channels.note)
        return image or resolve_source(self._viewer)

    def _regions(self, image: Any) -> list[Any]:
        return [] if image is None else regions_for(self._viewer, image)

    def _press(self) -> None:
        dropped = self.shown.dropped_layer()
        if self.session.is_busy:
            self.session.cancel()
            self._start.show_stopping()
        elif dropped is None:
            self.run()
        elif self.form.image.value is None:
            self.session.notices.report(
                ValueError("There is no image to apply the palette to: open an RGB image first.")
            )
        else:
            self.shown.forget_dropped()
            self.many.apply_file(dropped)

    def _on_settings_changed(self) -> None:
        self._restoring.forget()
        if self.shown.forget_dropped():
            self._mirror()
        self._run_live()

    def _choose_layers(self, layers: str) -> None:
        self.session.state.layers = layers

    def _run_live(self, *_: Any) -> None:
        if self.live.isChecked() and self.form.image.value is not None:
            self.run(anew=False)

    def _run_calibrated(self) -> None:
        """Make what is shown again of the colors that are calibrated now; live, that is done."""
        if not self.live.isChecked() and results.of(self.form.image.value) is not None:
            self.run(anew=False)

    def _restore_shown(self, image: Any) -> None:
        if image is self.form.image.value:
            # What has been asked for since is about to be shown instead.
            if asked := self.session.asked_of(image):
                self._restoring.restore_asked(*asked)
            else:
                self._restoring.restore(results.last(image).segmentation)
            self.sweeps.mirror()
            self.status.mirror()

    def _follow_active(self, *_: Any) -> None:
        image = active_source(self._viewer)
        self.reset_choices()
        if image is not None and image in self.form.image.choices:
            self.form.image.value = image
        active = unwrapped(self._viewer.layers.selection.active)
        if self.shown.look_at(active):
            self._mirror()
        with self.session.notices.reported():
            if note := self._restoring.look_at(active):
                self.status.say(note)

    def _on_image_chosen(self, *_: Any) -> None:
        self._turn_to_image()
        # A new run would replace what is shown already, with its edits.
        if results.of(self.form.image.value) is None:
            self._run_live()

    def _turn_to_image(self) -> None:
        """Show what the chosen image has, and fill the form with how that was made."""
        image = self.form.image.value
        self._image_watch.watch(image)
        self.image_note.mirror()
        self.form.region.reset_choices()
        self.shown.deselect()
        if results.last(image) is not None:
            self._restore_shown(image)
        self._mirror()

    def _on_image_event(self, event: Any) -> None:
        """Show what is known of an image that looks otherwise, has another place or name."""
        if event.type in LOOKS and self.live.isChecked():
            # While its slider is dragged, the table keeps what it has until that is made anew.
            self._run_live()
            return
        if event.type == "data":
            self.shown.deselect()
        self._mirror()
        if event.type == "data" or (event.type in PLACED_BY and self.form.region.region):
            self._run_live()

    def _mirror(self, *_: Any) -> None:
        """Show what is known of the chosen image."""
        self._name_action()
        parts = self.shown, self.many, self.pattern, self.objects, self.sweeps, self.status
        for part in parts:
            part.mirror()

    def _name_action(self) -> None:
        is_own = self.shown.dropped_layer() is None
        self._start.set_action("Cluster" if is_own else "Apply palette")

    def _on_busy(self, busy: bool) -> None:
        self._name_action()
        self._start.set_busy(busy)

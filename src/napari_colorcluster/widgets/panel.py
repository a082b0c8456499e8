"""The panel: the parts in one column, in the order of the work; it mirrors a session's results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from magicgui.widgets import Container
from qtpy.QtWidgets import QProgressBar, QPushButton

from napari_colorcluster.core.sweep import SWEEP_RANGE
from napari_colorcluster.layers.results import results
from napari_colorcluster.layers.source import active_source, resolve_source, source_layers
from napari_colorcluster.widgets.choose_k import ChooseK
from napari_colorcluster.widgets.form import SettingsForm
from napari_colorcluster.widgets.layout import ColumnScrollArea, Fold, column
from napari_colorcluster.widgets.palette_view import PaletteView
from napari_colorcluster.widgets.session import Session, report

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
        What is asked: ``form.image``, ``form.method``, ``form.n_clusters``, ``form.color_space``.
    palette : PaletteView
        What came out: ``palette.bar`` and ``palette.table``.
    choose_k : ChooseK
        The sweep.
    """

    def __init__(self, viewer: napari.viewer.Viewer) -> None:
        super().__init__(labels=False)
        self._viewer = viewer
        self.session = Session(viewer)
        self.form = SettingsForm(lambda: source_layers(viewer))
        self.button = QPushButton("Cluster")
        self.progress = QProgressBar()
        self.palette = PaletteView()
        self.choose_k = ChooseK()
        self._sweep_tip = self.choose_k.button.toolTip()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.sweep_fold = Fold("Choose k", self.choose_k)
        content = column(
            self.form.native,
            self.button,
            self.progress,
            self.palette,
            self.sweep_fold,
        )
        content.layout().addStretch(1)
        self.margins = (4, 4, 4, 4)
        self.native.layout().addWidget(ColumnScrollArea(content))
        self._connect()
        self._follow_active()
        self._mirror()

    def run(self) -> None:
        """Cluster the chosen image as asked, or say why that cannot be done."""
        try:
            image = self._image()
            self.session.cluster(image, self.form.n_clusters_asked(), self.form.settings())
        except ValueError as error:
            report(error)

    def run_suggested(self) -> None:
        """Sweep the chosen image, and show the k that the sweep suggests."""
        self._sweep(SWEEP_RANGE, show_suggested=True)

    def reset_choices(self, *_: Any) -> None:
        """Offer the images that are there now."""
        self.form.image.reset_choices()

    def _connect(self) -> None:
        for event in self._layer_events():
            event.connect(self.reset_choices)
        self._viewer.layers.selection.events.active.connect(self._follow_active)
        results.changed.connect(self._mirror)
        self.session.busy.connect(self._show_busy)
        self.session.progressed.connect(self._show_progress)
        self.session.swept.connect(self._take_sweep)
        self.form.image.changed.connect(self._mirror)
        self.form.k_asked.connect(self._allow_sweep)
        self.button.clicked.connect(self._press)
        self.choose_k.wanted.connect(self._sweep)
        self.choose_k.k_chosen.connect(self._choose)
        self.native.destroyed.connect(self._close)

    def _close(self) -> None:
        """Let go of the viewer, which outlives the panel."""
        for event in self._layer_events():
            event.disconnect(self.reset_choices)
        self._viewer.layers.selection.events.active.disconnect(self._follow_active)
        results.changed.disconnect(self._mirror)
        self.session.close()

    def _layer_events(self) -> tuple[Any, ...]:
        events = self._viewer.layers.events
        return events.inserted, events.removed, events.reordered, events.renamed

    def _image(self) -> Any:
        return self.form.image.value or resolve_source(self._viewer)

    def _press(self) -> None:
        if self.session.is_busy:
            self.session.cancel()
            self.button.setText("Stopping…")
            self.button.setEnabled(False)
        else:
            self.run()

    def _sweep(self, n_clusters: range, show_suggested: bool = False) -> None:
        try:
            self.session.sweep(
                self._image(), n_clusters, self.form.settings(), show_suggested=show_suggested
            )
        except ValueError as error:
            report(error)

    def _choose(self, n_clusters: int) -> None:
        image = self.form.image.value
        sweep = self.session.sweep_of(image)
        if sweep is None or self.session.is_busy:
            return
        self.form.n_clusters.value = n_clusters
        self.session.show(image, sweep[n_clusters])

    def _take_sweep(self, image: Any) -> None:
        self._mirror()
        result, sweep = results.of(image), self.session.sweep_of(image)
        # A sweep that was asked to show its suggestion has chosen the k.
        if result is not None and result.clustering is sweep[sweep.suggested]:
            self.form.n_clusters.value = sweep.suggested

    def _follow_active(self, *_: Any) -> None:
        image = active_source(self._viewer)
        self.reset_choices()
        if image is not None and image in self.form.image.choices:
            self.form.image.value = image

    def _mirror(self, *_: Any) -> None:
        """Show what is known of the chosen image."""
        image = self.form.image.value
        result = results.of(image)
        clustering = None if result is None else result.clustering
        if clustering is None:
            self.palette.set_palette(None)
        else:
            self.palette.set_palette(clustering.palette, image.name)
        chosen = None if clustering is None else clustering.n_clusters
        self.choose_k.set_sweep(self.session.sweep_of(image), chosen)

    def _show_busy(self, busy: bool) -> None:
        self.button.setText("Cancel" if busy else "Cluster")
        self.button.setEnabled(True)
        self._allow_sweep()
        self.progress.setValue(0)

    def _allow_sweep(self, *_: Any) -> None:
        """Offer a sweep unless a job is on its way, or the method leaves no k to try."""
        found = self.form.finds_n_clusters
        self.choose_k.button.setEnabled(not found and not self.session.is_busy)
        self.choose_k.button.setToolTip(
            "The method finds k itself: there is none to try." if found else self._sweep_tip
        )

    def _show_progress(self, fraction: float, what: str) -> None:
        self.progress.setValue(round(100 * fraction))
        self.progress.setToolTip(what)

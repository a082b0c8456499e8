"""What the fold "Pattern" consists of: which labels, what is measured of them, and its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from napari.layers import Labels
from qtpy.QtCore import Signal
from qtpy.QtGui import QHideEvent, QShowEvent
from qtpy.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.core.support.words import counted
from napari_colorcluster.layers.pattern.measured import Measured
from napari_colorcluster.widgets.form.steady_choice import SteadyChoice
from napari_colorcluster.widgets.parts.elided import Elided
from napari_colorcluster.widgets.parts.figure_view import FigureView
from napari_colorcluster.widgets.parts.layout import ProgressLine, column, labeled_row
from napari_colorcluster.widgets.parts.sorted_table import Shown, SortedTable
from napari_colorcluster.widgets.pattern.words import explanation, in_few_words, measured_note

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure

OWN = "clusters of the image"
"""What is measured unless another layer is chosen."""

TRANSITIONS, INDICES, PATCHES, BOUNDARIES = TABLES = (
    *("Transitions", "Indices", "Patches", "Boundaries"),
)

_HEIGHT = 270

_PATCH_HEADS = {
    "name": "Cluster",
    "pixels": "Pixels",
    "area": "Area",
    "perimeter": "Perimeter",
    "axis_major_length": "Length",
    "axis_minor_length": "Width",
    "eccentricity": "Eccentricity",
    "solidity": "Solidity",
}
_BOUNDARY_HEADS = {
    "between": "Between",
    "length": "Length",
    "fraction": "Share",
    "dE": "ΔE",
    "dS": "ΔS",
    "dL": "ΔL",
}


MEASURING = "Measuring again…"


class PatternView(QWidget):
    """The content of the fold.

    Parameters
    ----------
    find_layers : callable
        Called without arguments for the Labels layers to offer.

    Attributes
    ----------
    measure_requested, save_requested : Signal()
        Emitted when the labels are to be measured, and when the table that is shown is to be saved.
    patch_selected : Signal(object)
        Emitted with the row of the patch that a person has selected, or None.
    shown, hidden : Signal()
        Emitted when it is unfolded and folded away.
    """

    measure_requested = Signal()
    save_requested = Signal()
    patch_selected = Signal(object)
    shown = Signal()
    hidden = Signal()

    def __init__(
        self, find_layers: Callable[[], list[Labels]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._measured: Measured | None = None
        self.layer = SteadyChoice(
            choices=lambda _: [(OWN, OWN), *((each.name, each) for each in find_layers())],
            label="Labels",
            tooltip="What is measured: the clusters of the image above, with corrections by hand, "
            "or any other Labels layer.",
        )
        box = self.layer.native
        box.setSizeAdjustPolicy(box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        Elided(box)
        self.measure = QPushButton("Measure")
        self.boundaries = QPushButton("Show boundaries")
        self.boundaries.setCheckable(True)
        self.progress = ProgressLine()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.table = QComboBox()
        self.table.addItems(list(TABLES))
        self.save = QPushButton("Save table…")
        self.figure: FigureView | None = None
        self.indices, self.patches, self.edges = SortedTable(), SortedTable(), SortedTable()
        self._explain()
        self._lay_out()
        self.measure.clicked.connect(lambda: self.measure_requested.emit())
        self.save.clicked.connect(lambda: self.save_requested.emit())
        self.table.currentIndexChanged.connect(self._stack.setCurrentIndex)
        self.patches.row_selected.connect(self.patch_selected)
        self.set_measured(None)

    @property
    def chosen(self) -> Labels | None:
        """The layer that was chosen; None for the clusters of the image."""
        return None if self.layer.value == OWN else self.layer.value

    @property
    def table_shown(self) -> str:
        """Which of the tables is shown."""
        return self.table.currentText()

    @property
    def measured(self) -> Measured | None:
        """What is shown."""
        return self._measured

    def set_measured(self, measured: Measured | None, note: str = "") -> None:
        """Show what was measured, or nothing, and say something about it."""
        self._measured = measured
        self.note.setText(note if measured is None else measured_note(measured))
        self.note.setVisible(bool(self.note.text()))
        self._content.setVisible(measured is not None)
        has_colors = measured is not None and measured.pattern.colors is not None
        self.boundaries.setEnabled(has_colors and measured.numbers is not None)
        if measured is None:
            return
        self.set_current(True)
        self._show_indices(measured)
        self._show_patches(measured)
        self._show_boundaries(measured)
        if self.figure is None:
            # Not before: matplotlib takes long to import.
            self.figure = FigureView(self._draw)
            self._map.layout().addWidget(self.figure)
        self.figure.redraw()

    def set_current(self, current: bool, note: str = MEASURING) -> None:
        """Say whether what is shown is of the labels as they are, or else what becomes of it."""
        self._content.setEnabled(current)
        self.note.setText(measured_note(self._measured) if current else note)

    def tabulated(self) -> tuple[str, pd.DataFrame]:
        """The table that is shown, by its name, all of its columns."""
        pattern = self._measured.pattern
        tables = {
            TRANSITIONS: lambda: pattern.transitions.reset_index(),
            INDICES: lambda: pattern.indices(),
            PATCHES: lambda: self._measured.patches,
            BOUNDARIES: lambda: pattern.boundaries(),
        }
        return self.table_shown.lower(), tables[self.table_shown]()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.hidden.emit()

    def _explain(self) -> None:
        self.measure.setToolTip(
            "Measure which clusters are neighbors, how diverse and how patchy the image is, and "
            "each connected patch."
        )
        self.boundaries.setToolTip(
            "Show the boundaries as a layer, from yellow where colors differ little to purple "
            "where they differ most. Its values are ΔE2000."
        )
        self.table.setToolTip("Show the transitions, indices, boundaries or patches.")
        self.table.setAccessibleName("Results to show")
        self.save.setToolTip("Save the table as CSV, with all of its columns.")
        self.patches.setToolTip(
            "Click a row to outline its patch on the canvas, or a patch to find its row."
        )
        self.indices.setToolTip("Point at an index for its definition and source.")
        self.edges.setToolTip("The boundaries between each pair of clusters, the longest on top.")
        self.patches.setAccessibleName("Patches")
        self.indices.setAccessibleName("Indices of the pattern")
        self.edges.setAccessibleName("Boundaries")

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.setFixedHeight(_HEIGHT)
        self._map = column()
        for part in (self._map, self.indices, self.patches, self.edges):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self._stack.addWidget(part)
        self.table.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        rows = []
        for widgets in ((self.measure, self.boundaries), (self.table, self.save)):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            for widget in widgets:
                row.addWidget(widget, 1)
            rows.append(row)
        self._content = QWidget()
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(rows[1])
        inside.addWidget(self._stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        # Kept: what owns the row's widget would else delete it.
        self._row = labeled_row(self.layer)
        layout.addWidget(self._row.native)
        layout.addLayout(rows[0])
        for part in (self.progress, self.note, self._content):
            layout.addWidget(part)

    def _draw(self, figure: Figure, text_color: str) -> None:
        from napari_colorcluster.report.pattern_figure import draw_transitions

        figure.clear()
        if self._measured is not None:
            draw_transitions(figure, self._measured.pattern, text_color)

    def _show_indices(self, measured: Measured) -> None:
        table = measured.pattern.indices()
        table["words"] = [in_few_words(definition) for definition in table["definition"]]
        heads = {"index": "Index", "value": "Value", "words": "Meaning"}
        shown = Shown(table, heads, explain=lambda row: explanation(table.iloc[row]))
        self.indices.set_shown(shown, stretch=True)

    def _show_patches(self, measured: Measured) -> None:
        at = TABLES.index(PATCHES)
        self.table.model().item(at).setEnabled(measured.patches is not None)
        if measured.patches is None:
            if self.table.currentIndex() == at:
                self.table.setCurrentIndex(0)
            return
        heads = _PATCH_HEADS | ({"frame": "Frame"} if "frame" in measured.patches else {})
        if measured.pattern.unit is None:
            # Areas in pixels, or in a scale without a unit, say no more.
            del heads["area"]
        colors = _row_colors(measured, measured.patches[["cluster"]].to_numpy())
        shown = Shown(measured.patches, heads, colors, self._explain_patch)
        self.patches.set_shown(shown, sort_by=1)

    def _explain_patch(self, row: int) -> str:
        patch = self._measured.patches.iloc[row]
        unit = self._measured.pattern.unit
        area = f", {patch['area']:.6g} {unit}²" if unit else ""
        return (
            f"Patch {patch['label']} of {patch['name']}: {counted(patch['pixels'], 'pixel')}{area}"
        )

    def _show_boundaries(self, measured: Measured) -> None:
        table = measured.pattern.boundaries()
        table = table[table["pairs"] > 0].reset_index(drop=True)
        both = table[["first", "second"]].to_numpy()
        table["between"] = [f"{first} – {second}" for first, second in both.tolist()]
        heads = {name: head for name, head in _BOUNDARY_HEADS.items() if name in table}
        colors = _row_colors(measured, both)
        shown = Shown(table, heads, colors, lambda row: _between(table.iloc[row]))
        self.edges.set_shown(shown, sort_by=1)


def _between(boundary: pd.Series) -> str:
    """A boundary in words, as a tooltip has them."""
    names = f"{boundary['first_name']} and {boundary['second_name']}"
    return f"Between {names}: {boundary['pairs']:,} pairs, {boundary['fraction']:.1%} of all"


def _row_colors(measured: Measured, rows: np.ndarray) -> Callable[[int], list[str]] | None:
    """What gives the colors of the labels in a row; None where they are not known."""
    pattern = measured.pattern
    if pattern.colors is None:
        return None
    known = {
        label: "#{:02x}{:02x}{:02x}".format(*color)
        for label, color in zip(pattern.labels.tolist(), pattern.colors.tolist(), strict=True)
    }
    return lambda row: [known[label] for label in rows[row].tolist()]

"""Choosing k: the range to try, the curves, and what they suggest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Signal
from qtpy.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.core.clustering.choosing_k.suggestion import (
    MIN_APART,
    MIN_GAIN,
    Reason,
    Suggestion,
)
from napari_colorcluster.core.clustering.choosing_k.sweep import SWEEP_RANGE, ClusterSweep
from napari_colorcluster.core.color.differences import MIN_DELTA_E
from napari_colorcluster.widgets.choose_k.plot import SweepPlot
from napari_colorcluster.widgets.choose_k.tree_plot import TreePlot

if TYPE_CHECKING:
    import pandas as pd

MAX_K = 99
"""The largest k of a sweep: each k is a clustering of its own."""


class ChooseK(QWidget):
    """The sweep of the panel.

    Attributes
    ----------
    sweep_requested : Signal(object)
        Emitted with the range of k to try.
    k_chosen : Signal(int)
        Emitted with the k that was picked in a plot: one of the sweep, or any cut of the tree.
    """

    sweep_requested = Signal(object)
    k_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, k in ((self.first, SWEEP_RANGE.start), (self.last, SWEEP_RANGE.stop - 1)):
            box.setRange(1, MAX_K)
            box.setValue(k)
            # napari's own style would make the row wider than a dock is.
            box.setStyleSheet("QSpinBox { min-width: 62px; max-width: 62px; }")
        self.first.setToolTip("The smallest number of clusters to try.")
        self.last.setToolTip("The largest number of clusters to try.")
        for box in (self.first, self.last):
            box.setAccessibleName(box.toolTip())
        self.button = QPushButton("Try all")
        self.button.setToolTip(
            "Cluster with each k of the range, and compare the squared error (SSE: look for the "
            "elbow), the silhouette (higher is better), how much of the variance the clusters "
            "explain, and how close the closest two colors are "
            f"(below ΔE {MIN_DELTA_E:g} they look much alike)."
        )
        self.curves_button, self.tree_button = QPushButton("Curves"), QPushButton("Tree")
        self.curves_button.setToolTip("Show the error and the silhouette of each k.")
        self.tree_button.setToolTip("Show the tree of merges: each k is a cut of it.")
        # Not a tab bar: its arrows, which are never needed here, could not be told apart.
        self._choice = QButtonGroup(self)
        for button in (self.curves_button, self.tree_button):
            button.setCheckable(True)
            self._choice.addButton(button)
        self.curves_button.setChecked(True)
        self.plot = SweepPlot()
        self.tree = TreePlot()
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(QLabel("k"))
        row.addWidget(self.first)
        row.addWidget(QLabel("to"))
        row.addWidget(self.last)
        row.addWidget(self.button, 1)
        choice = QHBoxLayout()
        choice.setSpacing(1)
        choice.addWidget(self.curves_button)
        choice.addWidget(self.tree_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addLayout(choice)
        layout.addWidget(self.plot)
        layout.addWidget(self.tree)
        layout.addWidget(self.advice)
        self.button.clicked.connect(self._request)
        for plot in (self.plot, self.tree):
            plot.k_clicked.connect(self.k_chosen)
        self.tree_button.toggled.connect(self._show_chosen)
        self.set_sweep(None)

    def set_sweep(
        self, sweep: ClusterSweep | None, chosen: int | None = None, note: str = ""
    ) -> None:
        """Show a sweep, or none, mark the k that is in use, and say something about it."""
        self._sweep = sweep
        tree = None if sweep is None else sweep.dendrogram
        self.plot.set_sweep(sweep, chosen)
        self.tree.set_dendrogram(tree, chosen)
        for button in self._choice.buttons():
            button.setVisible(tree is not None)
        if tree is None:
            self.curves_button.setChecked(True)
        self._show_chosen()
        self.advice.setVisible(sweep is not None)
        if sweep is not None:
            self.advice.setText(" ".join(filter(None, (note, advice(sweep)))))

    def _show_chosen(self, *_: bool) -> None:
        is_tree = self.tree_button.isChecked()
        self.plot.setVisible(self._sweep is not None and not is_tree)
        self.tree.setVisible(self._sweep is not None and is_tree)

    def _request(self) -> None:
        first, last = sorted((self.first.value(), self.last.value()))
        self.sweep_requested.emit(range(first, last + 1))


def advice(sweep: ClusterSweep) -> str:
    """What a sweep suggests and why, and how far to trust it, in a few short sentences."""
    table = sweep.to_dataframe().set_index("n_clusters")
    compared = table[table["silhouette"].notna()]
    if compared.empty:
        return "One cluster cannot be compared: try a larger k."
    k = sweep.suggested
    if len(compared) == 1:
        close = compared.loc[k, "min_delta_e"] < MIN_DELTA_E
        but = f" and {_closeness(compared, k)}" if close else ""
        silhouette = f"with a silhouette of {_score(compared, k)}{but}"
        return f"Only k = {k} was tried, {silhouette}: try others too."
    sentences = [_why(compared, sweep.suggestion)]
    is_found = sweep.suggestion.reason is Reason.LARGEST
    if is_found and k == compared.index[-1] and _explained(compared, k) != "100%":
        sentences.append("This is the largest k tried: a larger one may do better.")
    elif k == compared.index[0] > SWEEP_RANGE.start:
        sentences.append("A smaller one may do better.")
    return " ".join([*sentences, "A suggestion, not the truth."])


def _why(compared: pd.DataFrame, suggestion: Suggestion) -> str:
    """The suggested k, and what it is suggested by."""
    k = suggestion.n_clusters
    if suggestion.reason is Reason.LARGEST:
        return (
            f"Suggested: k = {k}, the largest with all colors at least ΔE {MIN_APART:g} apart "
            f"whose last cluster adds {100 * MIN_GAIN:g}% or more to the explained variance "
            f"({_explained(compared, k)})."
        )
    return (
        f"Suggested: k = {k}, the smallest tried: every k has colors closer than ΔE "
        f"{MIN_APART:g}, or a last cluster that adds less than {100 * MIN_GAIN:g}% to the "
        f"explained variance ({_explained(compared, k)})."
    )


def _explained(table: pd.DataFrame, k: int) -> str:
    return f"{100 * table.loc[k, 'explained_variance_ratio']:.0f}%"


def _score(table: pd.DataFrame, k: int) -> str:
    return f"{table.loc[k, 'silhouette']:.2f}"


def _closeness(table: pd.DataFrame, k: int) -> str:
    return f"two colors only ΔE {table.loc[k, 'min_delta_e']:.1f} apart"

"""Choosing k: the range to try, the curves, and what they suggest."""

from __future__ import annotations

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from napari_colorcluster.core.sweep import SWEEP_RANGE, ClusterSweep
from napari_colorcluster.widgets.sweep_plot import SweepPlot

MAX_K = 99
"""The largest k of a sweep: each k is a clustering of its own."""


class ChooseK(QWidget):
    """The sweep of the panel.

    Attributes
    ----------
    wanted : Signal(object)
        Emitted with the range of k to try.
    k_chosen : Signal(int)
        Emitted with the k that was picked in the plot.
    """

    wanted = Signal(object)
    k_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = QSpinBox(), QSpinBox()
        for box, k in ((self.first, SWEEP_RANGE.start), (self.last, SWEEP_RANGE.stop - 1)):
            box.setRange(1, MAX_K)
            box.setValue(k)
            box.setFixedWidth(68)
        self.button = QPushButton("Try all")
        self.button.setToolTip(
            "Cluster with each k of the range, and compare the squared error (SSE: look for the "
            "elbow) and the silhouette (higher is better)."
        )
        self.plot = SweepPlot()
        self.advice = QLabel()
        self.advice.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(QLabel("k"))
        row.addWidget(self.first)
        row.addWidget(QLabel("to"))
        row.addWidget(self.last)
        row.addWidget(self.button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.plot)
        layout.addWidget(self.advice)
        self.button.clicked.connect(self._ask)
        self.plot.k_clicked.connect(self.k_chosen)
        self.set_sweep(None)

    def set_sweep(self, sweep: ClusterSweep | None, chosen: int | None = None) -> None:
        """Show a sweep, or none, and mark the k that is in use."""
        self.plot.set_sweep(sweep, chosen)
        self.plot.setVisible(sweep is not None)
        self.advice.setVisible(sweep is not None)
        if sweep is not None:
            self.advice.setText(advice(sweep))

    def _ask(self) -> None:
        first, last = sorted((self.first.value(), self.last.value()))
        self.wanted.emit(range(first, last + 1))


def advice(sweep: ClusterSweep) -> str:
    """What a sweep suggests, and how far to trust it, in a sentence or two."""
    table = sweep.to_dataframe().set_index("n_clusters")
    suggested = sweep.suggested
    silhouette = table.loc[suggested, "silhouette"]
    if silhouette != silhouette:
        return "One cluster has nothing to be compared with: try more."
    how = table.loc[suggested, "silhouette_method"]
    return (
        f"Suggested: k = {suggested}, which has the highest silhouette ({silhouette:.2f}, {how}). "
        "An advice, not a truth."
    )

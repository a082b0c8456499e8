"""The edits that go by color as Qt actions for the menu "By color"; they emit requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.color.differences import min_delta_e
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.support.words import counted
from napari_colorcluster.widgets.palette.edits.edit_menu import EditMenu
from napari_colorcluster.widgets.palette.edits.preview_dialog import PreviewDialog

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering
    from napari_colorcluster.layers.result.segmentation import Segmentation

MAX_DELTA_E = 60
"""The end of the sliders: colors further apart than that have nothing in common."""

MOST_MERGED = 100
"""Clusters up to which a merge is quick enough to be shown while a slider is dragged."""

MOST_COLORS = 50_000
"""Colors whose distances are measured for a preview, at most: it must not be waited for."""


class ColorActions(EditMenu):
    """The edits by color, each as an action that is enabled where it can be made.

    Parameters
    ----------
    parent : QWidget
        What shows the palette; dialogs belong to it.

    Attributes
    ----------
    merge_similar, leave_out, drop_small : QAction
        The edits.
    dialog : PreviewDialog or None
        The one that was opened last.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("By color", parent)
        self._made: Segmentation | None = None
        # What was asked for last is likely to be asked for again, of the next image.
        self._numbers = {"merge_similar": 10.0, "leave_out_beyond": 20.0, "drop_and_refit": 2.0}
        self.dialog: PreviewDialog | None = None
        self.merge_similar = self._add(
            "Merge similar colors…",
            "Merge the two closest colors, again and again, until all are far enough apart.",
            self._ask_difference,
        )
        self.leave_out = self._add(
            "Leave out far colors…",
            "Leave out the pixels whose color is too far from the color of their cluster.",
            self._ask_distance,
        )
        self.drop_small = self._add(
            "Drop small clusters and refit…",
            "Drop all clusters below a share of the pixels, then fit the others to all colors "
            "again.",
            self._ask_share,
        )
        self.set_made(None)

    def set_made(self, made: Segmentation | None) -> None:
        """Set the result that is edited, or none."""
        self._made = made
        n_clusters = 0 if made is None else made.clustering.n_clusters
        self.menu.menuAction().setEnabled(n_clusters > 0)
        self.leave_out.setEnabled(n_clusters > 0)
        for action in (self.merge_similar, self.drop_small):
            action.setEnabled(n_clusters > 1)

    def _ask_difference(self) -> None:
        clustering = self._made.clustering
        what = "Merge similar colors", "Merge colors that are closer than"
        self._ask("merge_similar", *what, " ΔE", lambda limit: _merged(clustering, limit))

    def _ask_distance(self) -> None:
        distances, counts = _distances(self._made)
        what = "Leave out far colors", "Leave out colors farther from their cluster than"
        self._ask(
            *("leave_out_beyond", *what, " ΔE"),
            lambda limit: (_far_sentence(distances, counts, limit), None),
            lowest=0.1,
        )

    def _ask_share(self) -> None:
        clustering = self._made.clustering
        what = "Drop small clusters and refit", "Drop clusters smaller than"
        self._ask(
            *("drop_and_refit", *what, "%"),
            lambda percentage: _dropped(clustering, _fraction(percentage)),
            into=_fraction,
        )

    def _ask(
        self,
        name: str,
        title: str,
        question: str,
        suffix: str,
        preview: Callable[[float], tuple[str, Palette | None]],
        *,
        lowest: float = 0.0,
        into: Callable[[float], float] = float,
    ) -> None:
        """Ask for the number of an edit, and request the edit with it."""

        def request() -> None:
            self._numbers[name] = number = round(dialog.value, 1)
            self.edit_requested.emit(name, (into(number),))

        self.dialog = dialog = PreviewDialog(
            *(self.parent(), title, question, self._numbers[name], lowest, MAX_DELTA_E, preview),
            suffix=suffix,
        )
        dialog.accepted.connect(request)
        # Not `exec`, whose event loop would hold up the caller.
        dialog.open()


def _merged(clustering: ColorClustering, limit: float) -> tuple[str, Palette | None]:
    n_clusters = clustering.n_clusters
    if n_clusters > MOST_MERGED:
        return f"There are {n_clusters:,} clusters now.", None
    merged = clustering.merge_similar(limit)
    sentence = f"{_number(merged.n_clusters, n_clusters)} would be left"
    if merged.n_clusters > 1:
        sentence += f"; the two closest are ΔE {min_delta_e(merged.colors):.1f} apart"
    return f"{sentence}.", _unnamed(merged.colors, merged.pixels, merged.row_labels)


def _dropped(clustering: ColorClustering, fraction: float) -> tuple[str, Palette | None]:
    stay = clustering.pixels >= fraction * clustering.pixels.sum()
    stay[np.argmax(clustering.pixels)] = True
    n_dropped = int(np.count_nonzero(~stay))
    each = clustering.colors, clustering.pixels, clustering.row_labels
    sentence = f"{_number(n_dropped, len(stay))} would be dropped."
    return sentence, _unnamed(*(values[stay] for values in each))


def _distances(made: Segmentation) -> tuple[np.ndarray, np.ndarray]:
    """The distances of some of an image's colors to those of their clusters, and their counts."""
    from napari_colorcluster.core.clustering.editing.limiting import distances

    step = len(made.histogram) // MOST_COLORS + 1
    colors, counts = made.histogram.colors[::step], made.histogram.counts[::step]
    labels = made.clustering.predict(colors)
    return distances(made.clustering, colors, labels), counts


def _far_sentence(distances: np.ndarray, counts: np.ndarray, limit: float) -> str:
    now, far = counts[distances >= 0].sum(), counts[distances > limit].sum()
    return f"About {far / max(now, 1):.1%} of the pixels would be left out."


def _number(n: int, n_clusters: int) -> str:
    return f"{n:,} of {counted(n_clusters, 'cluster')}"


def _unnamed(colors: np.ndarray, pixels: np.ndarray, labels: np.ndarray) -> Palette:
    """A palette without names of its own, which take long to be found."""
    return Palette(colors, pixels, tuple(map(str, labels.tolist())), labels)


def _fraction(percentage: float) -> float:
    """A share, without the digits that dividing leaves: it is written in scripts."""
    return round(percentage / 100, 6)

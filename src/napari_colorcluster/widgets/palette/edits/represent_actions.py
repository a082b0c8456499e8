"""What represents a cluster, as Qt actions for the menu "Represent by"; they emit requests."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtGui import QAction, QActionGroup
from qtpy.QtWidgets import QWidget

from napari_colorcluster.widgets.palette.edits.edit_menu import EditMenu

if TYPE_CHECKING:
    from napari_colorcluster.layers.result.segmentation import Segmentation

CHOICES = {
    "mean": ("Mean color", "Show the mean of each cluster's pixels, as at first."),
    "mode": ("Most frequent color", "Show the color that most pixels of each cluster have."),
    "medoid": (
        "Most central color (medoid)",
        "Show, of the colors that each cluster consists of, the one nearest to the mean.",
    ),
}
"""To each argument of the edit `represent` how the menu writes it, and what it does."""


class RepresentActions(EditMenu):
    """The colors that can represent clusters; choosing one undoes every recoloring.

    Parameters
    ----------
    parent : QWidget
        What shows the palette.

    Attributes
    ----------
    choices : dict of str to QAction
        One for each of `CHOICES`; the one that holds is checked.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Represent by", parent)
        self._made: Segmentation | None = None
        self.choices: dict[str, QAction] = {}
        group = QActionGroup(self)
        for name, (text, tooltip) in CHOICES.items():
            tooltip += "\nColors that you gave are undone."
            action = self.choices[name] = self._add(text, tooltip, partial(self._request, name))
            action.setCheckable(True)
            group.addAction(action)
        self.set_made(None)

    def set_made(self, made: Segmentation | None) -> None:
        """Set the result that is edited, or none."""
        self._made = made
        self.menu.menuAction().setEnabled(made is not None)
        for name, action in self.choices.items():
            action.setEnabled(made is not None)
            action.setChecked(made is not None and made.clustering.representative == name)

    def _request(self, name: str) -> None:
        self.edit_requested.emit("represent", (name,))
        # Qt has checked it already, but the edit may still fail.
        self.set_made(self._made)

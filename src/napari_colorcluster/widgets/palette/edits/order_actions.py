"""The order of the rows as Qt actions for the menu "Order"; they emit requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtGui import QAction, QKeySequence
from qtpy.QtWidgets import QWidget

from napari_colorcluster.widgets.palette.edits.edit_menu import EditMenu

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette

ORDERS = {
    "share": "Largest first",
    "label": "By number",
    "lightness": "By lightness",
    "hue": "By hue",
    "name": "By name",
}
"""To each order of `ordered_labels` how the menu writes it."""

MOVES = {
    "Move up": (-1, "Alt+Up"),
    "Move down": (1, "Alt+Down"),
}


class OrderActions(EditMenu):
    """What puts the rows of a palette in another order: in the table, the bar and in files.

    Parameters
    ----------
    parent : QWidget
        What shows the palette; shortcuts work where it has the focus.

    Attributes
    ----------
    orders : dict of str to QAction
        One for each of `ORDERS`.
    as_saved : QAction
        Shows the order that there is, where the table is sorted by a column; whoever has the table
        connects it.
    moves : list of QAction
        Move the selected rows up, or down.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Order", parent)
        self._palette: Palette | None = None
        self._selected: set[int] = set()
        self.orders: dict[str, QAction] = {}
        for order, text in ORDERS.items():
            tooltip = "Put the rows, the bar and saved palettes in this order."
            self.orders[order] = self._add(text, tooltip, partial(self._request, order))
        self.as_saved = self._add(
            "As saved", "Sort the table by no column: its rows are as in the bar and in files."
        )
        self.menu.addSeparator()
        self.moves: list[QAction] = []
        for text, (step, keys) in MOVES.items():
            tooltip = "Move the selected rows; they can be dragged as well."
            action = self._add(text, tooltip, partial(self._move, step))
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            parent.addAction(action)
            self.moves.append(action)
        self._enable()

    def set_palette(self, palette: Palette | None) -> None:
        """Set the palette that is put in order, or none."""
        self._palette = palette
        self._enable()

    def set_selected(self, labels: Iterable[int]) -> None:
        """Set the labels that are selected."""
        self._selected = set(labels)
        self._enable()

    def _enable(self) -> None:
        can_be = self._palette is not None and len(self._palette) > 1
        self.menu.menuAction().setEnabled(can_be)
        for action in (*self.orders.values(), self.as_saved):
            action.setEnabled(can_be)
        for action in self.moves:
            action.setEnabled(can_be and bool(self._selected))

    def _request(self, order: str) -> None:
        self.edit_requested.emit("reorder", (order,))

    def _move(self, step: int) -> None:
        labels = self._palette.labels.tolist()
        moved = moved_by(labels, self._selected, step)
        if moved != labels:
            self.edit_requested.emit("reorder", (moved,))


def moved_by(labels: list[int], chosen: set[int], step: int) -> list[int]:
    """Move the chosen labels up by one (-1) or down (1); those at the end stay there."""
    moved = labels[::-1] if step > 0 else labels[:]
    for at in range(1, len(moved)):
        if moved[at] in chosen and moved[at - 1] not in chosen:
            moved[at - 1 : at + 1] = moved[at], moved[at - 1]
    return moved[::-1] if step > 0 else moved


def moved_before(labels: list[int], chosen: set[int], before: int | None) -> list[int]:
    """Move the chosen labels together to before another one, or to the end for None."""
    at = len(labels) if before is None else labels.index(before)
    upper, lower = (
        [label for label in part if label not in chosen] for part in (labels[:at], labels[at:])
    )
    return [*upper, *(label for label in labels if label in chosen), *lower]

"""The corrections by shape as Qt actions in a menu: grow, shrink, fill holes, smooth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QWidget

from napari_colorcluster.widgets.palette.edits.edit_actions import MOST_PIXELS, PIXELS
from napari_colorcluster.widgets.palette.edits.edit_menu import EditMenu
from napari_colorcluster.widgets.parts.ask import NumberDialog

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.pixel_size import PixelSize

MOST_STEPS = 10_000
"""The largest distance that is asked for, in pixels."""

LARGEST_RADIUS = 100
"""The largest radius over which outlines are smoothed, in pixels."""


class ShapeActions(EditMenu):
    """The corrections of the selected clusters' shapes; each asks for a size and emits an edit.

    Parameters
    ----------
    parent : QWidget
        What shows the palette; dialogs belong to it.

    Attributes
    ----------
    grow, shrink, fill_holes, smooth : QAction
        The corrections.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__("By shape", parent)
        self._palette: Palette | None = None
        self._selected: tuple[int, ...] = ()
        self._spacing, self._length = (1.0, 1.0), ""
        self._area: PixelSize | None = None
        # What was typed last, in pixels, and the unit of it.
        self._typed: dict[str, float] = {"grow": 1, "shrink": 1, "smooth": 2, "fill_holes": 0}
        self._unit = {"length": PIXELS, "area": PIXELS}
        self.menu.menuAction().setToolTip(
            "Correct the shapes of the selected clusters. Select their rows first."
        )
        self.grow = self._add(
            "Grow…", "Extend the selected clusters into the pixels around them.", self._ask_grow
        )
        self.shrink = self._add(
            "Shrink…",
            "Give the pixels along the borders of the selected clusters to the clusters around.",
            self._ask_shrink,
        )
        self.fill_holes = self._add(
            "Fill holes…", "Fill in what the selected clusters enclose.", self._ask_holes
        )
        self.smooth = self._add(
            "Smooth…",
            "Smooth the outlines of the selected clusters: each pixel goes to the most common\n"
            "cluster around it.",
            self._ask_smooth,
        )
        self._enable()

    def set_palette(self, palette: Palette | None) -> None:
        """Set the palette whose clusters are corrected, or none."""
        self._palette = palette
        self._enable()

    def set_selected(self, labels: Iterable[int]) -> None:
        """Set the labels that are selected."""
        self._selected = tuple(labels)
        self._enable()

    def set_pixel(
        self, spacing: tuple[float, float], unit: str | None, area: PixelSize | None
    ) -> None:
        """Set the size of a pixel, (y, x), the unit of it, and its area, where they are known."""
        self._spacing, self._length, self._area = spacing, unit or "", area

    def _enable(self) -> None:
        n_clusters = 0 if self._palette is None else len(self._palette)
        n_selected = len(self._selected)
        # Pixels come from clusters that are not selected, or go there.
        for action in (self.grow, self.shrink, self.fill_holes):
            action.setEnabled(0 < n_selected < n_clusters)
        self.smooth.setEnabled(n_selected > 0 and n_clusters > 1)
        self.menu.menuAction().setEnabled(n_selected > 0 and n_clusters > 1)

    def _ask_grow(self) -> None:
        self._ask_distance(
            "grow",
            f"Grow {self._names} by",
            "Takes pixels within this distance from the clusters that are not selected.",
        )

    def _ask_shrink(self) -> None:
        self._ask_distance(
            "shrink",
            f"Shrink {self._names} by",
            "Gives pixels within this distance of clusters that are not selected to the nearest of "
            "these.",
        )

    def _ask_smooth(self) -> None:
        self._ask_distance(
            "smooth",
            f"Smooth {self._names} over a radius of",
            "Each pixel along the outlines goes to the cluster that is the most common within "
            "this radius. Anything thinner disappears.",
            LARGEST_RADIUS,
        )

    def _ask_distance(
        self, name: str, question: str, explanation: str, most: int = MOST_STEPS
    ) -> None:
        selected, spacing = list(self._selected), list(self._spacing)
        units = {PIXELS: 1.0, self._length: spacing[1]} if self._length else None
        dialog = self._dialog(name, question, explanation, units, self._unit["length"], 1, most)

        def correct() -> None:
            self._typed[name], self._unit["length"] = dialog.value, dialog.unit or PIXELS
            if dialog.unit in ("", PIXELS):
                how: tuple[Any, ...] = (round(dialog.value),)
            else:
                # As it was typed: a length need not be that of whole pixels.
                how = (dialog.box.value(), spacing)
            self.edit_requested.emit(name, (selected, *how))

        self._open(dialog, correct)

    def _ask_holes(self) -> None:
        selected, area = list(self._selected), self._area
        units = None if area is None else {PIXELS: 1.0, area.unit: area.size}
        dialog = self._dialog(
            "fill_holes",
            f"Fill the holes in {self._names} that are no larger than",
            "Holes that reach the edge of the image, or what is left out, stay open.",
            units,
            self._unit["area"],
            0,
            MOST_PIXELS,
            lowest="any size",
        )

        def correct() -> None:
            self._typed["fill_holes"], self._unit["area"] = dialog.value, dialog.unit or PIXELS
            largest = round(dialog.value)
            how = (largest,) if largest else ()
            self.edit_requested.emit("fill_holes", (selected, *how))

        self._open(dialog, correct)

    def _dialog(
        self,
        name: str,
        question: str,
        explanation: str,
        units: dict[str, float] | None,
        unit: str,
        low: float,
        high: float,
        **more: Any,
    ) -> NumberDialog:
        how = {"suffix": f" {PIXELS}"} if units is None else {"units": units, "unit": unit}
        title = getattr(self, name).text().rstrip("…")
        typed = self._typed[name]
        return NumberDialog(
            self.parent(), title, question, typed, low, high,
            explain=lambda number: explanation, **how, **more,
        )  # fmt: skip

    @property
    def _names(self) -> str:
        """The selected clusters in words."""
        if len(self._selected) == 1:
            return self._palette.names[self._palette.row_of(self._selected[0])]
        return f"{len(self._selected)} clusters"

    def _open(self, dialog: NumberDialog, then: Callable[[], None]) -> None:
        # Not `exec`, whose event loop would hold up the caller.
        dialog.accepted.connect(then)
        dialog.open()

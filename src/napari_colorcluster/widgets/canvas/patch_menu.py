"""The menu of a patch: what it is, and where it can go, by itself or with all that are like it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, NamedTuple, Self

from qtpy.QtCore import QRectF, Qt, Signal
from qtpy.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from qtpy.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.by_place import PatchAt
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.words import counted
from napari_colorcluster.widgets.palette.words import size_text

SWATCH = 14
LONGEST_NAME = 30


class Patch(NamedTuple):
    """What is clicked.

    Attributes
    ----------
    pixel : tuple of int
        The index of a pixel of it.
    label : int
        Its cluster.
    palette : Palette
        All clusters.
    selected : collection of int
        The clusters that are selected in the table.
    area : PixelSize or None
        The area of a pixel, where it is known.
    """

    pixel: tuple[int, ...]
    label: int
    palette: Palette
    selected: Collection[int] = ()
    area: PixelSize | None = None

    @property
    def name(self) -> str:
        """The name of its cluster."""
        return _short(self.palette.names[self.palette.row_of(self.label)])


class Found(NamedTuple):
    """What is known of a patch once all patches of its plane are found.

    Attributes
    ----------
    n_pixels : int
        Its size.
    has_neighbors : bool
        Whether there is a patch around it to merge into.
    n_alike : list of int
        How many patches are like it, itself included, of each of the menu's `groups`.
    """

    n_pixels: int
    has_neighbors: bool
    n_alike: list[int]

    @classmethod
    def of(cls, labels: Any, pixel: tuple[int, ...], groups: list[list[int]]) -> Self:
        """Find the patch at a pixel of a label image; it takes a moment where that is large."""
        found = PatchAt.of(labels, pixel)
        n_alike = [int(found.alike(group).sum()) for group in groups]
        return cls(found.n_pixels, found.has_neighbors, n_alike)


class PatchMenu(QMenu):
    """What can be done with a patch, at the mouse.

    Parameters
    ----------
    patch : Patch
        What is clicked. How large it is and what is like it is told by `set_found`.
    parent : QWidget
        Its theme is the menu's.

    Attributes
    ----------
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit in `CORRECTIONS` and its arguments.
    groups : list of list of int
        The clusters whose patches can go with it: its own, and the selected ones.
    """

    edit_requested = Signal(str, tuple)

    def __init__(self, patch: Patch, parent: QWidget) -> None:
        super().__init__("Patch", parent)
        self._patch = patch
        self.title = QLabel(f"Patch of {patch.name}")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setContentsMargins(10, 4, 10, 4)
        title = QWidgetAction(self)
        title.setDefaultWidget(self.title)
        self.addAction(title)
        self.addSeparator()
        self._merge = self._add_edits(self, [])
        self.addSeparator()
        self.groups: list[list[int]] = []
        self._others: list[tuple[QMenu, str]] = []
        self._add_others([patch.label], f"patches of {patch.name}")
        selected = sorted(patch.selected)
        if selected and selected != [patch.label]:
            several = "cluster" if len(selected) == 1 else "clusters"
            number = "" if len(selected) == 1 else f"{len(selected)} "
            self._add_others(selected, f"patches of the {number}selected {several}")

    def set_found(self, found: Found) -> None:
        """Tell the sizes and numbers, and offer no more than can be done."""
        patch, n_pixels = self._patch, found.n_pixels
        size = counted(n_pixels, "pixel")
        if patch.area is not None:
            size += f" ({size_text(patch.area.of(n_pixels))} {patch.area.unit})"
        self.title.setText(f"Patch of {patch.name}: {size}")
        self._merge.setEnabled(found.has_neighbors)
        for (menu, what), n_alike in zip(self._others, found.n_alike, strict=True):
            menu.setTitle(f"All {n_alike:,} {what}" if n_alike > 1 else f"No other {what}")
            menu.setEnabled(n_alike > 1)

    def _add_others(self, like: list[int], patches: str) -> None:
        where = " in this plane" if len(self._patch.pixel) > 2 else ""
        what = _as_text(f"{patches} up to this size{where}")
        menu = self.addMenu(f"All {what}")
        self._add_edits(menu, like)
        self.groups.append(like)
        self._others.append((menu, what))

    def _add_edits(self, menu: QMenu, like: list[int]) -> QAction:
        """Add the edits of a patch, and of those of some clusters that are like it."""
        patch = self._patch
        is_of_one = set(like) <= {patch.label}
        give = menu.addMenu("Give to")
        for label, name, color in zip(
            patch.palette.labels.tolist(), patch.palette.names, patch.palette.hex, strict=True
        ):
            if label != patch.label or not is_of_one:
                to = give.addAction(_swatch(color), _as_text(_short(name)))
                to.triggered.connect(partial(self._give, label, like))
        give.setEnabled(not give.isEmpty())
        around = "cluster around it" if not like else "clusters around them"
        merge = menu.addAction(f"Merge into the {around}")
        merge.triggered.connect(partial(self._emit, "merge_patch", like))
        background = menu.addAction("Set as background")
        background.triggered.connect(partial(self._give, 0, like))
        return merge

    def _give(self, label: int, like: list[int], *_: bool) -> None:
        self.edit_requested.emit("give_patch", self._arguments(label, like=like))

    def _emit(self, name: str, like: list[int], *_: bool) -> None:
        self.edit_requested.emit(name, self._arguments(like=like))

    def _arguments(self, *more: int, like: list[int]) -> tuple:
        return (self._patch.pixel, *more, *((like,) if like else ()))


def _short(name: str) -> str:
    """A name, cut where it would make the menu too wide."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _as_text(name: str) -> str:
    """A text whose ampersands are no shortcuts."""
    return name.replace("&", "&&")


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(SWATCH, SWATCH)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128, 160))
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(QRectF(0.5, 0.5, SWATCH - 1, SWATCH - 1), 3, 3)
    painter.end()
    return QIcon(pixmap)

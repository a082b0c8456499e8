"""What can be done with the colors of a range: how many pixels they are, and buttons to edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qtpy.QtCore import Signal
from qtpy.QtGui import QColor, QIcon, QPixmap
from qtpy.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.core.support.words import counted
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.range_shares import RangeSharer, RangeShares
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.widgets.palette.words import share_text

SWATCH = 14


class RangeChoices(QWidget):
    """Counts the pixels of a color range, and offers to select or to edit with it.

    Parameters
    ----------
    in_one_row : bool, default False
        Whether the buttons stand beside the count, or under it.
    hint : str, optional
        What stands in place of the count while there is no range.
    notices : Notices, optional
        Where errors are told.
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    rows_requested : Signal(tuple)
        Emitted with the labels of the clusters that the colors are in.
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit in `EDITS` and its arguments.
    count : QLabel
        The share of the pixels, once it is counted.
    select, split, give : QPushButton
        Select rows; make a cluster of the colors; give them to one of `give_menu`.
    """

    rows_requested = Signal(tuple)
    edit_requested = Signal(str, tuple)

    def __init__(
        self,
        in_one_row: bool = False,
        hint: str = "",
        notices: Notices | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self._notices = hint, notices or Notices()
        self._made: Segmentation | None = None
        self._sharer: RangeSharer | None = None
        self._within: tuple[int, ...] = ()
        self._range: ColorRange | None = None
        self._counted: _Counted | None = None
        self._work = LatestJob()
        self._work.returned.connect(self._take)
        self._work.failed.connect(self._notices.report)
        self.destroyed.connect(self._work.close)
        self.count = QLabel()
        self.count.setWordWrap(not in_one_row)
        self.select, self.split = QPushButton("Select rows"), QPushButton("Split off")
        self.give = QPushButton("Give to")
        self.give_menu = QMenu("Give to", self)
        self.give.setMenu(self.give_menu)
        self.select.setToolTip("Select the clusters that hold at least a tenth of these pixels.")
        self.split.setToolTip("Make a new cluster of these colors.")
        self.give.setToolTip("Give these colors to another cluster, or to the background.")
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in (self.select, self.split, self.give):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout: QBoxLayout = QHBoxLayout(self) if in_one_row else QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.count, 1)
        layout.addLayout(buttons)
        self.select.clicked.connect(self._select)
        self.split.clicked.connect(lambda: self._assign(None))
        self.give_menu.aboutToShow.connect(self._fill_menu)
        self._show(None)

    def set_made(self, made: Segmentation | None) -> None:
        """Set what was made of the image, or none."""
        if made is not self._made:
            self._made = made
            self._sharer = None if made is None else RangeSharer(made)
            self._ask()

    def set_within(self, labels: Iterable[int]) -> None:
        """Set the clusters whose colors alone are meant; with none, those of all are."""
        labels = tuple(labels)
        if labels != self._within:
            self._within = labels
            self._ask()

    def set_range(self, color_range: ColorRange | None) -> None:
        """Set the colors, or none."""
        if color_range != self._range:
            self._range = color_range
            self._ask()

    def _ask(self) -> None:
        """Count in the background: there may be millions of colors."""
        if self._sharer is None or self._range is None:
            self._work.cancel()
            self._show(None)
            return
        self._work.start(_CountRequest(self._sharer, self._range, self._within))

    def _take(self, request: _CountRequest, counted: _Counted) -> None:
        self._show(counted)

    def _show(self, counted: _Counted | None) -> None:
        self._counted = counted
        self.count.setText(self._hint if counted is None else counted.words)
        shares = None if counted is None else counted.shares
        self.select.setEnabled(shares is not None and bool(shares.owners))
        for button in (self.split, self.give):
            button.setEnabled(shares is not None and bool(shares.pixels))

    def _fill_menu(self) -> None:
        self.give_menu.clear()
        palette = self._made.palette
        rows = zip(palette.labels.tolist(), palette.names, palette.colors.tolist(), strict=True)
        for label, name, color in rows:
            swatch = QPixmap(SWATCH, SWATCH)
            swatch.fill(QColor(*color))
            action = self.give_menu.addAction(QIcon(swatch), f"{label}  {name}")
            action.triggered.connect(lambda checked=False, label=label: self._assign(label))
        self.give_menu.addSeparator()
        self.give_menu.addAction("Background").triggered.connect(lambda: self._assign(0))

    def _assign(self, label: int | None) -> None:
        # What was counted, which a slider may have left meanwhile.
        counted = self._counted
        within = [counted.within] if counted.within else []
        self.edit_requested.emit("assign", (counted.color_range, label, *within))

    def _select(self) -> None:
        self.rows_requested.emit(self._counted.shares.owners)


@dataclass(frozen=True, eq=False)
class _CountRequest:
    """Count the pixels of a range in some clusters."""

    sharer: RangeSharer
    color_range: ColorRange
    within: tuple[int, ...]

    def do(self, progress: Progress) -> _Counted:
        shares = self.sharer.shares(self.color_range, self.within)
        return _Counted(self.color_range, self.within, shares)


@dataclass(frozen=True)
class _Counted:
    """A range in some clusters, and its pixels."""

    color_range: ColorRange
    within: tuple[int, ...]
    shares: RangeShares

    @property
    def words(self) -> str:
        pixels = sum(self.shares.pixels.values())
        if not pixels:
            return "No pixels"
        where = " in the selected clusters" if self.within else ""
        return f"{counted(pixels, 'pixel')}{where}, {share_text(self.shares.fraction)} of all"

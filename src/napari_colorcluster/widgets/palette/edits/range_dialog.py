"""The dialog that counts a color range in the image, and edits with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, Qt, QTimer, Signal
from qtpy.QtGui import QAction, QColor
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.widgets.palette.edits.range_choices import RangeChoices
from napari_colorcluster.widgets.palette.edits.range_form import BoxForm, SphereForm

if TYPE_CHECKING:
    from napari_colorcluster.layers.result.segmentation import Segmentation

PATIENCE = 60
"""How long a slider must rest until its range is counted, in milliseconds."""

WIDTH = 340


class ColorRangeDialog(QDialog):
    """Chooses a color range, says how much of the image it is, and offers what to do with it.

    It stays open beside the window, and follows edits and selection.

    Parameters
    ----------
    parent : QWidget
        Owner of the dialog.
    notices : Notices, optional
        Where errors are told.

    Attributes
    ----------
    kind : QComboBox
        Whether the range is a sphere or a box.
    sphere, box : SphereForm, BoxForm
        The two.
    only : QCheckBox
        Whether only colors of the selected clusters are meant.
    choices : RangeChoices
        The count, and what to do.
    """

    def __init__(self, parent: QWidget, notices: Notices | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Color range")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._selected: tuple[int, ...] = ()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Range")
        self.kind.setToolTip("How the range is defined.")
        self.kind.addItems(["A color and a radius", "Limits on each channel"])
        self.sphere, self.box = SphereForm(), BoxForm()
        pages = QStackedWidget()
        pages.addWidget(self.sphere)
        pages.addWidget(self.box)
        self.only = QCheckBox("Only in the selected clusters")
        self.only.setToolTip("Leave colors of other clusters alone.")
        self.choices = RangeChoices(notices=notices)
        close = QDialogButtonBox()
        close.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        for part in (self.kind, pages, self.only, self.choices, close):
            layout.addWidget(part)
        self.resize(WIDTH, self.sizeHint().height())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._count)
        self.kind.currentIndexChanged.connect(pages.setCurrentIndex)
        self.kind.currentIndexChanged.connect(self._timer.start)
        self.sphere.changed.connect(self._timer.start)
        self.box.changed.connect(self._timer.start)
        self.only.toggled.connect(self._limit)
        close.rejected.connect(self.reject)
        self.set_selected(())

    def begin(self, made: Segmentation, selected: Iterable[int]) -> None:
        """Begin with the color and the limits of the selected clusters, or of the largest."""
        self.set_selected(selected)
        palette = made.palette
        row = palette.row_of(self._selected[0]) if self._selected else 0
        self.sphere.set_color(QColor(*palette.colors[row].tolist()))
        self.box.start_from(made, self._selected)
        self.set_made(made)
        self._count()

    def set_made(self, made: Segmentation | None) -> None:
        """Set what was made of the image, or none."""
        self.choices.set_made(made)

    def set_selected(self, labels: Iterable[int]) -> None:
        """Set the clusters that are selected."""
        self._selected = tuple(labels)
        self.only.setEnabled(bool(self._selected))
        self._limit()

    def _limit(self, *_: object) -> None:
        self.choices.set_within(self._selected if self.only.isChecked() else ())

    def _count(self) -> None:
        form = self.sphere if self.kind.currentIndex() == 0 else self.box
        self.choices.set_range(form.range)


class RangeActions(QObject):
    """The edits with a color range as an action, enabled where there are clusters.

    Parameters
    ----------
    parent : QWidget
        What shows the palette; the dialog belongs to it.
    notices : Notices, optional
        Where errors are told.

    Attributes
    ----------
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit in `EDITS` and its arguments.
    rows_requested : Signal(tuple)
        Emitted with labels that are to be selected.
    color_range : QAction
        Opens the dialog, which is then in `dialog`, and raises it where it is open.
    """

    edit_requested = Signal(str, tuple)
    rows_requested = Signal(tuple)

    def __init__(self, parent: QWidget, notices: Notices | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        self._made: Segmentation | None = None
        self._selected: tuple[int, ...] = ()
        self.dialog: ColorRangeDialog | None = None
        self.color_range = QAction("Color range…", self)
        self.color_range.setToolTip(
            "Choose the colors around one, or within limits on each channel,\n"
            "and make a cluster of them or give them to another."
        )
        self.color_range.triggered.connect(self._open)
        self.set_made(None)

    def set_made(self, made: Segmentation | None) -> None:
        """Set what was made of the image, or none."""
        self._made = made
        self.color_range.setEnabled(made is not None)
        if self.dialog is not None:
            self.dialog.set_made(made)

    def set_selected(self, labels: Iterable[int]) -> None:
        """Set the labels that are selected."""
        self._selected = tuple(labels)
        if self.dialog is not None:
            self.dialog.set_selected(self._selected)

    def _open(self) -> None:
        if self.dialog is None:
            self.dialog = dialog = ColorRangeDialog(self.parent(), self._notices)
            dialog.choices.edit_requested.connect(self.edit_requested)
            dialog.choices.rows_requested.connect(self.rows_requested)
            dialog.finished.connect(self._forget)
            dialog.begin(self._made, self._selected)
            dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _forget(self, *_: object) -> None:
        self.dialog = None

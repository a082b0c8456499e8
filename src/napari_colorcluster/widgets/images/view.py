"""The fold "More images": which images, and buttons that request what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qtpy.QtCore import QSize, Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.widgets.parts.notes import plain

ROWS_SHOWN = 5
WEIGHTS = {"by pixels": "pixels", "equally": "equal"}


class MoreImages(QWidget):
    """The other images to check, and buttons for those that are checked.

    Attributes
    ----------
    apply_requested : Signal(list)
        Emitted with the ticked images that are to have the palette that is shown.
    pool_requested : Signal(list, str)
        Emitted with the ticked images that are to be clustered together with the one shown, and
        how they weigh: "pixels" or "equal".
    compare_requested : Signal()
        Emitted when all palettes are to be compared.
    report_requested : Signal()
        Emitted when a report of all palettes is to be written.
    frames_requested : Signal(int)
        Emitted with the axis along which shares are to be counted.
    """

    apply_requested = Signal(list)
    pool_requested = Signal(list, str)
    compare_requested = Signal()
    report_requested = Signal()
    frames_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[Any] = []
        self._offered: list[tuple[str, Any]] | None = None
        self._offered_axes: list[tuple[int, str]] | None = None
        self._can_apply = False
        self.hint = QLabel("Open more RGB images to give them one palette.")
        self.hint.setWordWrap(True)
        self.all = QCheckBox("All other images")
        self.list = ImageList()
        self.apply = QPushButton("Apply palette")
        self.pool = QPushButton("Pool")
        self.weights = QComboBox()
        self.compare = QPushButton("Compare…")
        self.report = QPushButton("Report…")
        self.frames = QPushButton("Shares along…")
        self.axes = QComboBox()
        self._explain()
        for title, weights in WEIGHTS.items():
            self.weights.addItem(title, weights)
        for box in (self.weights, self.axes):
            # A long name of an axis must not widen the panel.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        both = ((self.apply, self.compare), (self.pool, self.weights), (self.frames, self.axes))
        for row, widgets in enumerate(both):
            for column, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
        grid.addWidget(self.report, len(both), 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.hint, self.all, self.list):
            layout.addWidget(widget)
        layout.addLayout(grid)
        self._connect()
        self.set_images([])
        self.set_axes([])
        self.set_usable(False, 0)

    def set_images(self, images: Sequence[Any]) -> None:
        """Offer these image layers; those that were ticked stay so."""
        offered = [(image.name, image) for image in images]
        # Asked for at each change of any layer, and slow where it is done.
        if offered == self._offered:
            return
        ticked, self._offered = self.ticked(), offered
        self._images = list(images)
        self.list.set_names([name for name, _ in offered])
        for row, image in enumerate(images):
            if image in ticked:
                self.list.item(row).setCheckState(Qt.CheckState.Checked)
        for widget in (self.all, self.list):
            widget.setVisible(bool(images))
        self.hint.setVisible(not images)
        self._follow_ticks()

    def set_axes(self, axes: Sequence[tuple[int, str]]) -> None:
        """Offer these axes, each with its name, to count shares along; none hides the offer."""
        if list(axes) == self._offered_axes:
            return
        self._offered_axes = list(axes)
        before = self.axes.currentData()
        self.axes.clear()
        for axis, name in axes:
            self.axes.addItem(name, axis)
        self.axes.setCurrentIndex(max(self.axes.findData(before), 0))
        for widget in (self.frames, self.axes):
            widget.setVisible(bool(axes))

    def set_usable(self, has_palette: bool, n_palettes: int) -> None:
        """Say whether there is a palette to apply, and how many there are to compare or report."""
        self._can_apply = has_palette
        self.frames.setEnabled(has_palette)
        self.compare.setEnabled(n_palettes > 1)
        self.report.setEnabled(n_palettes > 0)
        self._follow_ticks()

    def ticked(self) -> list[Any]:
        """The image layers that are ticked."""
        return [image for image, on in zip(self._images, self.list.ticks(), strict=True) if on]

    def _explain(self) -> None:
        self.apply.setToolTip(
            "Apply the palette above, edits included, to the checked images: numbers, names and "
            "colors stay, and absent colors have a share of 0."
        )
        self.pool.setToolTip(
            "Cluster the image above and the checked ones together, with the settings above, and "
            "show each with its own shares."
        )
        self.weights.setToolTip("Whether images count by their number of pixels, or equally.")
        self.compare.setToolTip(
            "Show the shares of all images that have a palette in one table, and how far apart "
            "their palettes are."
        )
        self.report.setToolTip(
            "Save a page of all images that have a palette, each beside its clusters, to look "
            "through in a browser and to give to others."
        )
        self.frames.setToolTip(
            "Count the shares in each frame along an axis, in a plot and a table that follow the "
            "slider."
        )
        self.axes.setToolTip("The axis along which the shares are counted.")
        self.list.setAccessibleName("Other images")
        self.weights.setAccessibleName("Weights of the images")
        self.axes.setAccessibleName("Axis of the frames")

    def _connect(self) -> None:
        self.list.itemChanged.connect(self._follow_ticks)
        self.all.clicked.connect(self._tick_all)
        self.apply.clicked.connect(lambda: self.apply_requested.emit(self.ticked()))
        self.pool.clicked.connect(
            lambda: self.pool_requested.emit(self.ticked(), self.weights.currentData())
        )
        self.compare.clicked.connect(lambda: self.compare_requested.emit())
        self.report.clicked.connect(lambda: self.report_requested.emit())
        self.frames.clicked.connect(lambda: self.frames_requested.emit(self.axes.currentData()))

    def _tick_all(self) -> None:
        # Between none and all a click ticks the rest.
        self.list.tick(len(self.ticked()) < len(self._images))
        self._follow_ticks()

    def _follow_ticks(self, *_: Any) -> None:
        n_ticked, n_images = len(self.ticked()), len(self._images)
        state = Qt.CheckState.PartiallyChecked if n_ticked else Qt.CheckState.Unchecked
        self.all.setCheckState(Qt.CheckState.Checked if 0 < n_ticked == n_images else state)
        self.apply.setEnabled(self._can_apply and n_ticked > 0)
        self.pool.setEnabled(n_ticked > 0)


class ImageList(QListWidget):
    """Names with tick boxes, as high as a few of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer these names, none ticked."""
        self.blockSignals(True)
        self.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setToolTip(plain(name))
            self.addItem(item)
        self.blockSignals(False)
        self.updateGeometry()

    def ticks(self) -> list[bool]:
        """Which are ticked."""
        items = map(self.item, range(self.count()))
        return [item.checkState() == Qt.CheckState.Checked for item in items]

    def tick(self, ticked: bool) -> None:
        """Tick all, or none."""
        state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        for row in range(self.count()):
            self.item(row).setCheckState(state)

    def sizeHint(self) -> QSize:
        """High enough for its names, up to a few."""
        row = max(self.sizeHintForRow(0), 16)
        return QSize(120, min(self.count(), ROWS_SHOWN) * row + 2 * self.frameWidth() + 4)

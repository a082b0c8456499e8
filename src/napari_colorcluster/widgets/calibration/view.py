"""The fold "Calibrate": the card, buttons that request what is done with it, and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Signal
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.calibration.card import Card, card_names, find_card
from napari_colorcluster.report.calibration_figure import draw_patches
from napari_colorcluster.widgets.calibration.card_width import CardWidth
from napari_colorcluster.widgets.calibration.words import summary, warnings
from napari_colorcluster.widgets.parts.ask import ask_open_path, ask_path
from napari_colorcluster.widgets.parts.elided import Elided
from napari_colorcluster.widgets.parts.figure_view import FigureView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FROM_FILE = "From a file…"
HINT = "A color card or a gray patch in the image tells its true colors."
PLACED_HINT = (
    "Drag the corners onto those of the card's field of patches, until the white outlines lie on "
    "the patches. Then press Fit."
)
GRAY_HINT = "Click a gray or white patch in the image."
KEY = "Each patch: measured (top), calibrated (bottom), true color (frame). Numbers are ΔE2000."
PLOT_HEIGHT = 190


class CalibrateView(QWidget):
    """The content of the fold.

    Parameters
    ----------
    gray : QPushButton
        The button that is down while a gray patch is picked.

    Attributes
    ----------
    card_changed : Signal(object)
        Emitted with the `Card` that was chosen.
    place_toggled : Signal(bool)
        Emitted with True when the card is to be placed, and with False when it is to go.
    fit_requested : Signal()
        Emitted when the placed card is to be fitted.
    size_requested : Signal(float)
        Emitted with the card's width in millimeters when pixels are to get their size by it.
    use_requested : Signal()
        Emitted when the calibration that is shown is to be used.
    card_file_chosen, open_requested, save_requested : Signal(str)
        Emitted with the path of a card, or of a calibration to read or to write.
    """

    card_changed = Signal(object)
    place_toggled = Signal(bool)
    fit_requested = Signal()
    use_requested = Signal()
    card_file_chosen = Signal(str)
    open_requested = Signal(str)
    save_requested = Signal(str)

    def __init__(self, gray: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calibration: Calibration | None = None
        self._shown_card = 0
        self.gray = gray
        self.card = QComboBox()
        self.place = QPushButton("Place card")
        self.fit = QPushButton("Fit")
        self.width = CardWidth()
        self.size_requested = self.width.size_requested
        self.hint = QLabel(HINT)
        self.figure: FigureView | None = None
        self.key = QLabel(KEY)
        self.summary = QLabel()
        self.warnings = QLabel()
        self.use = QPushButton("Use")
        self.open, self.save = QPushButton("Open…"), QPushButton("Save…")
        self._explain()
        self._fill_cards()
        self._lay_out()
        self._connect()
        self.set_placed(False)
        self.set_calibration(None)

    def chosen_card(self) -> Card:
        """The card that is chosen."""
        return self.card.itemData(self._shown_card)

    def add_card(self, card: Card) -> None:
        """Offer a card that was read from a file, and choose it."""
        at = self.card.count() - 1
        self.card.insertItem(at, card.name, card)
        self.card.setCurrentIndex(at)
        self._take_card(at)

    def set_placed(self, placed: bool, has_size: bool = False) -> None:
        """Show whether the card lies over the image, whose pixels may have a size already."""
        self.width.setVisible(placed)
        self.width.set_has_size(has_size)
        self.width.set_width(self.chosen_card().width)
        self.place.setChecked(placed)
        self.place.setText("Done" if placed else "Place card")
        self.fit.setEnabled(placed)
        self._show_hint()

    def show_pixel_side(self, side: float) -> None:
        """Say how wide a pixel is now, in millimeters."""
        self.hint.setText(f"A pixel is {side:.3g} mm wide. Areas and lengths are in millimeters.")
        self.hint.setVisible(True)

    def set_calibration(self, calibration: Calibration | None, in_use: bool = False) -> None:
        """Show a calibration, or none; `in_use` where colors are calibrated by it already."""
        is_other = calibration is not self._calibration
        self._calibration = calibration
        is_card = calibration is not None and len(calibration.records) > 1
        if is_card and self.figure is None:
            self.figure = self._make_figure()
        if self.figure is not None:
            self.figure.setVisible(is_card)
            if is_other and is_card:
                self.figure.redraw()
        if is_other and calibration is not None:
            # What to do next has been done.
            self.hint.setVisible(False)
        self.key.setVisible(is_card)
        self.summary.setVisible(calibration is not None)
        self.warnings.setVisible(False)
        if calibration is not None:
            self.summary.setText(summary(calibration))
            said = warnings(calibration)
            self.warnings.setText(said)
            self.warnings.setVisible(bool(said))
        self.use.setEnabled(calibration is not None and not in_use)
        self.use.setText("In use" if in_use else "Use")
        self.save.setEnabled(calibration is not None)

    def _explain(self) -> None:
        self.card.setToolTip("The color card in the image.")
        self.card.setAccessibleName("Card")
        self.place.setToolTip(
            "Lay an outline over the image, to drag its corners onto those of the card.\n"
            "Done removes it."
        )
        self.place.setCheckable(True)
        self.fit.setToolTip("Measure the patches, and fit a correction to their true colors.")
        self.use.setToolTip("Cluster calibrated colors from now on, in all images.")
        self.open.setToolTip("Open a saved calibration.")
        self.save.setToolTip("Save the calibration, for other images by the same camera and light.")

    def _fill_cards(self) -> None:
        for name in card_names():
            self.card.addItem(name, find_card(name))
        self.card.addItem(FROM_FILE)
        # A long name must not widen the panel.
        self.card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        Elided(self.card)

    def _lay_out(self) -> None:
        for label in (self.hint, self.key, self.summary, self.warnings):
            label.setWordWrap(True)
        grid = QGridLayout()
        for column, widget in enumerate((self.place, self.fit, self.gray)):
            grid.addWidget(widget, 0, column)
            grid.setColumnStretch(column, 1)
        buttons = QHBoxLayout()
        for widget in (self.use, self.open, self.save):
            buttons.addWidget(widget, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        layout.addLayout(grid)
        layout.addWidget(self.width)
        for widget in (self.hint, self.summary, self.warnings):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.key)

    def _connect(self) -> None:
        self.card.activated.connect(self._take_card)
        self.place.clicked.connect(self.place_toggled)
        self.fit.clicked.connect(lambda: self.fit_requested.emit())
        self.use.clicked.connect(lambda: self.use_requested.emit())
        self.open.clicked.connect(self._ask_open)
        self.save.clicked.connect(self._ask_save)
        self.gray.toggled.connect(self._show_hint)

    def _take_card(self, index: int) -> None:
        if self.card.itemData(index) is None:
            self.card.setCurrentIndex(self._shown_card)
            self._ask_card()
        elif index != self._shown_card:
            self._shown_card = index
            self.width.set_width(self.chosen_card().width)
            self.card_changed.emit(self.chosen_card())

    def _ask_card(self) -> QFileDialog:
        kinds = {".csv": "Color card"}
        return ask_open_path(self, "Open card", kinds, self.card_file_chosen.emit)

    def _ask_open(self) -> QFileDialog:
        kinds = {".json": "Calibration"}
        return ask_open_path(self, "Open calibration", kinds, self.open_requested.emit)

    def _ask_save(self) -> QFileDialog:
        kinds = {".json": "Calibration"}
        name = "calibration.json"
        return ask_path(self, "Save calibration", name, kinds, self.save_requested.emit)

    def _show_hint(self, *_: object) -> None:
        """Say what to do next; nothing where a calibration says enough."""
        if self.gray.isChecked():
            hint = GRAY_HINT
        elif self.place.isChecked():
            hint = PLACED_HINT
        else:
            hint = "" if self._calibration is not None else HINT
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def _make_figure(self) -> FigureView:
        view = FigureView(self._draw)
        view.setFixedHeight(PLOT_HEIGHT)
        view.setMinimumWidth(120)
        self.layout().insertWidget(self.layout().indexOf(self.key), view)
        return view

    def _draw(self, figure: Figure, text_color: str) -> None:
        draw_patches(figure, self._calibration, text_color)

"""Widgets to choose a color range: a color and a radius, or limits on the channels of a space."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtCore import QSignalBlocker, QSize, Qt, Signal
from qtpy.QtGui import QColor, QIcon, QPixmap
from qtpy.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from napari_colorcluster.core.color.ranges.rectangular import RectangularRange
from napari_colorcluster.core.color.ranges.spherical import SphericalRange
from napari_colorcluster.core.color.spaces import COLOR_SPACES, color_space
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.widgets.parts.ask import ask_color

if TYPE_CHECKING:
    from napari_colorcluster.layers.result.segmentation import Segmentation

RADIUS, MAX_RADIUS = 10.0, 100.0
STEPS = 10
"""Steps of the slider for one ΔE2000."""

SWATCH = QSize(28, 14)
MAX_SAMPLE = 20_000
"""Colors that first limits are found from, at most."""

_CUBE = np.stack(np.meshgrid(*[np.linspace(0, 255, 9)] * 3), axis=-1).reshape(-1, 3)


class SphereForm(QWidget):
    """A color and a radius.

    Attributes
    ----------
    changed : Signal()
        Emitted when another range is chosen.
    swatch : QPushButton
        Shows the color, and asks for another one.
    slider, radius : QSlider, QDoubleSpinBox
        The radius.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor("#808080")
        self.swatch = QPushButton()
        self.swatch.setIconSize(SWATCH)
        self.swatch.setAutoDefault(False)
        self.swatch.setAccessibleName("Color")
        self.swatch.setToolTip("Choose the central color, or pick it from the screen.")
        self.slider, self.radius = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox()
        self.slider.setRange(0, round(MAX_RADIUS) * STEPS)
        self.slider.setAccessibleName("Radius")
        self.radius.setRange(0, MAX_RADIUS)
        self.radius.setDecimals(1)
        self.radius.setAccessibleName("Radius")
        for widget in (self.slider, self.radius):
            widget.setToolTip("The largest difference from the central color, in ΔE2000.")
        beside = QHBoxLayout()
        beside.addWidget(self.slider, 1)
        beside.addWidget(self.radius)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Color", self.swatch)
        form.addRow("Radius (ΔE)", beside)
        self.swatch.clicked.connect(self._ask)
        self.slider.valueChanged.connect(lambda steps: self.radius.setValue(steps / STEPS))
        self.radius.valueChanged.connect(self._on_radius)
        self.radius.setValue(RADIUS)
        self.set_color(self._color)

    @property
    def range(self) -> SphericalRange:
        """The range that is chosen."""
        return SphericalRange(self._color.name(), round(self.radius.value(), 1))

    def set_color(self, color: QColor) -> None:
        """Set the color in the middle."""
        self._color = color
        pixmap = QPixmap(SWATCH)
        pixmap.fill(color)
        self.swatch.setIcon(QIcon(pixmap))
        self.swatch.setText(color.name())
        self.changed.emit()

    def _ask(self) -> None:
        ask_color(self, self._color, "Central color", self.set_color)

    def _on_radius(self, radius: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(radius * STEPS))
        self.changed.emit()


class BoxForm(QWidget):
    """Limits on the channels of a color space.

    Attributes
    ----------
    changed : Signal()
        Emitted when another range is chosen.
    space : QComboBox
        The color space.
    lower, upper : list of QDoubleSpinBox
        The limits of its channels.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: Segmentation | None = None
        self._within: tuple[int, ...] = ()
        self.space = QComboBox()
        self.space.setAccessibleName("Space")
        self.space.setToolTip("The color space whose channels are limited.")
        for name, space in COLOR_SPACES.items():
            self.space.addItem(space.title, name)
        self._names = [QLabel() for _ in range(3)]
        self.lower, self.upper = ([QDoubleSpinBox() for _ in range(3)] for _ in range(2))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(QLabel("Space"), 0, 0)
        grid.addWidget(self.space, 0, 1, 1, 3)
        for row, (name, low, high) in enumerate(
            zip(self._names, self.lower, self.upper, strict=True), start=1
        ):
            for column, widget in enumerate((name, low, QLabel("to"), high)):
                grid.addWidget(widget, row, column)
            for box in (low, high):
                box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                box.valueChanged.connect(self.changed)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.space.currentIndexChanged.connect(self._reset)
        self._reset()

    @property
    def range(self) -> RectangularRange | None:
        """The range that is chosen; None where a lower limit is above the upper one."""
        lower, upper = ([box.value() for box in boxes] for boxes in (self.lower, self.upper))
        if any(low > high for low, high in zip(lower, upper, strict=True)):
            return None
        return RectangularRange(lower, upper, self.space.currentData(), self._white)

    def start_from(self, made: Segmentation, within: tuple[int, ...]) -> None:
        """Begin with the limits of an image's colors in some clusters, or in all."""
        self._made, self._within = made, within
        self._reset()

    @property
    def _white(self) -> tuple[float, ...] | None:
        if self._made is None or "white" not in COLOR_SPACES[self.space.currentData()].options:
            return None
        return self._made.clustering.keywords.get("white")

    def _reset(self, *_: object) -> None:
        """Turn to the chosen space: its channels, how far they go, and limits to begin with."""
        space = color_space(self.space.currentData(), white=self._white)
        gamut = space.from_srgb(_CUBE / 255)
        ends = gamut.min(axis=0), gamut.max(axis=0)
        colors = self._colors()
        calibration = None
        if self._made is not None:
            calibration = self._made.clustering.partition.space.calibration
        points = (
            WorkingSpace(space, np.ones(3), calibration).points(colors) if len(colors) else gamut
        )
        for axis, (title, low, high) in enumerate(
            zip(space.axes, self.lower, self.upper, strict=True)
        ):
            # "a*" and the like are symbols, and no words.
            self._names[axis].setText(title[0].upper() + title[1:] if len(title) > 2 else title)
            start, end = ends[0][axis], ends[1][axis]
            decimals = max(3 - floor(log10(end - start)), 0)
            one = 10.0**-decimals
            values = np.floor(points[:, axis].min() / one), np.ceil(points[:, axis].max() / one)
            for box, value, word in zip((low, high), values, ("from", "to"), strict=True):
                with QSignalBlocker(box):
                    box.setDecimals(decimals)
                    box.setSingleStep(10 * one)
                    box.setRange(np.floor(start / one) * one, np.ceil(end / one) * one)
                    box.setValue(value * one)
                    box.setAccessibleName(f"{title} {word}")
        self.changed.emit()

    def _colors(self) -> np.ndarray:
        if self._made is None:
            return np.zeros((0, 3), np.uint8)
        colors = self._made.histogram.colors
        if self._within:
            colors = colors[np.isin(self._made.labels, self._within)]
        return colors[:: max(len(colors) // MAX_SAMPLE, 1)]

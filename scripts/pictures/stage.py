"""A real napari window with the panel docked, to act in and to photograph."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import napari
import numpy as np
from napari.layers import Layer
from qtpy.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from qtpy.QtGui import QCursor, QGuiApplication, QImage
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel

SIZE = (900, 640)
PLUGIN = "napari-colorcluster"
CONTROLS, LIST = "dockLayerControls", "dockLayerList"
MOST_SECONDS = 120


class Stage:
    """A window of a theme, "light" or "dark", with the panel beside the canvas."""

    def __init__(
        self,
        theme: str,
        size: tuple[int, int] = SIZE,
        layer_docks: Sequence[str] = (),
    ) -> None:
        self.theme = theme
        self.viewer = napari.Viewer(show=True)
        self.viewer.theme = theme
        self.window: QWidget = self.viewer.window._qt_window
        self.window.resize(*size)
        # At the right edge of the screen, so that menus open inside of the window.
        screen = QGuiApplication.primaryScreen().geometry()
        self.window.move(screen.width() - size[0], 0)
        self.panel = open_panel(self.viewer)
        for dock in (CONTROLS, LIST):
            getattr(self.viewer.window._qt_viewer, dock).setVisible(dock in layer_docks)
        self.window.activateWindow()
        # Where it points at nothing.
        QCursor.setPos(0, 0)
        self._no_tooltips = NoTooltips(self.window)
        QApplication.instance().installEventFilter(self._no_tooltips)
        self.wait(0.8)

    def wait(self, seconds: float = 0.3, until: Callable[[], bool] = lambda: False) -> None:
        """Let napari work for some seconds, or until something holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            QApplication.processEvents()
            time.sleep(0.005)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Act after some seconds, also while a menu is open."""
        QTimer.singleShot(round(seconds * 1000), act)

    def rest(self) -> None:
        """Let napari work until the panel has nothing to do."""
        self.wait(0.15)
        self.wait(MOST_SECONDS, lambda: not self.panel.session.is_busy)
        if self.panel.session.is_busy:
            raise TimeoutError("The panel does not come to rest.")
        self.wait(0.5)

    def open_sample(self, key: str) -> Layer:
        """Open a sample as the File menu does, and fit it into the view."""
        [layer] = self.viewer.open_sample(PLUGIN, key)
        self.fit()
        return layer

    def fit(self) -> None:
        self.viewer.reset_view(margin=0.03)
        self.wait(0.3)

    def cluster(self, n_clusters: int) -> None:
        """Set k, press Cluster, and wait for the result without its outlines."""
        self.panel.form.n_clusters.value = n_clusters
        self.click(self.panel.button)
        self.rest()

    def show_labels(self, opacity: float = 1.0) -> None:
        """Hide the quantized image, and show the clusters in full color."""
        for layer in self.viewer.layers:
            if layer.name.endswith(" quantized"):
                layer.visible = False
            if layer.name.endswith(" clusters"):
                layer.opacity = opacity
        self.wait()

    def click(self, button: QPushButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.wait(0.1)

    def edit(self, name: str, *arguments: object) -> None:
        """Make an edit, as the buttons and menus of the panel request it."""
        self.panel.palette.edit_requested.emit(name, arguments)
        self.rest()

    def select(self, *labels: int) -> None:
        """Select rows of the table, as clicks on them do."""
        table = self.panel.palette.table
        table.select(set(labels))
        self.wait(0.4)

    def label_of(self, *color: int) -> int:
        """The label of the cluster whose color is the closest."""
        palette = self.palette
        apart = np.linalg.norm(palette.colors.astype(float) - color, axis=1)
        return int(palette.labels[apart.argmin()])

    @property
    def palette(self) -> Palette:
        return results.of(self.panel.form.image.value).segmentation.palette

    def reveal(self, widget: QWidget, margin: int = 6) -> None:
        """Scroll the panel until a widget is seen, at the top as far as that goes."""
        area = self.panel.native.findChild(QScrollArea)
        self.wait(0.2)
        top = widget.mapTo(area.widget(), QPoint(0, 0)).y()
        area.verticalScrollBar().setValue(top - margin)
        self.wait(0.2)

    def see(self) -> QImage:
        """The window as it is on the screen, with menus and dialogs above it."""
        self.viewer.status = self.viewer.help = ""
        self.wait(0.3)
        return screenshot(self.window)

    def see_other(self, other: QWidget, size: tuple[int, int]) -> QImage:
        """Another window of the panel."""
        other.resize(*size)
        other.move(0, 0)
        other.raise_()
        self.wait(1)
        return screenshot(other)

    def part(self, *widgets: QWidget, margin: int = 8) -> QImage:
        """The part of the window that holds some widgets."""
        box = QRect()
        for widget in widgets:
            box = box.united(QRect(widget.mapTo(self.window, QPoint(0, 0)), widget.size()))
        box = box.adjusted(-margin, -margin, margin, margin).intersected(self.window.rect())
        return self.see().copy(box)

    def canvas_point(self, layer: Layer, position: Iterable[float]) -> QPoint:
        """Where on the canvas a pixel of a layer is."""
        camera, canvas = self.viewer.scene.camera, self.canvas
        world = np.array(layer.data_to_world(tuple(position)))[-2:]
        offset = (world - np.array(camera.center)[-2:]) * camera.zoom
        middle = np.array([canvas.height(), canvas.width()]) / 2
        down, right = middle + offset / self.window.devicePixelRatioF()
        return QPoint(round(right), round(down))

    @property
    def canvas(self) -> QWidget:
        return self.viewer.window._qt_viewer.canvas.native

    def close(self) -> None:
        QApplication.instance().removeEventFilter(self._no_tooltips)
        self.viewer.close()
        self.wait(0.3)


class NoTooltips(QObject):
    """Keeps tooltips away, which come up wherever the mouse rests."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.ToolTip


def screenshot(window: QWidget) -> QImage:
    """What the screen shows where a window is."""
    screen = QGuiApplication.primaryScreen()
    place = window.geometry()
    image = screen.grabWindow(0, place.x(), place.y(), place.width(), place.height())
    return image.toImage().convertToFormat(QImage.Format.Format_RGB888)

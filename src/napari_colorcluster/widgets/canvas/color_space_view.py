"""The window that shows an image's colors in the working space; the main scene stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari.qt import QtViewer
from qtpy.QtCore import Qt
from qtpy.QtGui import QHideEvent, QKeySequence, QShowEvent
from qtpy.QtOpenGLWidgets import QOpenGLWidget
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QShortcut,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.color_space.lasso import Lasso
from napari_colorcluster.layers.color_space.scene import COLOR_BY, ColorScene
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.session.job import Job
from napari_colorcluster.widgets.palette.edits.range_choices import RangeChoices

if TYPE_CHECKING:
    from napari.components import ViewerModel

    from napari_colorcluster.core.color.ranges.lasso import LassoRange
    from napari_colorcluster.layers.result.segmentation import Segmentation
    from napari_colorcluster.widgets.palette.view import PaletteView

SIZE = (760, 680)


class ColorSpaceView(QWidget):
    """A window of its own with an image's colors as points, in napari's own canvas.

    Closing hides it, with its camera; it goes for good with its parent. It computes off the main
    thread, one cloud after another, and nothing while it is hidden.

    Parameters
    ----------
    viewer : napari.Viewer
        The main viewer, whose theme it follows.
    parent : QWidget, optional
        Owner of the window, whose style it has.
    notices : Notices, optional
        Where errors are told.

    Attributes
    ----------
    scene : ColorScene
        What is shown.
    lasso_button : QPushButton
        Down while drags draw a line around points; Escape releases it, and lets the points go.
    choices : RangeChoices
        What can be done with the colors that a line is around.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        parent: QWidget | None = None,
        notices: Notices | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._notices = notices or Notices()
        self.scene = ColorScene()
        self._lasso = Lasso(self.scene)
        self._shown: tuple[Segmentation | None, str] | None = None
        self._waiting: tuple[Segmentation | None, str] | None = None
        self._job: Job | None = None
        self._cloud: ColorCloud | None = None
        self.canvas = QtViewer(self.scene.viewer)
        self.color_by = QComboBox()
        self.centers = QCheckBox("Cluster centers")
        self.lasso_button, self.reset_button = QPushButton("Lasso"), QPushButton("Reset view")
        self.lasso_button.setCheckable(True)
        self.choices = RangeChoices(
            in_one_row=True, hint="Draw a line around points.", notices=self._notices
        )
        self.choices.setContentsMargins(8, 4, 8, 6)
        self.choices.hide()
        for mode, title in COLOR_BY.items():
            self.color_by.addItem(title, mode)
        self.color_by.setToolTip("How the points are colored.")
        self.centers.setToolTip("Show the mean of each cluster, larger for more pixels.")
        self.reset_button.setToolTip("Show all points from the initial angle.")
        self.lasso_button.setToolTip(
            "Draw a line around points to edit the clusters of their colors.\n"
            "Press again to rotate the view; Escape deselects the points."
        )
        controls = QHBoxLayout()
        controls.setContentsMargins(8, 6, 8, 2)
        controls.setSpacing(12)
        for widget in (self.color_by, self.centers):
            controls.addWidget(widget)
        controls.addStretch(1)
        controls.addWidget(self.lasso_button)
        controls.addWidget(self.reset_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(controls)
        layout.addWidget(self.canvas, stretch=1)
        layout.addWidget(self.choices)
        self.resize(*SIZE)
        self.setWindowTitle(self.scene.viewer.title)
        self._connect(viewer)

    def set_made(self, made: Segmentation | None, name: str = "image") -> None:
        """Show what was made of an image, or none, once the window is seen.

        Parameters
        ----------
        made : Segmentation or None
            What to show. Of those that come while one is computed, the last is shown.
        name : str
            The image's name, for the title.
        """
        if (made, name) == self._shown:
            return
        self._shown = self._waiting = made, name
        self._let_points_go()
        self.choices.set_made(made)
        if self.isVisible():
            self._update()

    def follow(self, palette: PaletteView) -> None:
        """Light the clusters that are selected in a palette, and have edits made there."""
        palette.labels_selected.connect(self._select)
        self.choices.rows_requested.connect(palette.table.select)
        self.choices.edit_requested.connect(palette.edit_requested)
        self._select(palette.table.selected_labels())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._let_go()

    def let_go(self) -> None:
        """Hide, and follow the main viewer no more; for when its owner goes."""
        self._unfollow()
        self.close()

    def _connect(self, viewer: ViewerModel) -> None:
        scene = self.scene

        # Not methods: the window would be held by what is connected to its own end.
        def follow_theme(event: Any = None) -> None:
            scene.viewer.theme = viewer.theme

        def unfollow() -> None:
            viewer.events.theme.disconnect(follow_theme)

        follow_theme()
        viewer.events.theme.connect(follow_theme)
        self._unfollow = unfollow
        self.destroyed.connect(unfollow)
        self.color_by.currentIndexChanged.connect(self._color)
        self.centers.toggled.connect(self._show_centers)
        self.reset_button.clicked.connect(scene.reset_view)
        self.lasso_button.toggled.connect(self._turn_lasso)
        self.choices.rows_requested.connect(self._let_points_go)
        self._lasso.drawn.connect(self._take_range)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self._let_go)
        for canvas in self.findChildren(QOpenGLWidget):
            canvas.frameSwapped.connect(self._hand_back)

    def _hand_back(self) -> None:
        """Make the OpenGL context of the main canvas the current one, after each painting.

        Where a layer is removed, napari deletes its programs and textures by their numbers, in
        the context that is current: in that of this window, they are those of this window.
        """
        window = self
        while window.parentWidget() is not None:
            window = window.parentWidget()
        for canvas in window.findChildren(QOpenGLWidget):
            if not self.isAncestorOf(canvas) and canvas.isValid():
                canvas.makeCurrent()

    def _update(self) -> None:
        """Compute what waits, after what is computed already."""
        if self._waiting is None or self._job is not None or not self.isVisible():
            return
        (made, name), self._waiting = self._waiting, None
        if made is None:
            self._show(None)
            return
        before = self._cloud
        self._job = Job(lambda progress: ColorCloud.of(made, name, before))
        self._job.returned.connect(self._on_cloud)
        self._job.errored.connect(self._notices.report)
        self._job.finished.connect(self._finish)
        self._job.start()

    def _on_cloud(self, cloud: ColorCloud | None) -> None:
        # None may wait, of an image that is gone.
        if self._waiting is None or self._waiting[0] is not None:
            self._show(cloud)

    def _finish(self) -> None:
        self._job = None
        self._update()

    def _show(self, cloud: ColorCloud | None) -> None:
        self._cloud = cloud
        self.scene.set_cloud(cloud)
        self.setWindowTitle(self.scene.viewer.title)

    def _turn_lasso(self, on: bool) -> None:
        if on:
            self._lasso.start()
        else:
            self._lasso.stop()
        self._show_choices()

    def _take_range(self, lasso: LassoRange | None) -> None:
        """Light the colors that a line is around, and offer what can be done with them."""
        self.scene.lasso = lasso
        self.choices.set_range(lasso)
        self._show_choices()

    def _show_choices(self) -> None:
        # Not only once there is a line: the canvas must not change its size under it.
        self.choices.setVisible(self._lasso.is_on or self.scene.lasso is not None)

    def _let_points_go(self, *_: object) -> None:
        self._take_range(None)

    def _let_go(self) -> None:
        self.lasso_button.setChecked(False)
        self._let_points_go()

    def _select(self, labels: tuple[int, ...]) -> None:
        self.scene.selected = labels
        self.choices.set_within(labels)

    def _color(self) -> None:
        self.scene.color_by = self.color_by.currentData()

    def _show_centers(self, shown: bool) -> None:
        self.scene.centers.visible = shown

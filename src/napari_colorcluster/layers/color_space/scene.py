"""A viewer of its own for an image's colors in the working space, without a window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points
from napari.utils.theme import get_theme

from napari_colorcluster.core.color.ranges.lasso import LassoRange
from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.color_space.points import ColorPoints

TRUE, CLUSTER = "true", "cluster"
COLOR_BY = {TRUE: "True colors", CLUSTER: "Cluster colors"}
"""What points may be colored by, and how menus write it."""

_LOOK_DOWN = 0.3  # how steeply the camera looks down at first: the tangent of the angle

WORLD = 100.0
"""Extent of the points in world units, whatever the units of the space: napari's extents of
layers, and so its zoom, are made for pixels."""

_CENTER_SIZES = 0.05, 0.14

GRAY, VEIL = 128, 0.7
"""What is mixed in equal parts with the colors of points that are not lit, 0 to 255, and how much
of the canvas covers them then."""

LINE_COLOR = "#ff8c1a"
LINE_SIZE = 3.0
"""Diameter of the dots of a line that is drawn, in pixels of the canvas."""


class ColorScene:
    """The colors of an image as a cloud of points, with its clusters' means.

    Attributes
    ----------
    viewer : ViewerModel
        Shows the two layers in 3D.
    colors, centers, line : napari.layers.Points
        A point for each color, or for close colors; a larger, numbered one for each cluster; the
        dots of a line that is drawn.
    """

    def __init__(self) -> None:
        self.viewer = ViewerModel(ndisplay=3)
        self.colors = self._add("colors", border_width=0, blending="opaque")
        # Without depth: the cloud would hide the means, which lie inside it.
        look = {"border_width": 0.1, "border_color": "white", "blending": "translucent_no_depth"}
        self.centers = self._add("cluster centers", visible=False, **look)
        flat = {"border_width": 0, "blending": "translucent_no_depth", "shading": "none"}
        self.line = self._add("lasso", face_color=LINE_COLOR, **flat)
        self.viewer.scene.camera.orientation = ("away", "up", "right")
        # In the corner: in the scene they would be within the cloud. Their own colors would be
        # taken for colors of the image, and yellow is not seen on white.
        axes = self.viewer.canvas.overlays.axes
        axes.visible, axes.colored, axes.box, axes.size = True, False, False, 130
        box = self.colors.bounding_box
        box.visible, box.points, box.line_color = True, False, "gray"
        self._color_by = TRUE
        self._cloud: ColorCloud | None = None
        self._selected: tuple[int, ...] = ()
        self._lasso: LassoRange | None = None
        self.viewer.events.theme.connect(self._paint)

    @property
    def color_by(self) -> str:
        """What the points are colored by: ``"true"`` or ``"cluster"``."""
        return self._color_by

    @color_by.setter
    def color_by(self, color_by: str) -> None:
        if color_by not in COLOR_BY:
            allowed = " or ".join(map(repr, COLOR_BY))
            raise ValueError(f"color_by must be {allowed}, got {color_by!r}.")
        self._color_by = color_by
        self._paint()

    @property
    def has_colors(self) -> bool:
        """Whether an image's colors are shown."""
        return self._cloud is not None

    @property
    def selected(self) -> tuple[int, ...]:
        """The labels whose points are lit; with none, all are."""
        return self._selected

    @selected.setter
    def selected(self, labels: Iterable[int]) -> None:
        labels = tuple(labels)
        if labels != self._selected:
            self._selected = labels
            self._paint()

    @property
    def lasso(self) -> LassoRange | None:
        """The colors that are lit, of the selected clusters if there are any; with None, all."""
        return self._lasso

    @lasso.setter
    def lasso(self, lasso: LassoRange | None) -> None:
        if lasso is None:
            self.show_line(np.zeros((0, 3)))
        if lasso != self._lasso:
            self._lasso = lasso
            self._paint()

    @property
    def lit(self) -> np.ndarray:
        """Which points are lit, shape (n_points,)."""
        if self._cloud is None:
            return np.zeros(0, bool)
        labels = self._cloud.points.labels
        lit = np.isin(labels, self._selected) if self._selected else np.ones(len(labels), bool)
        return lit if self._lasso is None else lit & self._cloud.inside(self._lasso)

    def range_within(self, axes: np.ndarray, polygon: np.ndarray) -> LassoRange:
        """The range of colors that a polygon encloses.

        Parameters
        ----------
        axes : ndarray, shape (2, 3), float64
            The directions in the world, to the right and up, that the points are seen on.
        polygon : ndarray, shape (n, 2), float64
            The corners along these.
        """
        return self._cloud.lasso(axes * self.colors.scale, polygon)

    def show_line(self, dots: np.ndarray, pixel: float = 1.0) -> None:
        """Show a line as dots (n, 3) in the world, where a pixel of the canvas has this size."""
        self.line.selected_data = set()
        self.line.data = dots
        self.line.size = LINE_SIZE * pixel

    def set_cloud(self, cloud: ColorCloud | None) -> None:
        """Show colors in the layers that are there, or none.

        The camera stays, unless the colors or the space are others.
        """
        before, self._cloud = self._cloud, cloud
        self._lasso = None
        self.show_line(np.zeros((0, 3)))
        if cloud is None:
            for layer in (self.colors, self.centers):
                layer.data = np.zeros((0, 3))
            self.viewer.title = "Colors"
            return
        points = cloud.points
        self.viewer.title = cloud.title
        self.viewer.dims.axis_labels = [axis.rpartition(" × ")[2] for axis in points.axes]
        self._place(self.colors, points.positions, points.sizes)
        labels, positions, counts = points.centers()
        smallest, largest = _CENTER_SIZES
        sizes = np.clip(largest * np.cbrt(counts / counts.max()), smallest, largest)
        self._place(self.centers, positions, points.extent * sizes)
        self.centers.features = {"label": labels}
        self._paint()
        if before is None or _moved(before.points, points):
            self.reset_view()

    def reset_view(self) -> None:
        """Look at all points from the side where they are spread most, and from a little above."""
        camera = self.viewer.scene.camera
        if self._cloud is not None:
            depth, right = _narrow_way(self._cloud.points.positions[:, [0, 2]])
            camera.set_view_direction((depth, -_LOOK_DOWN, right), (0, 1, 0))
        self.viewer.fit_to_view(margin=0.08)

    def _add(self, name: str, **look: Any) -> Points:
        look = {"shading": "spherical", **look}
        layer = Points(np.zeros((0, 3)), name=name, ndim=3, **look)
        self.viewer.add_layer(layer)
        layer.editable = False
        return layer

    def _place(self, layer: Points, positions: np.ndarray, sizes: np.ndarray) -> None:
        layer.selected_data = set()
        layer.data = positions
        layer.size = sizes
        layer.scale = np.full(3, WORLD / self._cloud.points.extent)

    def _paint(self, event: Any = None) -> None:
        if self._cloud is None:
            return
        points, table = self._cloud.points, self._cloud.label_colors
        chosen = points.colors if self._color_by == TRUE else table[points.labels]
        lit, sizes = self.lit, points.sizes
        if not lit.all():
            canvas = np.array(get_theme(self.viewer.theme).canvas.as_rgb_tuple()[:3])
            dim = VEIL * canvas + (1 - VEIL) * (chosen / 2 + GRAY / 2)
            chosen = np.where(lit[:, np.newaxis], chosen, dim)
            sizes = np.where(lit, sizes, sizes.min())
        self.colors.size = sizes
        self.colors.face_color = _rgba(chosen)
        labels, _, _ = points.centers()
        self.centers.face_color = _rgba(table[labels])


def _rgba(colors: np.ndarray) -> np.ndarray:
    return np.column_stack([colors / 255, np.ones(len(colors))])


def _narrow_way(points: np.ndarray) -> np.ndarray:
    """The direction, shape (2,), in which points (n, 2) are spread least, forward at first."""
    _, directions = np.linalg.eigh(np.cov(points, rowvar=False, ddof=0))
    narrow = directions[:, 0]
    return narrow if narrow[0] >= 0 else -narrow


def _moved(before: ColorPoints, after: ColorPoints) -> bool:
    """Whether points cover another place than before: an edit of clusters hardly moves any."""
    return before.axes != after.axes or abs(before.extent - after.extent) > 0.02 * after.extent

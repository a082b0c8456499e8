"""A line that is drawn around points of a color scene with the mouse; without Qt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from psygnal import Signal

from napari_colorcluster.layers.color_space.scene import ColorScene

if TYPE_CHECKING:
    from napari.components import ViewerModel

CURSOR = "cross"
DOT_STEP = 5
"""How far the dots of the line are apart, in pixels of the canvas."""

SLACK = 0.5
"""How far the polygon may be from the line that was drawn, in pixels of the canvas."""


class Lasso:
    """Drags draw a line, in place of turning the scene, while it is on; the wheel still zooms.

    Parameters
    ----------
    scene : ColorScene
        Where to draw; its points are seen in parallel projection.
    """

    drawn = Signal(object)
    """Emitted with the `LassoRange` of a line that was drawn; None after a mere click."""

    def __init__(self, scene: ColorScene) -> None:
        self._scene = scene
        self._is_on = False

    @property
    def is_on(self) -> bool:
        """Whether drags draw."""
        return self._is_on

    def start(self) -> None:
        """Let drags draw, and say so by the cursor."""
        if not self._is_on:
            self._is_on = True
            self._scene.viewer.mouse_drag_callbacks.append(self._draw)
            self._scene.viewer.scene.camera.mouse_pan = False
            self._scene.viewer.cursor.style = CURSOR

    def stop(self) -> None:
        """Let drags turn the scene again; the line goes."""
        if self._is_on:
            self._is_on = False
            self._scene.viewer.mouse_drag_callbacks.remove(self._draw)
            self._scene.viewer.scene.camera.mouse_pan = True
            self._scene.viewer.cursor.style = "standard"
            self._scene.show_line(np.zeros((0, 3)))

    def _draw(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        if event.button != 1 or not self._scene.has_colors:
            return
        axes = _axes(event.view_direction, event.up_direction)
        pixel = 1 / viewer.scene.camera.zoom
        line = [axes @ event.position]
        yield
        while event.type == "mouse_move" and self._is_on:
            line.append(axes @ event.position)
            self._show(np.array(line), axes, pixel)
            yield
        if not self._is_on:
            return
        polygon = _polygon(np.array(line), SLACK * pixel)
        if len(polygon) < 3:
            self._scene.show_line(np.zeros((0, 3)))
            self.drawn.emit(None)
        else:
            self._show(np.vstack([polygon, polygon[:1]]), axes, pixel)
            self.drawn.emit(self._scene.range_within(axes, polygon))

    def _show(self, line: np.ndarray, axes: np.ndarray, pixel: float) -> None:
        """Show a line, at the depth that the camera looks at: there it is not cut off."""
        center = np.array(self._scene.viewer.scene.camera.center, float)
        depth = center - axes.T @ (axes @ center)
        self._scene.show_line(_dots(line, DOT_STEP * pixel) @ axes + depth, pixel)


def _axes(view: Any, up: Any) -> np.ndarray:
    """The directions to the right and up, shape (2, 3), of what is seen in a direction."""
    view = np.array(view, float)
    right = np.cross(view, up)
    upward = np.cross(right, view)
    return np.stack([right / np.linalg.norm(right), upward / np.linalg.norm(upward)])


def _dots(corners: np.ndarray, step: float) -> np.ndarray:
    """Points at even distances along a line, shape (n, 2)."""
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    along = np.append(0, np.cumsum(lengths))
    at = np.arange(0, along[-1] + step, step)
    return np.column_stack([np.interp(at, along, axis) for axis in corners.T])


def _polygon(corners: np.ndarray, slack: float) -> np.ndarray:
    """The corners of a line that count."""
    from skimage.measure import approximate_polygon

    closed = np.vstack([corners, corners[:1]])
    return approximate_polygon(closed, slack)[:-1]

"""A card's outline over an image: a layer whose four corners are dragged, and its patches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Layer, Shapes, Vectors
from psygnal import Signal

from napari_colorcluster.core.color.calibration.card import Card
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.calibration.turn import turn_by_patches, turn_by_sides
from napari_colorcluster.layers.images.layer_data import TOOL_KEY, levels
from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.result.results import results

if TYPE_CHECKING:
    from napari.components import ViewerModel

_SHARE = 0.6
"""How much of what is seen of an image, in height or in width, the outline takes at first."""

_LINE, _PATCH_LINE = 2.0, 1.0
"""The width of lines, in pixels of the canvas."""

_COLOR, _PATCH_COLOR = "#00e5ff", "#ffffff"


class PlacedCard:
    """Two layers over an image: the card's corners to drag, and its patches, which follow.

    Made, it lies over the middle of the view, and its corners can be dragged at once. What shows
    a clustering of the image is hidden meanwhile, for it would cover the card. Closed, it leaves
    the viewer as it was.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the image is.
    image : Image
        The image layer with the card.
    card : Card
        The card.

    Attributes
    ----------
    image : Image
        The image layer.
    plane : Plane
        Where in the image the card lies.
    corners_layer : Shapes
        The corners.
    patches_layer : Vectors
        The patches' outlines.

    Raises
    ------
    ValueError
        Where the viewer shows no plane of the image.
    """

    closed = Signal()
    """Emitted when the layers have been removed, by `close` or by hand."""

    def __init__(self, viewer: ViewerModel, image: Image, card: Card) -> None:
        self._viewer, self.image, self._card = viewer, image, card
        self.plane = Plane.shown(viewer, image)
        self._turn = 0
        corners = _in_view(viewer, image, self.plane, card)
        look = {name: getattr(image, name) for name in (*PLACED_BY, "axis_labels")}
        look["metadata"] = {TOOL_KEY: "card"}
        self.patches_layer = Vectors(
            self._edges(corners),
            name="card patches",
            edge_color=_PATCH_COLOR,
            vector_style="line",
            **look,
        )
        self.corners_layer = Shapes(
            [self.plane.lifted(corners)],
            shape_type="polygon",
            name="card corners",
            edge_color=_COLOR,
            face_color="transparent",
            **look,
        )
        self._corners = corners
        self._open = True
        self._active = viewer.layers.selection.active
        self._hidden = self._hide_results()
        self._image_watch = LayerWatch(PLACED_BY, self._follow_image)
        self._scale_lines()
        for layer in self._layers:
            viewer.add_layer(layer)
        self._connect()
        viewer.layers.selection.active = self.corners_layer
        self.corners_layer.mode = "direct"
        self.corners_layer.selected_data = {0}

    @property
    def corners(self) -> np.ndarray:
        """Row and column of each corner in the plane, shape (4, 2).

        Raises
        ------
        ValueError
            Where what has been drawn has not four corners.
        """
        shapes = self.corners_layer.data
        if len(shapes) != 1 or len(shapes[0]) != 4:
            raise ValueError(
                f"A card has four corners: {self.corners_layer.name!r} must hold one shape of four "
                "points; place the card again."
            )
        return np.asarray(shapes[0], float)[:, list(self.plane.axes)]

    def set_card(self, card: Card) -> None:
        """Outline the patches of another card between the same corners."""
        self._card = card
        self._draw(self._corners)

    def close(self) -> None:
        """Remove the layers, and show again what was hidden."""
        if not self._open:
            return
        self._open = False
        self._disconnect()
        layers = self._viewer.layers
        for layer in self._layers:
            if layer in layers:
                layers.remove(layer)
        for layer in self._hidden:
            layer.visible = True
        if self._active in layers:
            layers.selection.active = self._active
        self.closed.emit()

    @property
    def _layers(self) -> tuple[Layer, Layer]:
        return self.patches_layer, self.corners_layer

    def _connect(self) -> None:
        # While a corner is dragged, its layer emits nothing else.
        self.corners_layer.events.set_data.connect(self._follow)
        self._viewer.scene.camera.events.zoom.connect(self._scale_lines)
        self._viewer.layers.events.removed.connect(self._on_removed)
        self._image_watch.watch(self.image)

    def _disconnect(self) -> None:
        self.corners_layer.events.set_data.disconnect(self._follow)
        self._viewer.scene.camera.events.zoom.disconnect(self._scale_lines)
        self._viewer.layers.events.removed.disconnect(self._on_removed)
        self._image_watch.watch(None)

    def _hide_results(self) -> list[Layer]:
        shown = results.of(self.image)
        layers = () if shown is None else (shown.quantized, shown.labels)
        hidden = [layer for layer in layers if layer.visible]
        for layer in hidden:
            layer.visible = False
        return hidden

    def _on_removed(self, event: Any = None) -> None:
        if any(layer not in self._viewer.layers for layer in (*self._layers, self.image)):
            self.close()

    def _follow_image(self, event: Any) -> None:
        for layer in self._layers:
            setattr(layer, event.type, getattr(self.image, event.type))

    def _scale_lines(self, event: Any = None) -> None:
        """Keep the lines thin, however far the corners are zoomed into."""
        pixel = _canvas_pixel(self._viewer, self.image, self.plane)
        self.patches_layer.edge_width = _PATCH_LINE * pixel
        self.corners_layer.edge_width = [_LINE * pixel] * self.corners_layer.nshapes
        self.corners_layer.current_edge_width = _LINE * pixel

    def _follow(self, event: Any = None) -> None:
        """Outline the patches where the corners are now; nothing where they are none."""
        try:
            corners = self.corners
        except ValueError:
            return
        if not np.array_equal(corners, self._corners):
            self._draw(corners)

    def _draw(self, corners: np.ndarray) -> None:
        self._corners = corners
        try:
            edges = self._edges(corners)
        except ValueError:
            # Dragged across each other, the corners outline no card.
            self.patches_layer.visible = False
            return
        patches = self.patches_layer
        if edges.shape == patches.data.shape:
            # In place: other data have napari find all extents and draw thumbnails, which takes
            # ten times as long as the rest.
            patches.data[:] = edges
            patches.refresh(thumbnail=False, highlight=False, extent=False)
        else:
            patches.data = edges
        if not self.patches_layer.visible:
            self.patches_layer.visible = True

    def _edges(self, corners: np.ndarray) -> np.ndarray:
        """The edges of all patches as Vectors have them, shape (n, 2, ndim)."""
        data = levels(self.image)[0]
        if isinstance(data, np.ndarray):
            self._turn = turn_by_patches(self.plane.cut(data), corners, self._card, self._turn)
        else:
            self._turn = turn_by_sides(corners, self._card)
        outlines = np.array(self._card.outlines(np.roll(corners, -self._turn, axis=0)))
        starts = outlines.reshape(-1, 2)
        ends = np.roll(outlines, -1, axis=1).reshape(-1, 2)
        starts, ends = self.plane.lifted(starts), self.plane.lifted(ends)
        return np.stack([starts, ends - starts], axis=1)


def _canvas_pixel(viewer: ViewerModel, image: Image, plane: Plane) -> float:
    """How many pixels of the image one of the canvas is wide."""
    one, other = (_at_view(viewer, image, plane, (0, pixels)) for pixels in (0, 1))
    return float(np.linalg.norm(other - one))


def _at_view(
    viewer: ViewerModel, image: Image, plane: Plane, pixels: tuple[float, float]
) -> np.ndarray:
    """Row and column in the image, so many pixels of the canvas from the middle of the view."""
    camera, dims = viewer.scene.camera, viewer.dims
    world = np.array(dims.point, float)
    world[list(dims.displayed)] = np.array(camera.center)[-2:] + np.array(pixels) / camera.zoom
    return plane.at(image, world)


def _in_view(viewer: ViewerModel, image: Image, plane: Plane, card: Card) -> np.ndarray:
    """Corners of an upright card in the middle of what is seen of an image, shape (4, 2)."""
    half = np.array(viewer.canvas.size) / 2
    seen = np.array([_at_view(viewer, image, plane, half * sign) for sign in (-1, 1)])
    seen.sort(axis=0)
    size = np.array([levels(image)[0].shape[axis] for axis in plane.axes])
    both = np.array([np.maximum(seen[0], -0.5), np.minimum(seen[1], size - 0.5)])
    low, high = both if (both[1] > both[0]).all() else seen
    rows, columns = _SHARE * (high - low)
    height = min(rows, columns / card.aspect)
    steps = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]]) / 2
    return (low + high) / 2 + steps * [height, height * card.aspect]

"""The part of an image that takes part: inside or outside what another layer outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Labels, Layer, Shapes
from scipy.ndimage import affine_transform

from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.layers.images.layer_data import level_centers, levels, unwrapped
from napari_colorcluster.layers.regions.outlines import draw_path, fill_polygon

if TYPE_CHECKING:
    from napari.components import ViewerModel

WHOLE_IMAGE = "whole image"
"""What menus and Preferences call it where there is no region."""

_CLOSE = 1e-3
"""Pixels by which two grids may differ at their far corner and still be the same."""

_EDGE_ON = 1e-9
"""Share of its area that a shape must show to the image's plane."""

_KEYS = frozenset(["layer", "label", "outside", "each"])
"""What a stored region is made of."""

_ELLIPSE = 100
"""Points that napari draws an ellipse with."""


@dataclass(frozen=True)
class Region:
    """A part of an image, outlined by a layer that may be placed in any other way.

    Parameters
    ----------
    layer : napari.layers.Labels or napari.layers.Shapes
        What outlines it. As in napari the last axes of two layers belong together: what has fewer
        axes than the image counts on all its planes; of what has more, the plane at 0 counts.
    label : int, optional
        The label of a Labels layer; by default every label but 0.
    outside : bool, default False
        Whether what lies outside takes part instead.
    each : bool, default False
        Whether each label is an object of its own, such as a leaf on a scan, whose shares are
        asked for; the colors of all of them are clustered together.

    Raises
    ------
    ValueError
        Where each label is asked for of what has none, or together with one of them.
    """

    layer: Layer
    label: int | None = None
    outside: bool = False
    each: bool = False

    def __post_init__(self) -> None:
        one_place = self.outside or self.label is not None
        if self.each and (one_place or not isinstance(self.layer, Labels)):
            raise ValueError(
                f"Each object is that of a Labels layer as a whole, got {self.layer.name!r} with "
                f"label {self.label} and outside {self.outside}."
            )

    @property
    def title(self) -> str:
        """The region in a menu's words."""
        if self.each:
            return f'each object of "{self.layer.name}"'
        label = "" if self.label is None else f" (label {self.label})"
        return f'{self._side} "{self.layer.name}"{label}'

    @property
    def _side(self) -> str:
        return "outside" if self.outside else "inside"

    def mask(self, source: Image) -> np.ndarray:
        """Find the pixels of an image that lie in the region.

        Parameters
        ----------
        source : Image
            The image layer; of a pyramid its full resolution is meant.

        Returns
        -------
        ndarray, shape of the image without channels, bool
            True where the pixel's center lies in the region. A shape's edge belongs to it; paths
            and lines are one pixel wide, as napari makes masks of shapes.

        Raises
        ------
        ValueError
            Where no pixel does.
        """
        shape = tuple(int(size) for size in levels(source)[0].shape[: source.ndim])
        if isinstance(self.layer, Labels):
            mask = _on_grid(self._inside(), self.layer, source, shape)
        else:
            mask = _mask_of_shapes(self.layer, source, shape)
        if self.outside:
            np.logical_not(mask, out=mask)
        if not mask.any():
            label = "" if self.label is None else f"label {self.label} of "
            raise ValueError(
                f"No pixel of {source.name!r} lies {self._side} {label}{self.layer.name!r}: change "
                "that layer or choose another region."
            )
        return mask

    def objects(self, source: Image) -> np.ndarray:
        """Find the object that each pixel of an image is in.

        Parameters
        ----------
        source : Image
            As for `mask`.

        Returns
        -------
        ndarray, shape of the image without channels, integer
            The labels of the layer, which must be a Labels layer; 0 for none.

        Raises
        ------
        ValueError
            Where a label is below 0.
        """
        shape = tuple(int(size) for size in levels(source)[0].shape[: source.ndim])
        labels = np.asarray(levels(self.layer)[0])
        if labels.min(initial=0) < 0:
            raise ValueError(
                f"Objects are numbered from 1 on, but {self.layer.name!r} has {labels.min()}."
            )
        return _on_grid(labels, self.layer, source, shape)

    def masks(self, source: Image) -> list[np.ndarray]:
        """The mask of each level of a pyramid, full resolution first; one, unless it is one.

        Each pixel of a coarser level is where the center of its area is.
        """
        full = self.mask(source)
        shapes = [level.shape[: source.ndim] for level in levels(source)]
        return [full, *(full[level_centers(full.shape, shape)] for shape in shapes[1:])]

    def see_through(self) -> None:
        """Leave the outline of the shapes alone, so that what they enclose can be seen."""
        if not isinstance(self.layer, Shapes):
            return
        colors = np.array(self.layer.face_color)
        if len(colors) and colors[:, 3].any():
            colors[:, 3] = 0
            self.layer.face_color = colors
        self.layer.current_face_color = "transparent"

    def to_dict(self) -> dict[str, Any]:
        """The region for JSON: the layer by its name."""
        label = None if self.label is None else int(self.label)
        stored = {"layer": self.layer.name, "label": label, "outside": bool(self.outside)}
        return {**stored, "each": True} if self.each else stored

    def _inside(self) -> np.ndarray:
        """Where the data of a Labels layer are inside."""
        data = levels(self.layer)[0]
        data = data if is_dask(data) else np.asarray(data)
        return np.asarray(data != 0 if self.label is None else data == self.label)

    @classmethod
    def from_dict(cls, viewer: ViewerModel, stored: Any) -> Region:
        """Find the region that `to_dict` wrote.

        Raises
        ------
        ValueError
            Where it is something else, or the viewer has no layer of that name that outlines a
            region.
        """
        if not isinstance(stored, Mapping) or "layer" not in stored or not _KEYS.issuperset(stored):
            raise ValueError(
                "A region must be a dict with 'layer', and maybe 'label', 'outside' or 'each', "
                f"got {stored!r}."
            )
        name = stored["layer"]
        if name not in viewer.layers:
            raise ValueError(f"There is no layer named {name!r} to take the region from.")
        layer = unwrapped(viewer.layers[name])
        if not isinstance(layer, Labels | Shapes):
            kind = type(layer).__name__
            raise ValueError(
                f"Only Labels and Shapes layers outline a region; {name!r} is of type {kind}."
            )
        label = stored.get("label")
        if label is not None and not isinstance(layer, Labels):
            raise ValueError(
                f"Only a Labels layer has labels, but label {label!r} of {name!r} is asked for, "
                f"which is of type {type(layer).__name__}."
            )
        outside, each = (bool(stored.get(key, False)) for key in ("outside", "each"))
        return cls(layer, label, outside, each)


def masks_of(region: Region | None, source: Image) -> tuple[np.ndarray, ...] | None:
    """The masks of a region of an image, as `Region.masks`; None for all of it."""
    return None if region is None else tuple(region.masks(source))


def _affine(source: Layer, target: Layer) -> tuple[np.ndarray, np.ndarray]:
    """How a position in one layer's data is found in another's: a matrix and an offset."""
    factors = _unit_factors(source, target)

    def moved(position: np.ndarray) -> np.ndarray:
        world = np.array(source.data_to_world(position))
        world[len(world) - len(factors) :] *= factors
        return np.asarray(target.world_to_data(world))

    offset = moved(np.zeros(source.ndim))
    matrix = np.stack([moved(unit) - offset for unit in np.eye(source.ndim)], axis=1)
    # What rounding leaves of a zero would tie axes together that are apart.
    matrix[np.abs(matrix) < 1e-9 * np.abs(matrix).max()] = 0
    return matrix, offset


def _unit_factors(source: Layer, target: Layer) -> np.ndarray:
    """From one layer's units to the other's on the axes they share; 1 where kinds differ."""
    shared = min(source.ndim, target.ndim)
    pairs = list(zip(source.units[-shared:], target.units[-shared:], strict=True))
    if not all(one.is_compatible_with(other) for one, other in pairs):
        return np.ones(shared)
    return np.array([1.0 if a == b else (1.0 * a).to(b).magnitude for a, b in pairs])


def _on_grid(
    values: np.ndarray, layer: Labels, source: Image, shape: tuple[int, ...]
) -> np.ndarray:
    """The values of a Labels layer at the pixels of an image; 0 beside the layer."""
    matrix, offset = _affine(source, layer)
    # An axis that moves nothing in the other layer is the same all along.
    used = [axis for axis in range(len(shape)) if matrix[:, axis].any()]
    matrix, sizes = matrix[:, used], tuple(shape[axis] for axis in used)
    same = values.shape == sizes and np.allclose(
        np.abs(matrix - np.eye(*matrix.shape)) @ np.array(sizes) + np.abs(offset), 0, atol=_CLOSE
    )
    if not same:
        # scipy takes a matrix of one column too many for one that holds the offset.
        missing = max(0, len(used) - values.ndim)
        values = values[(np.newaxis,) * missing]
        matrix, offset = np.pad(matrix, ((missing, 0), (0, 0))), np.pad(offset, (missing, 0))
        # scipy takes no bool.
        dtype, view = values.dtype, np.dtype(np.uint8 if values.dtype.kind == "b" else values.dtype)
        values = affine_transform(
            values.view(view),
            matrix,
            # A center that lies between two pixels but for rounding goes the same way all over.
            np.round(offset, 9),
            sizes,
            view,
            order=0,
            mode="grid-constant",
            prefilter=False,
        ).view(dtype)
    full = tuple(size if axis in used else 1 for axis, size in enumerate(shape))
    return np.broadcast_to(values.reshape(full), shape).copy()


def _mask_of_shapes(layer: Shapes, source: Image, shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    matrix, offset = _affine(source, layer)
    for vertices, kind in zip(layer.data, layer.shape_type, strict=True):
        _add_shape(mask, np.asarray(vertices, np.float64), kind, matrix, offset)
    return mask


def _add_shape(
    mask: np.ndarray, vertices: np.ndarray, kind: str, matrix: np.ndarray, offset: np.ndarray
) -> None:
    """Set the pixels of a shape, plane by plane of the image.

    A shape lies in a plane of its layer and counts, as in napari, on the slices that its corners
    round to. Its corners are found in each of the image's planes, and it is filled there. One that
    stands upright on the image covers none of it.
    """
    flat = _plane_of(vertices)
    across = [axis for axis in range(len(offset)) if axis not in flat]
    low, high = (np.rint(f(vertices[:, across], axis=0)) for f in (np.min, np.max))
    if kind == "ellipse":
        vertices = _ellipse(vertices)
    draw = draw_path if kind in ("path", "line") else fill_polygon
    axes = _axes_onto(matrix[flat])
    others = [axis for axis in range(mask.ndim) if axis not in axes]
    onto, slopes = matrix[np.ix_(flat, axes)], matrix[np.ix_(across, axes)]
    if abs(np.linalg.det(onto)) < _EDGE_ON * np.abs(onto).max() ** 2:
        return
    planes = np.moveaxis(mask, others, range(len(others)))
    for index in np.ndindex(planes.shape[:-2]):
        here = offset + matrix[:, others] @ np.array(index, float)
        corners = (vertices[:, flat] - here[flat]) @ np.linalg.inv(onto).T
        if slopes.any():
            drawn = np.zeros(planes.shape[-2:], bool)
            draw(drawn, corners)
            pixels = np.argwhere(drawn)
            pixels = pixels[_within(here[across] + pixels @ slopes.T, low, high).all(axis=1)]
            planes[(*index, *pixels.T)] = True
        elif _within(here[across], low, high).all():
            draw(planes[index], corners)


def _plane_of(vertices: np.ndarray) -> list[int]:
    """The two axes that a shape extends along: the last ones where it leaves a choice."""
    extended = np.flatnonzero(np.ptp(vertices, axis=0)).tolist()[-2:]
    rest = [axis for axis in range(vertices.shape[1]) if axis not in extended]
    return sorted([*extended, *rest[len(rest) - 2 + len(extended) :]])


def _axes_onto(matrix: np.ndarray) -> list[int]:
    """The last two axes of the image that go well onto a plane: those napari shows, if they do."""
    pairs = list(combinations(range(matrix.shape[1]), 2))[::-1]
    areas = [abs(np.linalg.det(matrix[:, pair])) for pair in pairs]
    return list(next(p for p, area in zip(pairs, areas, strict=True) if area >= max(areas) / 10))


def _within(positions: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    slices = np.rint(np.round(positions, 6))
    return (low <= slices) & (slices <= high)


def _ellipse(corners: np.ndarray) -> np.ndarray:
    """The outline of the ellipse in a box, with the points that napari shows it with."""
    angles = np.linspace(0, 2 * np.pi, _ELLIPSE)[:, np.newaxis]
    one, other = (corners[1] - corners[0]) / 2, (corners[2] - corners[1]) / 2
    return corners.mean(axis=0) + np.cos(angles) * one + np.sin(angles) * other

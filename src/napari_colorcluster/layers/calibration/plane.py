"""The plane of an image that is seen: where positions lie in it, and its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.layers.images.axes import frame_shown, slider_axes

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image


@dataclass(frozen=True)
class Plane:
    """Two axes of an image, and where on the others.

    Attributes
    ----------
    axes : tuple of int
        The rows' and the columns' axis, in the image's order.
    index : tuple of (int, int)
        Each other axis, and where on it.
    """

    axes: tuple[int, int]
    index: tuple[tuple[int, int], ...] = ()

    @classmethod
    def shown(cls, viewer: ViewerModel, image: Image) -> Plane:
        """Find the plane of an image that a viewer shows.

        Raises
        ------
        ValueError
            Where it shows none.
        """
        offset = viewer.dims.ndim - image.ndim
        axes = sorted(axis - offset for axis in viewer.dims.displayed)
        if viewer.dims.ndisplay != 2:
            raise ValueError("A card or a gray patch is found in 2D only: view the image in 2D.")
        if axes[0] < 0:
            raise ValueError(f"The canvas shows no plane of {image.name!r}: roll the dimensions.")
        others = slider_axes(viewer, image)
        index = tuple((axis, frame_shown(viewer, image, axis)) for axis in others)
        return cls((axes[0], axes[1]), index)

    def cut(self, image: Any) -> Any:
        """The pixels of the plane, shape (rows, columns, 3 or 4), of an array or a picture."""
        if isinstance(image, Picture):
            return replace(image, pixels=self.cut(image.pixels))
        where = dict(self.index)
        return image[tuple(where.get(axis, slice(None)) for axis in range(len(where) + 2))]

    def lifted(self, points: np.ndarray) -> np.ndarray:
        """Rows and columns (n, 2) as positions in the image's data, shape (n, ndim)."""
        positions = np.empty((len(points), len(self.index) + 2))
        positions[:, self.axes] = points
        for axis, at in self.index:
            positions[:, axis] = at
        return positions

    def at(self, image: Image, world: Sequence[float]) -> np.ndarray:
        """Row and column of a position in the world of the image's viewer, shape (2,)."""
        data = np.asarray(image.world_to_data(world[len(world) - image.ndim :]))
        return data[list(self.axes)]

"""What a color space view shows of a segmentation, as a value; it takes long for many colors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.layers.color_space.points import ColorCells, ColorPoints
from napari_colorcluster.layers.result.segmentation import Segmentation


@dataclass(frozen=True, eq=False)
class ColorCloud:
    """An image's colors as points, with the clusters that they belong to.

    Attributes
    ----------
    title : str
        What it is of.
    points : ColorPoints
        The colors.
    label_colors : ndarray, shape (largest label + 1, 3), uint8
        What each label is painted in.
    cells : ColorCells
        What another cloud of the same colors can be made from.
    """

    title: str
    points: ColorPoints
    label_colors: np.ndarray
    cells: ColorCells

    @classmethod
    def of(
        cls, made: Segmentation, name: str = "image", before: ColorCloud | None = None
    ) -> ColorCloud | None:
        """Make the cloud of an image's own colors; None where it has none that take part.

        Parameters
        ----------
        made : Segmentation
            What was made of the image.
        name : str
            The image's name, for the title.
        before : ColorCloud, optional
            An earlier one: what it shares with the new one is not computed again.
        """
        clustering = made.clustering
        space = clustering.partition.space
        own = made.histogram
        if not len(own.colors):
            return None
        if before is not None and before.cells.is_of(own.colors, space):
            cells = before.cells
        else:
            cells = ColorCells(own.colors, own.counts, space)
        labels = clustering.labels if made.applied is None else clustering.predict(own.colors)
        title = f"{name} — colors in {space.color_space.title}"
        points = cells.points(labels.astype(np.int64, copy=False))
        return cls(title, points, clustering.label_colors, cells)

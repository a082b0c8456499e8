"""What a color space view shows of a segmentation, as a value; it takes long for many colors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.ranges.lasso import LassoRange
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
    white : tuple of float, optional
        The white point of the space, where it was told one.
    """

    title: str
    points: ColorPoints
    label_colors: np.ndarray
    cells: ColorCells
    white: tuple[float, float, float] | None = None

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
        title = f"{name} — colors in {space.color_space.title}"
        points = cells.points(made.labels.astype(np.int64, copy=False))
        white = clustering.keywords.get("white")
        return cls(title, points, clustering.label_colors, cells, white and tuple(white))

    def lasso(self, axes: np.ndarray, polygon: np.ndarray) -> LassoRange:
        """The range of colors whose positions a polygon encloses.

        Parameters
        ----------
        axes : ndarray, shape (2, 3), float64
            What positions are projected on.
        polygon : ndarray, shape (n, 2), float64
            The corners there.
        """
        # Digits that are far below a pixel would only be in the way in scripts and files.
        return LassoRange(
            _rounded(self.cells.unplaced_axes(axes), 7),
            _rounded(polygon, 5),
            self.cells.space.color_space.name,
            self.white,
        )

    def inside(self, lasso: LassoRange) -> np.ndarray:
        """Which points a lasso encloses: bool, shape (n_points,)."""
        return lasso.holds(self.cells.unplaced(self.points.positions))


def _rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """Round values so that the largest has some digits, and the others as many decimals."""
    decimals = digits - 1 - int(np.floor(np.log10(np.abs(values).max())))
    return np.round(values, decimals) + 0.0  # which makes 0 of -0

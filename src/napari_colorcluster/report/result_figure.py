"""One result as a matplotlib figure: picture, quantized picture and palette. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.display import Row
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.passes import as_numpy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_NAMES = 24
"""The most clusters that are named in the legend: those of the first rows."""

_BAR_WIDTH = 1000


def draw_result(
    figure: Figure,
    picture: np.ndarray,
    quantized: np.ndarray,
    palette: Palette,
    text_color: Any = "black",
) -> None:
    """Draw an image beside its quantized image, above the palette with names and shares.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared. Use ``layout="constrained"`` for the best fit.
    picture, quantized : ndarray, shape (Y, X, 3 or 4), uint8
        Both, as large as they are to be seen.
    palette : Palette
        The colors; the bar and its legend have its order.
    text_color : color, default "black"
        Color of texts.
    """
    from matplotlib.patches import Patch

    figure.clear()
    figure.patch.set_alpha(0)
    grid = figure.add_gridspec(2, 2, height_ratios=[8, 1])
    for column, (title, pixels) in enumerate((("image", picture), ("quantized", quantized))):
        axes = figure.add_subplot(grid[0, column])
        axes.imshow(pixels, interpolation="nearest")
        axes.set_title(title, fontsize=9, color=text_color)
        axes.set_axis_off()
    axes = figure.add_subplot(grid[1, :])
    axes.imshow(palette.bar(_BAR_WIDTH, 1), aspect="auto", interpolation="nearest")
    axes.set_axis_off()
    shown = palette.rows[:MAX_NAMES]
    figure.legend(
        handles=[
            Patch(
                color=row.hex,
                label=f"{row.label} {row.name}, {row.fraction:.1%}".replace("%", " %"),
            )
            for row in shown
        ],
        loc="outside lower center",
        ncols=min(4, len(shown)),
        fontsize=8,
        frameon=False,
        labelcolor=text_color,
    )


def small_plane(image: Any, side: int = 800) -> np.ndarray:
    """Take every n-th pixel of an image, of a stack's middle plane, so that it is small.

    Parameters
    ----------
    image : array, shape (..., Y, X, C)
        numpy or dask.
    side : int, default 800
        The longest side that it may have.
    """
    plane = image[tuple(size // 2 for size in image.shape[:-3])]
    step = -(-max(plane.shape[:2]) // side)
    return as_numpy(plane[::step, ::step])


def _legend(row: Row) -> str:
    return f"{row.label} {row.name}, {100 * row.fraction:.1f} %"

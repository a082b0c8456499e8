"""A calibration's patches as a matplotlib figure, before and after. Computes no differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.color.calibration.calibration import Calibration
    from napari_colorcluster.core.color.calibration.records import Patch

_FRAME, _GAP = 0.1, 0.04
"""The width of a patch's frame, and half the gap between patches, in parts of a patch."""

_MOST_COLUMNS = 8
"""Beyond these, patches are too small for numbers."""


def draw_patches(figure: Figure, calibration: Calibration, text_color: Any = "black") -> None:
    """Draw a card's patches, each framed by its true color, with their ΔE2000.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent.
    calibration : Calibration
        Of each patch, its upper half is as measured and its lower half as calibrated. A cross is
        on those that were not used.
    text_color : color, default "black"
        Color of what is on no patch.
    """
    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal")
    patches = calibration.records
    if not patches:
        return
    rows = np.array([patch.row for patch in patches])
    columns = np.array([patch.column for patch in patches])
    axes.set_xlim(columns.min() - 0.5, columns.max() + 0.5)
    axes.set_ylim(rows.max() + 0.5, rows.min() - 0.5)
    with_numbers = np.ptp(columns) < _MOST_COLUMNS
    for patch in patches:
        _draw_patch(axes, patch, calibration, text_color, with_numbers)


def _draw_patch(
    axes: Axes, patch: Patch, calibration: Calibration, text_color: Any, with_numbers: bool
) -> None:
    side = 1 - 2 * _GAP
    left, top = patch.column - side / 2, patch.row - side / 2
    _fill(axes, left, top, side, side, np.array(patch.reference) / 255)
    if patch.measured is None:
        _cross(axes, patch, text_color)
        return
    measured = np.array([patch.measured]) / 255
    inner = side - 2 * _FRAME
    halves = (
        (measured[0], patch.delta_e_before),
        (calibration.transform(measured)[0], patch.delta_e_after),
    )
    for half, (color, delta_e) in enumerate(halves):
        y = top + _FRAME + half * inner / 2
        _fill(axes, left + _FRAME, y, inner, inner / 2, color)
        if with_numbers and delta_e is not None and not patch.reason:
            axes.text(
                patch.column,
                y + inner / 4,
                f"{delta_e:.1f}",
                color=_readable_on(color),
                fontsize=7,
                ha="center",
                va="center_baseline",
            )
    if patch.reason:
        _cross(axes, patch, _readable_on(measured[0]))


def _fill(axes: Axes, x: float, y: float, width: float, height: float, color: np.ndarray) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), width, height, color=np.clip(color, 0, 1), linewidth=0))


def _cross(axes: Axes, patch: Patch, color: Any) -> None:
    reach = np.array([-1, 1]) * 0.25
    for rise in (1, -1):
        axes.plot(patch.column + reach, patch.row + rise * reach, color=color, linewidth=1.5)


def _readable_on(color: np.ndarray) -> str:
    return "black" if np.clip(color, 0, 1) @ [0.299, 0.587, 0.114] > 0.5 else "white"

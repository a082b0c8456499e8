"""The patches of a card, drawn: in their places, their colors and with their numbers."""

from dataclasses import replace

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from napari_colorcluster import Calibration
from napari_colorcluster.report.calibration_figure import draw_patches


def drawn(calibration):
    figure = Figure()
    draw_patches(figure, calibration)
    figure.draw_without_rendering()
    return figure.axes[0]


def fills(axes, row, column):
    """The colors at a place, from the frame to the lower half."""
    return [
        255 * np.array(to_rgb(each.get_facecolor()))
        for each in axes.patches
        if isinstance(each, Rectangle)
        and abs(each.get_x() + each.get_width() / 2 - column) < 0.4
        and abs(each.get_y() + each.get_height() / 2 - row) < 0.4
    ]


def test_each_patch_is_framed_by_its_true_color_measured_above_and_calibrated_below(calibration):
    axes = drawn(calibration)
    for patch in calibration.records:
        frame, above, below = fills(axes, patch.row, patch.column)
        np.testing.assert_allclose(frame, np.clip(patch.reference, 0, 255), atol=1e-9)
        np.testing.assert_allclose(above, patch.measured)
        expected = calibration.transform(np.array([patch.measured]) / 255)[0]
        np.testing.assert_allclose(below, 255 * np.clip(expected, 0, 1))


def test_its_numbers_are_the_differences_before_and_after(calibration):
    axes = drawn(calibration)
    written = [text.get_text() for text in axes.texts]
    used = [patch for patch in calibration.records if not patch.reason]
    assert written == [
        f"{number:.1f}" for patch in used for number in (patch.delta_e_before, patch.delta_e_after)
    ]
    assert len(axes.lines) == 2 * (len(calibration.records) - len(used))


def test_what_was_not_used_is_crossed_out(calibration):
    first, second, *rest = calibration.records
    unseen = replace(first, measured=None, delta_e_before=None, delta_e_after=None, reason="masked")
    shaded = replace(second, reason="shaded")
    axes = drawn(replace(calibration, records=(unseen, shaded, *rest)))
    assert len(fills(axes, first.row, first.column)) == 1
    for patch in (first, second):
        here = np.array([patch.column, patch.row])
        middles = [line.get_xydata().mean(axis=0) for line in axes.lines]
        assert sum(np.allclose(middle, here) for middle in middles) == 2
        assert not any((np.abs(text.get_position() - here) < 0.5).all() for text in axes.texts)


def test_of_a_card_with_many_patches_no_numbers_are_written(calibration):
    patch = calibration.records[0]
    many = tuple(replace(patch, column=column) for column in range(14))
    axes = drawn(replace(calibration, records=many))
    assert len(axes.patches) == 3 * 14
    assert not axes.texts


def test_a_calibration_without_patches_is_an_empty_figure():
    axes = drawn(Calibration("white_balance", np.eye(3)))
    assert not axes.patches

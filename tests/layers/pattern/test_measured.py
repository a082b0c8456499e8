"""What is found in what was measured: patches by a pixel and by a row, and boundaries."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.layers.pattern.measured import Measured, boundary_image

PALETTE = ncc.Palette([[200, 30, 30], [30, 30, 200], [30, 30, 201]], [0, 0, 0], ("a", "b", "c"))


def measured(labels):
    pattern = ncc.measure_pattern(labels, PALETTE)
    return Measured(pattern, pattern.patches(), pattern.label_patches())


@pytest.fixture
def random():
    return np.random.default_rng(0).integers(0, 4, (3, 20, 30), np.uint8)


def test_each_pixel_is_in_the_patch_of_its_row(random):
    found = measured(random)
    for index in np.ndindex(random.shape):
        row = found.row_at(index)
        if random[index] == 0:
            assert row is None
            continue
        assert found.patches["cluster"][row] == random[index]
        mask, (plane, top, left) = found.mask_of(row)
        assert plane == index[0]
        assert mask[index[1] - top, index[2] - left]
        assert mask.sum() == found.patches["pixels"][row]
    assert found.row_at((0, 0, 30)) is None
    assert found.row_at((-1, 0, 0)) is None


def test_nothing_is_found_where_patches_were_left_out(random):
    assert Measured(ncc.measure_pattern(random), None, None).row_at((0, 0, 0)) is None


def test_boundaries_are_painted_with_their_color_difference():
    labels = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [0, 0, 0, 2], [3, 3, 0, 2]], np.uint8)
    painted = boundary_image(ncc.measure_pattern(labels, PALETTE))
    across = delta_e(PALETTE.colors[:1], PALETTE.colors[1:2]).item()
    expected = np.zeros((4, 4))
    expected[:2, 1:3] = across
    np.testing.assert_allclose(painted, expected, rtol=1e-6)


def test_of_two_boundaries_the_stronger_one_is_painted(random):
    pattern = ncc.measure_pattern(random, PALETTE)
    painted = boundary_image(pattern)
    table = np.zeros((4, 4))
    for row in pattern.boundaries().itertuples():
        table[row.first, row.second] = table[row.second, row.first] = row.dE
    padded = np.pad(random, ((0, 0), (1, 1), (1, 1)))
    neighbors = [
        padded[:, 1:-1, 2:],
        padded[:, 1:-1, :-2],
        padded[:, 2:, 1:-1],
        padded[:, :-2, 1:-1],
    ]
    expected = np.max([table[random, each] for each in neighbors], axis=0)
    np.testing.assert_allclose(painted, expected, rtol=1e-6)


def test_boundaries_of_equal_colors_are_seen():
    palette = ncc.Palette([[9, 9, 9], [9, 9, 9]], [0, 0], ("a", "b"))
    assert (boundary_image(ncc.measure_pattern(np.array([[1, 2]]), palette)) > 0).all()

"""Which way a card is drawn between corners that are on their way."""

import numpy as np
import pytest

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.layers.calibration.turn import turn_by_patches, turn_by_sides

CARD = find_card("ColorChecker Classic")
BOX = np.array([[0, 0], [0, 1], [1, 1], [1, 0]])


@pytest.mark.parametrize(("size", "turn"), [((20, 30), 0), ((30, 20), 1)])
def test_the_longer_side_lies_along_the_longer_one(size, turn):
    corners = BOX * size
    assert turn_by_sides(corners, CARD) == turn
    assert turn_by_sides(np.roll(corners, 1, axis=0), CARD) == 1 - turn


@pytest.mark.parametrize("seed", range(6))
def test_even_patches_tell_however_the_card_is_seen(see_card, random_camera, seed):
    rng = np.random.default_rng(seed)
    scene = see_card(random_camera(rng), rng)
    for begin in range(4):
        corners = np.roll(scene.upright, begin, axis=0)
        for before in (0, 1):
            assert turn_by_patches(scene.image, corners, CARD, before) == begin % 2


def test_in_doubt_nothing_jumps(see_card, random_camera):
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (60, 80, 3), np.uint8)
    for before in (0, 1):
        assert turn_by_patches(image, BOX * [50, 70] + 200, CARD, before) == before
        assert turn_by_patches(image, BOX * [50, 70], CARD, before) == before

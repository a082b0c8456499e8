"""A card seen by a made-up camera: what is true of it is known."""

from dataclasses import dataclass

import numpy as np
import pytest
from skimage.transform import estimate_transform

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.color.srgb import encode_gamma

HEIGHT, WIDTH = 240, 340


@dataclass(frozen=True)
class Camera:
    """From the light of sRGB to 8 bits: a matrix, and a power or else sRGB's curve."""

    matrix: np.ndarray
    gamma: float | None = None

    @classmethod
    def random(cls, rng):
        matrix = np.eye(3) + rng.uniform(-0.15, 0.15, (3, 3))
        gains = rng.uniform(0.6, 1, (3, 1))
        return cls(matrix * gains / matrix.sum(axis=1, keepdims=True), rng.uniform(1.8, 2.6))

    def see(self, linear, noise=0.0, rng=None):
        light = np.clip(linear @ self.matrix.T, 0, 1)
        seen = 255 * (light ** (1 / self.gamma) if self.gamma else encode_gamma(light))
        if noise:
            seen = seen + rng.normal(0, noise, seen.shape)
        return np.clip(np.rint(seen), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Scene:
    """An image of a card, its corners in some order and in that in which the card is read, and
    where on the card each pixel is.
    """

    image: np.ndarray
    corners: np.ndarray
    upright: np.ndarray
    on_card: np.ndarray


def _see_card(
    camera,
    rng,
    *,
    card="ColorChecker Classic",
    gradient=0.2,
    noise=1.5,
    shadow=None,
    mirrored=False,
    size=(HEIGHT, WIDTH),
):
    """Look at a card, somehow turned and at an angle, in a light that changes across the image."""
    height, width = size
    card = find_card(card)
    upright = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]])
    corners = np.roll(upright + rng.uniform(-0.08, 0.08, (4, 2)), rng.integers(4), axis=0)
    if mirrored:
        corners = corners[::-1]
    corners = corners * [width, height]
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    rows, columns = np.mgrid[:height, :width].reshape(2, -1)
    on_card = estimate_transform("projective", corners, square)(np.column_stack([columns, rows]))
    linear = np.full((height * width, 3), 0.25)
    linear[((on_card > 0) & (on_card < 1)).all(axis=1)] = 0.03
    for (x, y, w, h), light in zip(card.boxes, np.clip(card.linear, 0, 1), strict=True):
        inside = np.abs(on_card - [x, y]) < [w / 2, h / 2]
        linear[inside.all(axis=1)] = light
    toward = rng.uniform(0, 2 * np.pi)
    across = np.cos(toward) * (2 * columns / width - 1) + np.sin(toward) * (2 * rows / height - 1)
    light = 1 + gradient * across
    if shadow is not None:
        light = light * np.where(shadow(*on_card.T), 0.45, 1)
    image = camera.see(linear * light[:, np.newaxis], noise, rng).reshape(height, width, 3)
    some_order = corners[rng.permutation(4), ::-1]
    return Scene(image, some_order, corners[:, ::-1], on_card.reshape(height, width, 2))


@pytest.fixture(scope="session")
def see_card():
    return _see_card


@pytest.fixture(scope="session")
def random_camera():
    return Camera.random


@pytest.fixture(scope="session")
def true_camera():
    """A camera that shows sRGB as it is."""
    return Camera(np.eye(3))


@pytest.fixture(scope="session")
def calibration():
    """A calibration by a card of an odd camera."""
    from napari_colorcluster import Calibration

    rng = np.random.default_rng(3)
    scene = _see_card(Camera.random(rng), rng)
    return Calibration.from_card(scene.image, scene.corners)

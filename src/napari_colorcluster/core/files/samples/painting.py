"""How samples are painted: rough surfaces, soft edges, and shares that come out exactly."""

from __future__ import annotations

import numpy as np

Color = tuple[float, float, float]
"""sRGB, 0..255."""


def grid(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each pixel from the middle of a picture, in parts of half its height."""
    rows, columns = (np.arange(n) - (n - 1) / 2 for n in shape)
    return np.meshgrid(rows / (shape[0] / 2), columns / (shape[0] / 2), indexing="ij")


def roughness(random: np.random.Generator, shape: tuple[int, ...], *sigmas: float) -> np.ndarray:
    """Noise of one or several grains, each of standard deviation 1, divided by their number."""
    from scipy.ndimage import gaussian_filter

    total = np.zeros(shape)
    for sigma in sigmas:
        # Coarse noise has no detail that a smaller field would lack.
        step = max(int(sigma // 3), 1)
        small = tuple(-(-n // step) for n in shape)
        field = gaussian_filter(random.standard_normal(small), sigma / step, mode="wrap")
        field /= field.std()
        total += _enlarged(field, step, shape)
    return total / len(sigmas)


def soft(mask: np.ndarray, width: float = 0.8) -> np.ndarray:
    """A mask whose edges are as blurred as a lens leaves them: 0..1."""
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(mask.astype(float), width)


def paint(canvas: np.ndarray, cover: np.ndarray, color: Color | np.ndarray) -> None:
    """Lay a color over a canvas of floats, shape (rows, columns, 3), where a cover of 0..1 says."""
    cover = cover[..., np.newaxis]
    canvas *= 1 - cover
    canvas += cover * np.asarray(color, float)


def highest(height: np.ndarray, n_pixels: int) -> np.ndarray:
    """A mask of exactly so many pixels: those of the greatest height."""
    mask = np.zeros(height.shape, bool)
    if n_pixels:
        mask.flat[np.argsort(height, axis=None, kind="stable")[-n_pixels:]] = True
    return mask


def finished(canvas: np.ndarray) -> np.ndarray:
    """A canvas as 8-bit colors."""
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8)


def _enlarged(field: np.ndarray, step: int, shape: tuple[int, ...]) -> np.ndarray:
    from scipy.ndimage import zoom

    if step == 1:
        return field
    return zoom(field, step, order=1)[tuple(map(slice, shape))]

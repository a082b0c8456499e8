"""Pictures that are unlike photographs: mostly one color, smooth, gray, or noise. All generated."""

import numpy as np


def dark_field(rng, shape):
    """Faint specimens on black, with a few highlights: a mean of about 3."""
    glow = spots(rng, shape, n=120, sizes=(1, 6), peaks=(20, 214))
    tints = np.stack([glow, 0.85 * glow**1.02, 0.6 * glow**1.05], axis=-1)
    return as_bytes(tints + rng.gamma(1.2, 0.9, (*shape, 3)))


def fluorescence(rng, shape):
    """Two stains of cells, in green and blue, on a dim background."""
    green = spots(rng, shape, n=60, sizes=(8, 22), peaks=(30, 180))
    blue = spots(rng, shape, n=60, sizes=(4, 9), peaks=(60, 230))
    red = 0.08 * green + 0.03 * blue
    return as_bytes(rng.poisson(np.stack([red, green + 4, blue + 6], axis=-1) + 1.5))


def scan(rng, shape):
    """A sheet of near-white paper with dark writing and one colored stamp."""
    rows, columns = np.indices(shape)
    height, width = shape
    strokes = (rng.random((height, width // 4 + 1)) < 0.4).repeat(4, axis=1)[:, :width]
    ink = (rows % 24 < 9) & strokes
    ink &= (abs(rows / height - 0.45) < 0.35) & (abs(columns / width - 0.5) < 0.4)
    paper = np.array([246.0, 243.0, 235.0]) - 0.008 * columns[..., np.newaxis]
    page = np.where(ink[..., np.newaxis], [42.0, 40.0, 48.0], paper)
    ring = np.abs(np.hypot(rows - 0.83 * height, columns - 0.78 * width) - height / 12) < 8
    page = np.where(ring[..., np.newaxis], [176.0, 40.0, 52.0], page)
    return as_bytes(blurred(page, 0.8) + rng.normal(0, 1.5, (*shape, 3)))


def blank_slide(rng, shape):
    """A bright, empty slide with little stained tissue in a corner."""
    stain = spots(rng, shape, n=25, sizes=(6, 25), peaks=(0.2, 1.0))
    stain[:, shape[1] // 3 :] *= 0.05
    absorbed = stain[..., np.newaxis] * [0.35, 0.9, 0.4]
    return as_bytes(238 * np.exp(-absorbed) + rng.normal(0, 1.2, (*shape, 3)))


def night(rng, shape):
    """A city at night: a dark gradient, with lamps of many colors."""
    sky = np.linspace(22, 4, shape[0])[:, np.newaxis, np.newaxis] * [0.5, 0.6, 1.0]
    lamps = sum(
        spots(rng, shape, n=30, sizes=(1, 8), peaks=(60, 260))[..., np.newaxis] * tint
        for tint in ([1, 0.75, 0.35], [0.9, 0.95, 1.0], [1, 0.2, 0.15], [0.25, 1, 0.5])
    )
    return as_bytes(sky + lamps + rng.normal(0, 1.5, (*shape, 3)))


def gradient(rng, shape):
    """A smooth gradient through many hues, without noise."""
    from skimage.color import hsv2rgb

    rows, columns = np.indices(shape) / np.reshape(shape, (2, 1, 1))
    hsv = np.stack([0.9 * columns, 0.3 + 0.5 * rows, 0.9 - 0.4 * rows * columns], axis=-1)
    return as_bytes(255 * hsv2rgb(hsv))


def gray_as_rgb(rng, shape):
    """A gray picture in three channels: at most 256 distinct colors, all on one line."""
    rows, columns = np.indices(shape)
    gray = 128 + 80 * np.sin(rows / 45) * np.cos(columns / 70) + rng.normal(0, 6, shape)
    return as_bytes(np.repeat(gray[..., np.newaxis], 3, axis=-1))


def faint_noise(rng, shape):
    """One color with noise of low amplitude."""
    return as_bytes(rng.normal([120, 131, 96], [2.0, 1.5, 2.5], (*shape, 3)))


ODD_PICTURES = [
    dark_field,
    fluorescence,
    scan,
    blank_slide,
    night,
    gradient,
    gray_as_rgb,
    faint_noise,
]


def odd_pictures(scale=1.0):
    """All of them by name; the same on every run. `scale` is a factor on the number of pixels."""
    shape = round(600 * scale**0.5), round(800 * scale**0.5)
    return {
        make.__name__: make(np.random.default_rng(number), shape)
        for number, make in enumerate(ODD_PICTURES)
    }


def spots(rng, shape, n, sizes, peaks):
    """Blurred spots at random places."""
    image = np.zeros(shape)
    places = rng.random((n, 2)) * shape
    radii, heights = rng.uniform(*sizes, n), rng.uniform(*peaks, n)
    for (row, column), radius, height in zip(places, radii, heights, strict=True):
        reach = int(4 * radius) + 1
        rows, columns = (
            np.arange(max(int(at) - reach, 0), min(int(at) + reach, size))
            for at, size in zip((row, column), shape, strict=True)
        )
        square = (rows[:, np.newaxis] - row) ** 2 + (columns - column) ** 2
        image[np.ix_(rows, columns)] += height * np.exp(-square / (2 * radius**2))
    return image


def blurred(image, sigma):
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(image, (sigma, sigma, 0))


def as_bytes(image):
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)

"""Pictures that are unlike photographs: mostly one color, smooth, gray, or noise. All generated."""

import numpy as np


def dark_field(rng, shape=(600, 800)):
    """Faint specimens on black, with a few highlights: a mean of about 3."""
    glow = spots(rng, shape, n=120, sizes=(1, 6), peaks=(20, 214))
    tints = np.stack([glow, 0.85 * glow**1.02, 0.6 * glow**1.05], axis=-1)
    return as_bytes(tints + rng.gamma(1.2, 0.9, (*shape, 3)))


def fluorescence(rng, shape=(600, 800)):
    """Two stains of cells, in green and blue, on a dim background."""
    green = spots(rng, shape, n=60, sizes=(8, 22), peaks=(30, 180))
    blue = spots(rng, shape, n=60, sizes=(4, 9), peaks=(60, 230))
    red = 0.08 * green + 0.03 * blue
    return as_bytes(rng.poisson(np.stack([red, green + 4, blue + 6], axis=-1) + 1.5))


def scan(rng, shape=(600, 800)):
    """A sheet of near-white paper with dark writing and one colored stamp."""
    rows, columns = np.indices(shape)
    ink = (rows % 24 < 9) & (rng.random((shape[0], -(-shape[1] // 4))) < 0.4).repeat(4, axis=1)[
        :, : shape[1]
    ]
    ink &= (rows > 60) & (rows < 480) & (columns > 80) & (columns < 720)
    paper = np.array([246.0, 243.0, 235.0]) - 0.008 * columns[..., np.newaxis]
    page = np.where(ink[..., np.newaxis], [42.0, 40.0, 48.0], paper)
    ring = np.abs(np.hypot(rows - 500, columns - 620) - 50) < 8
    page = np.where(ring[..., np.newaxis], [176.0, 40.0, 52.0], page)
    return as_bytes(blurred(page, 0.8) + rng.normal(0, 1.5, (*shape, 3)))


def blank_slide(rng, shape=(600, 800)):
    """A bright, empty slide with little stained tissue in a corner."""
    stain = spots(rng, shape, n=25, sizes=(6, 25), peaks=(0.2, 1.0))
    stain[:, shape[1] // 3 :] *= 0.05
    absorbed = stain[..., np.newaxis] * [0.35, 0.9, 0.4]
    return as_bytes(238 * np.exp(-absorbed) + rng.normal(0, 1.2, (*shape, 3)))


def night(rng, shape=(600, 800)):
    """A city at night: a dark gradient, with lamps of many colors."""
    sky = np.linspace(22, 4, shape[0])[:, np.newaxis, np.newaxis] * [0.5, 0.6, 1.0]
    lamps = sum(
        spots(rng, shape, n=30, sizes=(1, 8), peaks=(60, 260))[..., np.newaxis] * tint
        for tint in ([1, 0.75, 0.35], [0.9, 0.95, 1.0], [1, 0.2, 0.15], [0.25, 1, 0.5])
    )
    return as_bytes(sky + lamps + rng.normal(0, 1.5, (*shape, 3)))


def gradient(rng, shape=(600, 800)):
    """A smooth gradient through many hues, without noise."""
    from skimage.color import hsv2rgb

    rows, columns = np.indices(shape) / np.reshape(shape, (2, 1, 1))
    hsv = np.stack([0.9 * columns, 0.3 + 0.5 * rows, 0.9 - 0.4 * rows * columns], axis=-1)
    return as_bytes(255 * hsv2rgb(hsv))


def gray_as_rgb(rng, shape=(600, 800)):
    """A gray picture in three channels: at most 256 distinct colors, all on one line."""
    rows, columns = np.indices(shape)
    gray = 128 + 80 * np.sin(rows / 45) * np.cos(columns / 70) + rng.normal(0, 6, shape)
    return as_bytes(np.repeat(gray[..., np.newaxis], 3, axis=-1))


def faint_noise(rng, shape=(600, 800)):
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


def odd_pictures():
    """All of them by name; the same on every run."""
    return {
        make.__name__: make(np.random.default_rng(number))
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

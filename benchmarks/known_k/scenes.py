"""Pictures whose number of colors is known: painted at random, and photos that a person annotated.

Rules are tuned on patches of random paints (`patches`) and held out on shapes in named colors
(`shapes`): paints, layout, light and noise of the two have nothing in common but the number of
paints and how far apart these are.
"""

import io
from dataclasses import dataclass

import numpy as np
from photos import bundled_photos, resized
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.color import deltaE_ciede2000, rgb2lab

SHAPE = (120, 180)
SHARES = 0.01, 0.05
"""The least share of a paint, drawn between these."""
APART = {"tuning": (10.0, 15.0, 20.0), "hold-out": (8.0, 12.0, 16.0)}
"""The least ΔE2000 between two paints of a picture: one of these."""
N_CELLS = 70

# How many colors a person would name, from the fewest to the most: judged by one person, by eye.
ANNOTATED = {
    "tuning": {
        "coffee": (4, 6),  # wood, saucer, cup, coffee, shade; steel
        "astronaut": (5, 8),  # orange, white, black, backdrop, skin; navy, red, brown
        "immunohistochemistry": (3, 4),  # brown, blue, white; dark brown
        "china": (5, 7),  # sky, water, green, red, orange; shade, teal
    },
    "hold-out": {
        "chelsea": (3, 5),  # fur, pale wall, shade; pink, eyes
        "rocket": (3, 5),  # navy, black, white; blue, amber
        "retina": (3, 4),  # black, orange-red, dark red; bright disk
        "hubble_deep_field": (2, 4),  # black, white; orange, blue
        "flower": (3, 5),  # dark, teal, orange; peach, green
        "logo": (3, 5),  # white, green, orange; two shades
    },
}


@dataclass(frozen=True)
class Scene:
    """A picture and how many colors it has, as a range."""

    name: str
    image: np.ndarray
    least: int
    most: int


def scenes(which, n_each, most_paints):
    """Yield the painted pictures of a set, `n_each` for each number of paints from 2 on."""
    make, seed = (patches, 1) if which == "tuning" else (shapes, 2)
    for n_paints in range(2, most_paints + 1):
        for index in range(n_each):
            random = np.random.default_rng([seed, n_paints, index])
            image = make(n_paints, random)
            yield Scene(f"{make.__name__} {n_paints}.{index}", image, n_paints, n_paints)


def photos(which):
    """Yield the annotated photos of a set."""
    from skimage import data

    known = ANNOTATED[which]
    images = bundled_photos([name for name in known if name != "logo"])
    if "logo" in known:
        images["logo"] = data.logo()[..., :3]
    for name, image in images.items():
        yield Scene(name, resized(image, 0.06), *known[name])


def patches(n_paints, random):
    """Voronoi cells in random paints, lit from a side, with shadows, highlights and noise."""
    # Half of the palettes are muted: of a part of all colors.
    width = random.choice([0.6, 1.0])
    lowest = random.uniform(0, 1 - width, 3)
    colors = _apart("tuning", lambda: random.uniform(lowest, lowest + width), n_paints, random)
    shares = _shares(n_paints, random)
    labels = _voronoi(shares, random)
    image = colors[labels]
    if random.random() < 0.5:
        image = image * _gradient(random, random.uniform(0.5, 0.9))
    if random.random() < 0.3:
        image = image * (1 - random.uniform(0.2, 0.5) * _blob(random))
    if random.random() < 0.3:
        image = 1 - (1 - image) * (1 - random.uniform(0.2, 0.6) * _blob(random) ** 4)
    if random.random() < 0.5:
        image = gaussian_filter(image, (*[random.uniform(0.4, 1.2)] * 2, 0))
    if random.random() < 0.7:
        image = image + random.normal(0, random.uniform(1, 10) / 255, image.shape)
    return _stored(image, random)


def shapes(n_paints, random):
    """Disks, bars and leaves on a ground in named colors, with a vignette, texture and grain."""
    from matplotlib.colors import CSS4_COLORS, to_rgb

    named = np.array([to_rgb(color) for color in CSS4_COLORS.values()])
    colors = _apart("hold-out", lambda: named[random.integers(len(named))], n_paints, random)
    fine = tuple(3 * size for size in SHAPE)
    wanted = _shares(n_paints, random) * np.prod(fine)
    labels = np.zeros(fine, int)
    for paint in random.permutation(np.arange(1, n_paints)):
        for _ in range(400):
            if np.count_nonzero(labels == paint) >= wanted[paint]:
                break
            # A later shape covers the ground alone, so that no paint is lost.
            labels[_shape(fine, wanted[paint], random) & (labels == 0)] = paint
    image = colors[labels]
    image = image.reshape(SHAPE[0], 3, SHAPE[1], 3, 3).mean(axis=(1, 3))
    if random.random() < 0.5:
        rows, columns = (np.linspace(-1, 1, size) for size in SHAPE)
        away = rows[:, np.newaxis] ** 2 + columns**2
        image = image * (1 - random.uniform(0.1, 0.25) * away)[..., np.newaxis]
    if random.random() < 0.4:
        texture = gaussian_filter(random.standard_normal(SHAPE), (1, random.uniform(2, 9)))
        image = image * (1 + random.uniform(0.02, 0.1) * texture / texture.std())[..., np.newaxis]
    if random.random() < 0.7:
        grain = random.normal(0, random.uniform(0.5, 8) / 255, SHAPE)
        image = image + gaussian_filter(grain, random.uniform(0, 0.6))[..., np.newaxis]
    return _stored(image, random)


def _apart(which, draw, n_paints, random):
    """Draw colors in [0, 1] until each is apart from the others."""
    least = random.choice(APART[which])
    colors = [draw()]
    while len(colors) < n_paints:
        lab, other = rgb2lab(np.array(colors)), draw()
        if deltaE_ciede2000(lab, rgb2lab(other[np.newaxis])).min() >= least:
            colors.append(other)
    return np.array(colors)


def _shares(n_paints, random):
    """Uneven shares of which each is at least one in some hundred, largest first."""
    least = random.uniform(*SHARES)
    shares = random.dirichlet(np.full(n_paints, random.choice([0.7, 2, 10])))
    return np.sort(least + (1 - n_paints * least) * shares)[::-1]


def _voronoi(shares, random):
    """The paint of each pixel: cells, each paint's together about as large as its share."""
    from scipy.spatial import cKDTree

    places = np.stack(np.indices(SHAPE), axis=-1).reshape(-1, 2)
    cells = cKDTree(random.uniform(0, SHAPE, (N_CELLS, 2))).query(places)[1]
    sizes = np.bincount(cells, minlength=N_CELLS)
    lacking, paint_of = shares * len(places), np.full(N_CELLS, -1)

    def give(cell, paint):
        paint_of[cell] = paint
        lacking[paint] -= sizes[cell]

    # Each paint gets the cell that fits it best, the smallest first; then what it lacks.
    for paint in range(len(shares))[::-1]:
        give(np.argmin(np.abs(sizes - lacking[paint]) + len(places) * (paint_of >= 0)), paint)
    for cell in np.argsort(-sizes):
        if paint_of[cell] < 0:
            fitting = np.flatnonzero(lacking >= sizes[cell])
            give(cell, random.choice(fitting) if len(fitting) else np.argmax(lacking))
    return paint_of[cells].reshape(SHAPE)


def _shape(size, wanted, random):
    """Where a disk, a bar or a leaf lies, no larger than what is wanted of its paint."""
    rows, columns = np.indices(size)
    center = random.uniform(0, size)
    turn = random.uniform(0, np.pi)
    down, right = rows - center[0], columns - center[1]
    along = down * np.cos(turn) + right * np.sin(turn)
    across = right * np.cos(turn) - down * np.sin(turn)
    area = wanted * random.uniform(0.2, 1)
    ratio = random.choice([1, 2, 5])
    half = np.sqrt(area / np.pi / ratio)
    if random.random() < 0.5:
        return (along / (half * ratio)) ** 2 + (across / half) ** 2 < 1
    return (np.abs(along) < half * ratio * 0.88) & (np.abs(across) < half * 0.88)


def _gradient(random, darkest):
    down, right = np.mgrid[-1 : 1 : SHAPE[0] * 1j, -1 : 1 : SHAPE[1] * 1j]
    turn = random.uniform(0, 2 * np.pi)
    slope = (down * np.cos(turn) + right * np.sin(turn)) / (2 * np.sqrt(2)) + 0.5
    return (darkest + (1 - darkest) * slope)[..., np.newaxis]


def _blob(random):
    """A soft spot from 0 to 1."""
    rows, columns = np.indices(SHAPE)
    row, column = random.uniform(0, SHAPE)
    width = random.uniform(15, 40)
    away = (rows - row) ** 2 + (columns - column) ** 2
    return np.exp(-away / (2 * width**2))[..., np.newaxis]


def _stored(image, random):
    """As 8 bits, half of them as a camera's JPEG."""
    pixels = np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
    if random.random() < 0.5:
        return pixels
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=int(random.integers(60, 96)))
    return np.asarray(Image.open(file))

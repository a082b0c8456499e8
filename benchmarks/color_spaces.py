"""How well k-means does in each color space, on photos, paints and stains.

    python benchmarks/color_spaces.py [--each N]

Photos: the ΔE2000 of pixels to the color of their cluster, k = 8; the median over nine photos of
its mean. Paints and stains: the share of pixels in the cluster of their own paint or tissue, with
as many clusters as there are, mean over the scenes. The scenes are made here, with noise of four
gray levels.
"""

import argparse

import numpy as np
from photos import bundled_photos, resized
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from skimage.color import deltaE_ciede2000, rgb2lab, rgb_from_hed
from sklearn.metrics import confusion_matrix

import napari_colorcluster as ncc

SHAPE = (120, 180)
N_CELLS = 60
N_PAINTS = 6
APART = 12
"""The least ΔE2000 of two paints."""
GRAY = 0.3
"""The light at the dark end of a scene that is lit unevenly, in parts of that at the bright end."""

# Optical densities of hematoxylin and eosin: background, nuclei, cytoplasm.
TISSUES = np.array([[0.02, 0.02], [0.9, 0.25], [0.1, 0.6]])
STRENGTH = 0.5
"""How much the strength of a stain varies from cell to cell: the spread of its logarithm."""


def cells(random, n):
    """The number of each pixel's cell, and what each of the cells is made of."""
    places = np.stack(np.indices(SHAPE), axis=-1).reshape(-1, 2)
    cell = cKDTree(random.uniform(0, SHAPE, (N_CELLS, 2))).query(places)[1].reshape(SHAPE)
    made_of = random.permutation(np.arange(N_CELLS) % n)
    return cell, made_of


def paints(random, *, even):
    """Cells in paints, and the paint of each pixel."""
    colors = [random.uniform(0.1, 0.95, 3)]
    while len(colors) < N_PAINTS:
        lab, other = rgb2lab(np.array(colors)), random.uniform(0.1, 0.95, 3)
        if deltaE_ciede2000(lab, rgb2lab(other[np.newaxis])).min() >= APART:
            colors.append(other)
    cell, made_of = cells(random, N_PAINTS)
    linear = np.array(colors)[made_of[cell]] ** 2.2
    light = 1.0 if even else np.linspace(1, GRAY, SHAPE[1])[np.newaxis, :, np.newaxis]
    return photographed((linear * light) ** (1 / 2.2), random), made_of[cell]


def stained(random):
    """Cells of tissue in hematoxylin and eosin, and the tissue of each pixel."""
    cell, made_of = cells(random, len(TISSUES))
    strength = np.exp(random.normal(0, STRENGTH, (N_CELLS, 1)))
    amounts = TISSUES[made_of] * strength
    density = amounts @ (rgb_from_hed[:2] / np.linalg.norm(rgb_from_hed[:2], axis=1)[:, None])
    return photographed(10 ** -density[cell], random), made_of[cell]


def photographed(image, random):
    """Add noise, and round to 8 bits."""
    noisy = 255 * image + random.normal(0, 4, image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def share_right(image, truth, **settings):
    """The share of pixels in the cluster of their own kind, each kind having one cluster."""
    n = truth.max() + 1
    labels = ncc.cluster_colors(image, n, **settings).predict(image)
    table = confusion_matrix(truth.ravel(), labels.ravel() - 1, labels=range(n))
    return table[linear_sum_assignment(-table)].sum() / table.sum()


def mean_residual(images, **settings):
    """The median over images of the mean ΔE2000 between pixels and clusters."""
    fits = (ncc.cluster_colors(image, 8, **settings) for image in images)
    return np.median([fit.residual_summary.mean for fit in fits])


def rows(n_each):
    """Yield the settings in words, and what was measured with them."""
    photos = [resized(photo, 0.1) for photo in bundled_photos().values()]
    scenes = [
        [make(np.random.default_rng([number, index])) for index in range(n_each)]
        for number, make in enumerate(
            (lambda r: paints(r, even=True), lambda r: paints(r, even=False), stained)
        )
    ]
    for name, space in ncc.COLOR_SPACES.items():
        weights = (1.0,) if space.lightness_axis is None else (1.0, 0.3)
        for weight in weights:
            settings = {"color_space": name}
            words = f'`"{name}"`'
            if weight != 1:
                settings["lightness_weight"] = weight
                words += f", `lightness_weight={weight}`"
            shares = [np.mean([share_right(*s, **settings) for s in each]) for each in scenes]
            yield words, mean_residual(photos, **settings), shares


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=20, help="number of scenes of a kind")
    arguments = parser.parse_args()
    print("| color space | photos, mean ΔE2000 | paints, even light | uneven light | stains |")
    print("|---|--:|--:|--:|--:|")
    for words, residual, shares in rows(arguments.each):
        cells = " | ".join(f"{100 * share:.0f}%" for share in shares)
        print(f"| {words} | {residual:.1f} | {cells} |")


if __name__ == "__main__":
    main()

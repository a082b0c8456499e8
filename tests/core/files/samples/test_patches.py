"""The painted patches: the truth is exact, and both methods find it in flat light."""

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

import napari_colorcluster as ncc
from napari_colorcluster.core.files.samples.patches import painted_patches


def test_the_truth_is_true():
    image, labels, palette = painted_patches()
    np.testing.assert_array_equal(np.bincount(labels.ravel())[1:], palette.pixels)
    np.testing.assert_array_equal(palette.colors[labels - 1], image)
    np.testing.assert_allclose(palette.fractions, [0.32, 0.25, 0.18, 0.12, 0.08, 0.05])


@pytest.mark.parametrize("color_space", ncc.COLOR_SPACES)
@pytest.mark.parametrize("method", ["kmeans", "agglomerative"])
def test_colors_and_shares_are_found_in_flat_light(method, color_space):
    image, labels, palette = painted_patches()
    found = ncc.cluster_colors(image, len(palette), method=method, color_space=color_space)
    apart = deltaE_ciede2000(rgb2lab(found.palette.colors / 255), rgb2lab(palette.colors / 255))
    assert apart.max() < 1
    np.testing.assert_allclose(found.palette.fractions, palette.fractions, atol=0.001)
    np.testing.assert_array_equal(found.predict(image), labels)


def test_the_sweep_suggests_the_number_of_paints():
    image, _, palette = painted_patches()
    assert ncc.sweep_clusters(image).suggested == len(palette)


def test_shading_keeps_the_patches_and_spreads_their_colors():
    flat, labels, palette = painted_patches()
    shaded, same, truth = painted_patches(shaded=True)
    np.testing.assert_array_equal(same, labels)
    assert truth == palette
    assert len(np.unique(shaded.reshape(-1, 3), axis=0)) > 100
    assert (shaded <= flat).all()


def test_with_little_weight_on_lightness_most_of_the_shaded_patches_are_found():
    image, labels, palette = painted_patches(shaded=True)
    found = ncc.cluster_colors(image, len(palette), lightness_weight=0.4)
    assert (found.predict(image) == labels).mean() > 0.9

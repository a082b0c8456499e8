"""One palette for many images: pooled by pixels or equally, then each image's own shares."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster import METHODS, ColorHistogram, cluster_colors, count_colors
from napari_colorcluster.core.studies.pooling import (
    POOL_TOTAL,
    WEIGHTS,
    check_weights,
    pool,
    shares,
    with_total,
)


@pytest.fixture(scope="module")
def images(thumbnail, astronaut):
    """Three images of unlike sizes and colors."""
    return [thumbnail, astronaut[::9, ::9], thumbnail[:20, :20] // 2]


@pytest.fixture(scope="module")
def histograms(images):
    return [count_colors(image) for image in images]


def test_by_pixels_it_is_the_histogram_of_all_pixels_side_by_side(images, histograms):
    pixels = np.concatenate([image.reshape(-1, 3) for image in images])
    assert pool(histograms) == count_colors(pixels)


def test_shares_sum_to_one_and_their_weighted_mean_is_the_palette_of_the_pool(histograms):
    pooled = cluster_colors(pool(histograms), 6)
    fractions = np.array([shares(pooled, histogram).fractions for histogram in histograms])
    np.testing.assert_allclose(fractions.sum(axis=1), 1, rtol=0, atol=1e-12)
    n_pixels = [histogram.n_pixels for histogram in histograms]
    mean = np.average(fractions, axis=0, weights=n_pixels)
    np.testing.assert_allclose(mean, pooled.palette.fractions, rtol=0, atol=1e-12)


def test_with_equal_weights_the_plain_mean_is_the_palette_of_the_pool(histograms):
    pooled = cluster_colors(pool(histograms, "equal"), 6)
    fractions = np.array([shares(pooled, histogram).fractions for histogram in histograms])
    np.testing.assert_allclose(fractions.mean(axis=0), pooled.palette.fractions, atol=1e-9)


def test_equal_images_cluster_as_if_each_were_repeated_to_the_same_size(thumbnail):
    one, other = thumbnail[:40, :60], thumbnail[40:44, :60]
    equal = cluster_colors(pool([count_colors(image) for image in (one, other)], "equal"), 4)
    repeated = cluster_colors(np.concatenate([one, *[other] * 10]), 4)
    np.testing.assert_array_equal(equal.histogram.colors, repeated.histogram.colors)
    np.testing.assert_array_equal(equal.labels, repeated.labels)


@pytest.mark.parametrize("method", METHODS)
def test_shares_are_the_counts_of_the_predicted_labels(method, thumbnail, astronaut):
    clustering = cluster_colors(thumbnail, method=method)
    other = astronaut[::9, ::9]
    found = shares(clustering, other)
    counts = np.bincount(clustering.predict(other).ravel(), minlength=found.labels.max() + 1)
    np.testing.assert_array_equal(found.pixels, counts[found.labels])
    assert found.names == clustering.palette.names
    assert found.hex == clustering.palette.hex
    assert shares(clustering, thumbnail) == clustering.palette


def test_edits_and_masks_count_and_an_absent_color_has_no_share(thumbnail):
    clustering = cluster_colors(thumbnail, 5).merge([1, 3]).rename(2, "bark").set_background(5)
    dark = np.zeros((4, 5, 3), np.uint8)
    mask = np.arange(20).reshape(4, 5) < 7
    label = clustering.predict(dark)[0, 0]
    found = shares(clustering, dark, mask)
    assert found.labels.tolist() == clustering.palette.labels.tolist()
    assert "bark" in found.names
    assert found.pixels.sum() == (7 if label else 0)
    assert (found.pixels == 0).sum() >= len(found) - 1


@given(
    counts=st.lists(st.integers(1, 2**33), min_size=1, max_size=30),
    n_images=st.integers(1, 1000),
)
def test_scaled_counts_add_up_and_keep_their_shares(counts, n_images):
    colors = np.stack([np.arange(len(counts))] * 3, axis=1).astype(np.uint8)
    histogram = ColorHistogram(colors, counts, 3)
    total = POOL_TOTAL // n_images
    scaled = with_total(histogram, total)
    assert scaled.n_pixels == total
    assert scaled.n_excluded == 3
    assert scaled.counts.min() >= 1
    for before, after in zip(counts, scaled.counts.tolist(), strict=True):
        assert abs(Fraction(after, total) - Fraction(before, sum(counts))) < Fraction(1, 10**9)


def test_an_image_without_pixels_adds_nothing(histograms):
    empty = ColorHistogram(np.empty((0, 3)), [], 12)
    for weights in WEIGHTS:
        pooled = pool([histograms[0], empty], weights)
        assert pooled.n_colors == histograms[0].n_colors
        assert pooled.n_excluded == 12


def test_an_option_in_pixels_is_refused_with_equal_weights(refused):
    check_weights("equal", {"min_samples": None, "eps": 3.0})
    check_weights("pixels", {"min_samples": 9})
    with refused("min_samples=9 is a number of pixels", "pool them by their pixels"):
        check_weights("equal", {"min_samples": 9})


def test_refusals(refused, histograms):
    with refused("weights must be 'pixels' or 'equal', got 'area'"):
        pool(histograms, "area")
    with refused("At least one histogram"):
        pool([])
    with refused("total must be in", "got 3"):
        with_total(histograms[0], 3)

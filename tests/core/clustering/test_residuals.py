"""The residuals of pixels, held against scikit-image pixel by pixel."""

import dask.array as da
import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import Calibration, Picture, cluster_colors, count_colors
from napari_colorcluster.core.clustering.residuals import STEP

TOLERANCE = STEP / 2 + 1e-4


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 4)


def delta_e(image, shown):
    return deltaE_ciede2000(rgb2lab(image), rgb2lab(shown))


def test_each_pixel_has_scikit_images_difference_to_the_color_it_is_quantized_to(
    thumbnail, clustering
):
    found = clustering.residuals(thumbnail)
    assert (found.dtype, found.shape) == (np.float32, thumbnail.shape[:-1])
    expected = delta_e(thumbnail, clustering.quantize(thumbnail))
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


def test_edits_count(thumbnail, clustering):
    edited = clustering.merge([2, 3]).recolor(1, "#102030")
    expected = delta_e(thumbnail, edited.quantize(thumbnail))
    np.testing.assert_allclose(edited.residuals(thumbnail), expected, rtol=0, atol=TOLERANCE)


def test_the_largest_differences_there_are_have_room():
    image = np.array([[[0, 0, 0], [0, 0, 0], [255, 255, 255], [0, 0, 255], [0, 0, 255]]], np.uint8)
    edited = cluster_colors(image, 3)
    for label, color in enumerate(["#ffffff", "#ffff00", "#000000"], start=1):
        edited = edited.recolor(label, color)
    expected = delta_e(image, edited.quantize(image))
    assert expected.min() > 99
    np.testing.assert_allclose(edited.residuals(image), expected, rtol=0, atol=TOLERANCE)


def test_another_image_is_measured_by_its_own_colors(thumbnail, clustering):
    other = 255 - thumbnail[:, ::-1]
    expected = delta_e(other, clustering.quantize(other))
    np.testing.assert_allclose(clustering.residuals(other), expected, rtol=0, atol=TOLERANCE)


def test_what_has_no_cluster_has_no_residual(thumbnail, clustering):
    mask = np.arange(thumbnail.shape[1]) % 3 > 0
    mask = np.broadcast_to(mask, thumbnail.shape[:-1])
    edited = clustering.set_background(1)
    found = edited.residuals(thumbnail, mask)
    np.testing.assert_array_equal(np.isnan(found), edited.predict(thumbnail, mask) == 0)
    assert 0 < np.isnan(found).mean() < 1


@pytest.mark.parametrize("labeled", [False, True])
def test_a_dask_array_is_measured_lazily_and_alike(thumbnail, clustering, labeled):
    lazy = da.from_array(thumbnail, chunks=(20, 30, 3))
    labels = np.roll(clustering.predict(thumbnail), 5) if labeled else None
    found = clustering.residuals(lazy, labels=labels)
    assert isinstance(found, da.Array)
    assert (found.dtype, found.chunks) == (np.float32, lazy.chunks[:-1])
    np.testing.assert_array_equal(found, clustering.residuals(thumbnail, labels=labels))


def test_pixels_with_other_labels_are_held_against_the_colors_of_those(thumbnail, clustering):
    labels = clustering.predict(thumbnail)
    labels[:9] = labels[:9] % 4 + 1
    labels[9:12] = 0
    labels[12] = 9
    found = clustering.residuals(thumbnail, labels=labels)
    assert np.isnan(found[9:13]).all()
    labels[12] = 0
    expected = delta_e(thumbnail, clustering.paint(labels))
    has_cluster = labels > 0
    np.testing.assert_allclose(found[has_cluster], expected[has_cluster], rtol=0, atol=TOLERANCE)


def test_labels_of_another_shape_are_refused(thumbnail, clustering, refused):
    with refused("labels must be of the image's shape", "got (3, 4)"):
        clustering.residuals(thumbnail, labels=np.ones((3, 4), np.uint8))
    with refused("labels must be integers, got float64"):
        clustering.residuals(thumbnail, labels=np.ones(thumbnail.shape[:2]))


def test_a_picture_is_read_as_it_is_shown(thumbnail):
    picture = Picture(thumbnail, contrast_limits=(20, 200), gamma=0.8)
    shown = np.clip((thumbnail - 20.0) / 180, 0, 1) ** 0.8
    clustering = cluster_colors(picture, 3)
    expected = delta_e(np.rint(255 * shown).astype(np.uint8), clustering.quantize(picture))
    np.testing.assert_allclose(clustering.residuals(picture), expected, rtol=0, atol=TOLERANCE)


def test_colors_are_the_calibrated_ones(thumbnail):
    gray = np.zeros(thumbnail.shape[:-1], bool)
    gray[:5, :5] = True
    calibration = Calibration.from_gray(np.clip(thumbnail, 20, 200), gray)
    clustering = cluster_colors(thumbnail, 3, calibration=calibration)
    true, shown = calibration.apply(thumbnail), clustering.quantize(thumbnail)
    # The calibrated picture is rounded to 8 bits, and the residual is not.
    np.testing.assert_allclose(clustering.residuals(thumbnail), delta_e(true, shown), atol=1.0)
    assert not np.allclose(clustering.residuals(thumbnail), delta_e(thumbnail, shown), atol=2.0)


def test_the_summary_is_that_of_all_pixels(thumbnail, clustering):
    mask = np.arange(thumbnail.shape[0])[:, np.newaxis] > 9
    mask = np.broadcast_to(mask, thumbnail.shape[:-1])
    clustering = cluster_colors(thumbnail, 4, mask=mask).set_background(2)
    summary = clustering.residual_summary
    expected = delta_e(thumbnail, clustering.quantize(thumbnail))
    expected = expected[clustering.predict(thumbnail, mask) > 0]
    assert summary.mean == pytest.approx(expected.mean())
    highest = np.percentile(expected, 95, method="inverted_cdf")
    assert summary.percentile_95 == pytest.approx(highest)
    assert summary.n_sampled is None


def test_a_sample_of_many_colors_comes_close_and_says_so(monkeypatch, thumbnail, clustering):
    exact = clustering.residual_summary
    name = "napari_colorcluster.core.clustering.residuals._MOST_COLORS"
    monkeypatch.setattr(name, count_colors(thumbnail).n_colors // 3)
    sampled = clustering.residual_summary_of(clustering.histogram)
    assert sampled.n_sampled == clustering.histogram.n_colors // 3
    assert sampled != exact
    assert sampled.mean == pytest.approx(exact.mean, rel=0.02)
    assert sampled.percentile_95 == pytest.approx(exact.percentile_95, rel=0.05)


def test_the_summary_of_another_image_is_by_its_own_colors(thumbnail, clustering):
    other = 255 - thumbnail
    expected = delta_e(other, clustering.quantize(other))
    summary = clustering.residual_summary_of(count_colors(other))
    assert summary.mean == pytest.approx(expected.mean())


def test_a_palette_has_no_residual_of_its_own_colors(clustering):
    palette = clustering.palette
    applied = type(clustering).from_palette(palette)
    assert applied.residual_summary.mean == 0
    assert (applied.residuals(palette.colors[np.newaxis]) == 0).all()

"""Thumbnails against Pillow's own resizing, and the labels of the whole image."""

import io

import dask.array as da
import numpy as np
import pytest
from PIL import Image

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.report.html.thumbnails import make_thumbnails


def mean_difference(one, other):
    return np.abs(np.asarray(one, float) - np.asarray(other, float)).mean()


def test_a_small_image_is_shown_pixel_by_pixel(thumbnail):
    clustering = cluster_colors(thumbnail, 4)
    made = make_thumbnails(Picture(thumbnail), clustering)
    np.testing.assert_array_equal(made.photo, thumbnail)
    np.testing.assert_array_equal(made.quantized.convert("RGB"), clustering.quantize(thumbnail))


@pytest.mark.parametrize("side", [30, 64, 100, 271])
def test_a_large_image_looks_as_pillow_shrinks_it(photo, side):
    clustering = cluster_colors(photo, 5)
    made = make_thumbnails(Picture(photo), clustering, side=side)
    expected = (side, round(side * 185 / 272))
    assert made.photo.size == made.quantized.size == expected
    assert mean_difference(made.photo, Image.fromarray(photo).resize(expected)) < 9
    colors = np.unique(np.asarray(made.quantized.convert("RGB")).reshape(-1, 3), axis=0)
    assert {tuple(each) for each in colors} <= {tuple(each) for each in clustering.palette.colors}
    # Drawn evenly, so that shares stay.
    counts = np.bincount(np.asarray(made.quantized).ravel(), minlength=6)[1:]
    np.testing.assert_allclose(counts / counts.sum(), clustering.palette.fractions, atol=0.03)


def test_labels_that_are_given_are_shown(photo):
    clustering = cluster_colors(photo, 3)
    labels = np.asarray(clustering.predict(photo))
    given = make_thumbnails(Picture(photo), clustering, labels=da.from_array(labels), side=90)
    painted = labels.copy()
    painted[:60] = 2
    other = make_thumbnails(Picture(photo), clustering, labels=painted, side=90)
    own = np.asarray(make_thumbnails(Picture(photo), clustering, side=90).quantized)
    assert np.mean(np.asarray(given.quantized) == own) > 0.9
    assert (np.asarray(other.quantized)[:19] == 2).all()


def test_of_a_lazy_stack_the_middle_plane_is_shown(thumbnail):
    stack = da.from_array(
        np.stack([thumbnail // 3, thumbnail, thumbnail // 2]), chunks=(1, 20, 30, 3)
    )
    clustering = cluster_colors(thumbnail, 3)
    made = make_thumbnails(Picture(stack), clustering)
    np.testing.assert_array_equal(made.photo, thumbnail)
    np.testing.assert_array_equal(made.quantized, clustering.predict(thumbnail))


def test_what_is_left_out_is_transparent_and_alpha_is_laid_over_white(thumbnail, tmp_path):
    alpha = np.full(thumbnail.shape[:2], 255, np.uint8)
    alpha[:10] = 0
    image = np.dstack([thumbnail, alpha])
    mask = np.ones(alpha.shape, bool)
    mask[:, :5] = False
    made = make_thumbnails(Picture(image), cluster_colors(image, 3), mask)
    assert (np.asarray(made.photo)[:10] == 255).all()
    made.write_quantized(tmp_path / "quantized.png")
    shown = np.asarray(Image.open(tmp_path / "quantized.png").convert("RGBA"))[..., 3]
    np.testing.assert_array_equal(shown > 0, (alpha > 0) & mask)


def test_deep_colors_are_shown_as_8_bits(thumbnail):
    deep = thumbnail.astype(np.uint16) * 257
    made = make_thumbnails(Picture(deep), cluster_colors(deep, 3))
    np.testing.assert_array_equal(made.photo, thumbnail)
    limited = Picture(thumbnail.astype(np.uint16) * 16, contrast_limits=(0, 4080))
    np.testing.assert_array_equal(
        make_thumbnails(limited, cluster_colors(limited, 3)).photo, thumbnail
    )


def test_files_are_a_jpeg_and_a_png(thumbnail, tmp_path):
    made = make_thumbnails(Picture(thumbnail), cluster_colors(thumbnail, 3))
    made.write_photo(tmp_path / "photo")
    photo = Image.open(io.BytesIO((tmp_path / "photo").read_bytes()))
    assert photo.format == "JPEG"
    assert mean_difference(photo, thumbnail) < 10

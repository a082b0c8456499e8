"""Values become colors as napari shows them: limits, gamma, types and masks."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster import Picture, cluster_colors, count_colors
from napari_colorcluster.core.pixels.reading import Reading


def shown(values, limits, gamma):
    """What napari's shader makes of values, in 8 bits."""
    low, high = limits
    part = (np.clip(np.asarray(values, float), low, high) - low) / (high - low)
    return np.rint(255 * part**gamma).astype(np.uint8)


@given(
    st.sampled_from(["uint8", "uint16", "int16", "int32", "float32", "float64"]),
    st.floats(-50, 200),
    st.floats(1, 300),
    st.floats(0.2, 3),
)
def test_limits_and_gamma_are_applied_at_the_images_own_depth(dtype, low, width, gamma):
    values = np.arange(0, 252).reshape(-1, 3).astype(dtype)
    limits = (low, low + width)
    read = Reading(limits, gamma).as_8bit(values)
    np.testing.assert_array_equal(read, shown(values, limits, gamma))


def test_alpha_has_no_limits():
    values = np.array([[100, 200, 300, 65535], [4095, 0, 0, 32768]], np.uint16)
    read = Reading((0, 4095)).as_8bit(values)
    assert read.tolist() == [[6, 12, 19, 255], [255, 0, 0, 128]]


def test_eight_bits_in_their_own_range_are_not_copied():
    values = np.arange(12, dtype=np.uint8).reshape(4, 3)
    assert Reading((0, 255)).as_8bit(values) is values
    assert Reading().as_8bit(values) is values


@pytest.mark.parametrize("limits", [(3, 3), (5, 1), (0, np.inf), (0, 1, 2)])
def test_limits_that_are_none_are_refused(refused, limits):
    with refused("contrast_limits must be two numbers, the smaller first"):
        Reading(limits)


@pytest.mark.parametrize("gamma", [0, -1, np.inf, "much"])
def test_a_gamma_that_is_none_is_refused(refused, gamma):
    with refused(f"gamma must be a number greater than 0, got {gamma!r}."):
        Reading(gamma=gamma)


@pytest.mark.parametrize("lazy", [False, True])
def test_a_12_bit_picture_is_counted_and_labeled_as_it_is_shown(photo, lazy):
    deep = photo.astype(np.uint16) * 16
    pixels = da.from_array(deep, chunks=(50, 60, 3)) if lazy else deep
    picture = Picture(pixels, contrast_limits=(0, 4080))
    assert count_colors(picture) == count_colors(photo)
    assert count_colors(pixels, contrast_limits=(0, 4080)) == count_colors(photo)
    clustering = cluster_colors(picture, 4)
    expected = cluster_colors(photo, 4)
    assert clustering.palette == expected.palette
    np.testing.assert_array_equal(np.asarray(clustering.predict(picture)), expected.predict(photo))
    np.testing.assert_array_equal(
        np.asarray(clustering.quantize(picture)), expected.quantize(photo)
    )


@pytest.mark.parametrize("dtype", ["int16", "int32", "int64"])
@pytest.mark.parametrize("lazy", [False, True])
def test_signed_integers_that_hold_8_bits_are_taken_as_such_with_a_warning(photo, dtype, lazy):
    image = photo.astype(dtype)
    image = da.from_array(image, chunks=(50, 60, 2)) if lazy else image
    with pytest.warns(UserWarning, match=f"of type {dtype} and holds 0..255: it is taken as 8"):
        assert count_colors(image) == count_colors(photo)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint32", "uint64"])
@pytest.mark.parametrize("lazy", [False, True])
def test_long_integers_of_few_bits_need_limits_and_are_not_black(photo, refused, dtype, lazy):
    image = photo.astype(dtype) * 16
    image = da.from_array(image, chunks=(50, 60, 2)) if lazy else image
    with refused(f"of type {dtype}", f"all of 0..{16 * int(photo.max())} is black", "0 and 4095"):
        count_colors(image)
    assert count_colors(image, contrast_limits=(0, 4080)) == count_colors(photo)


@pytest.mark.parametrize("n_bits", [8, 10, 12, 14])
@pytest.mark.parametrize("lazy", [False, True])
def test_16_bits_that_hold_fewer_are_counted_with_a_warning_that_says_what_to_do(n_bits, lazy):
    white = 2**n_bits - 1
    image = np.random.default_rng(0).integers(0, white, (40, 50, 4), np.uint16, endpoint=True)
    image[0, 0] = white
    image[..., 3] = 65535
    image = da.from_array(image, chunks=(20, 50, 4)) if lazy else image
    said = (
        rf"^The largest value is {white:,} of 65,535, so .* {n_bits}-bit data.*"
        rf"Picture with contrast_limits=\(0, {white}\)"
    )
    with pytest.warns(UserWarning, match=said):
        count_colors(image)
    with pytest.warns(UserWarning, match=said):
        cluster_colors(image, 1)
    count_colors(image, contrast_limits=(0, white))
    count_colors(Picture(image, contrast_limits=(0, white)))


def test_int16_of_12_bits_is_counted_with_a_warning(photo):
    with pytest.warns(UserWarning, match=r"of 32,767, so .* 12-bit data"):
        count_colors(photo.astype(np.int16) * 16)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
def test_a_dark_region_of_a_bright_picture_is_no_cause_for_a_warning(dtype):
    image = np.zeros((4, 5, 3), dtype)
    count_colors(image.astype(np.uint16))
    image[0], image[1:] = 32767, 3000
    mask = np.ones((4, 5), bool)
    mask[0] = False
    assert count_colors(image, mask).colors.max() < 30


def test_an_array_of_words_is_not_told_as_a_file(refused):
    with refused("must be of an integer or float type, got str"):
        count_colors(np.full((2, 2, 3), "40"))


def test_signed_integers_beyond_8_bits_are_scaled_by_their_type():
    image = np.full((2, 2, 3), 32767, np.int16)
    assert count_colors(image).colors.tolist() == [[255, 255, 255]]


def test_the_mask_of_a_masked_array_counts(photo):
    hidden = photo[..., 0] > 100
    masked = np.ma.masked_array(photo, np.zeros(photo.shape, bool))
    masked[hidden, 1] = np.ma.masked
    histogram = count_colors(masked)
    assert histogram == count_colors(photo, ~hidden)
    assert histogram.excluded.masked == np.count_nonzero(hidden)
    top = np.zeros(hidden.shape, bool)
    top[:50] = True
    assert count_colors(masked, top) == count_colors(photo, ~hidden & top)
    labels = cluster_colors(masked, 3).predict(masked)
    np.testing.assert_array_equal(labels == 0, hidden)


@pytest.mark.parametrize("dtype", ["int16", "int32", "int64", "uint32", "uint64"])
def test_alpha_of_wide_integers_is_taken_as_8_bits_too(photo, dtype):
    alpha = np.where(photo[..., :1] > 100, 255, 0)
    image = np.concatenate([photo, alpha], axis=-1)
    with pytest.warns(UserWarning, match="is taken as 8 bits"):
        histogram = count_colors(image.astype(dtype))
    assert histogram == count_colors(image.astype(np.uint8))


def test_alpha_beyond_its_range_is_full_where_colors_have_limits():
    image = np.zeros((2, 2, 4), np.float32)
    image[..., 3] = [[255, 255], [0, 1]]
    histogram = count_colors(image, contrast_limits=(0, 255))
    assert histogram.n_pixels == 3
    assert histogram.excluded.transparent == 1


def test_chunks_that_are_masked_arrays_are_masked(photo):
    hidden = np.broadcast_to((photo[..., :1] > 100), photo.shape)
    masked = np.ma.masked_array(photo, hidden)
    lazy = da.from_array(masked, chunks=(50, 60, 3), asarray=False)
    assert count_colors(lazy) == count_colors(masked) == count_colors(photo, ~hidden[..., 0])
    clustering = cluster_colors(photo, 3)
    np.testing.assert_array_equal(
        np.asarray(clustering.predict(lazy)) == 0, clustering.predict(masked) == 0
    )


def test_what_is_masked_in_a_mask_takes_no_part(photo):
    mask = np.ma.masked_array(np.ones(photo.shape[:2], bool), photo[..., 0] > 100)
    assert count_colors(photo, mask) == count_colors(photo, photo[..., 0] <= 100)


@pytest.mark.parametrize(
    ("image", "advice"),
    [
        (np.zeros((3, 40, 50), np.uint8), "moveaxis(image, 0, -1)"),
        (np.zeros((40, 50), np.uint8), "stack([image] * 3, axis=-1)"),
        ("photo.png", "use read_image"),
    ],
)
def test_what_is_no_image_of_colors_is_refused_with_advice(refused, image, advice):
    with refused(advice):
        count_colors(image)


def test_a_picture_says_what_it_is(photo):
    picture = Picture(photo, notes=("turned by 90°",), contrast_limits=(0, 200))
    assert repr(picture).splitlines() == [
        "Picture of 185 × 272 × 3, uint8, shown from (0, 200)",
        "  turned by 90°",
    ]

"""Arrays are read as napari shows them: 8 bits a channel, block by block."""

from itertools import product
from pathlib import Path

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_array_equal
from PIL import Image
from skimage.util import img_as_ubyte

from napari_colorcluster.core.pixels.blocks import PixelSource, block_slices, read_pixels
from napari_colorcluster.core.pixels.histogram import Excluded
from napari_colorcluster.core.pixels.image import as_image, as_mask, is_dask
from napari_colorcluster.core.pixels.reading import Reading

INTEGERS = ["int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"]


def levels(values):
    """The 8-bit levels that gray pixels with these values are read as."""
    values = np.asarray(values)
    return read_pixels(np.stack([values] * 3, axis=-1)).values[:, 0]


@pytest.mark.parametrize("dtype", INTEGERS)
@given(data=st.data())
def test_integers_are_scaled_by_their_types_range(dtype, data):
    highest = int(np.iinfo(dtype).max)
    values = data.draw(st.lists(st.integers(0, highest), min_size=1, max_size=20))
    exact = [(2 * 255 * value + highest) // (2 * highest) for value in values]
    assert levels(np.array(values, dtype)).tolist() == exact


def test_every_uint16_is_a_257th_of_itself_rounded():
    values = np.arange(1 << 16, dtype=np.uint16)
    np.testing.assert_array_equal(levels(values), (values.astype(int) + 128) // 257)


@pytest.mark.parametrize("dtype", ["uint8", *INTEGERS])
def test_the_ends_of_an_integer_types_range_are_black_and_white(dtype):
    assert levels(np.array([0, np.iinfo(dtype).max], dtype)).tolist() == [0, 255]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f4"])
def test_every_8_bit_level_survives_as_a_float(dtype):
    assert levels((np.arange(256) / 255).astype(dtype)).tolist() == list(range(256))


def test_bytes_in_foreign_order_are_read_by_value():
    values = np.array([0, 257, 65535])
    assert levels(values.astype(">u2")).tolist() == levels(values.astype("<u2")).tolist()


@given(arrays(np.float32, (5, 3), elements=st.floats(0, 1, width=32)))
def test_floats_are_rounded_to_the_nearest_level(block):
    np.testing.assert_array_equal(read_pixels(block).values, img_as_ubyte(block))


@pytest.mark.parametrize("value", [-1e-7, 1 + 1e-7])
def test_floats_may_leave_the_range_by_a_rounding_error(value):
    assert levels(np.array([value]))[0] in (0, 255)


@pytest.mark.parametrize(("value", "named"), [(1.5, "1.5"), (-0.25, "-0.25"), (255.0, "255")])
def test_floats_outside_the_range_are_refused_with_the_value(refused, value, named):
    advice = ": divide it by 255" if value > 2 else ""
    with refused("A float image must lie in [0, 1]", f"got a value of {named}{advice}."):
        levels(np.array([0.5, value]))


def test_negative_integers_are_refused_with_the_value(refused):
    with refused("must not be negative", "-7"):
        levels(np.array([3, -7], np.int16))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("channel", range(4))
def test_a_channel_that_is_not_finite_leaves_its_pixel_out(value, channel):
    block = np.full((3, 4), 0.5)
    block[1, channel] = value
    assert read_pixels(block).keep.tolist() == [True, False, True]


def test_alpha_of_one_half_takes_part_and_less_does_not():
    block = np.array([[9, 9, 9, 0], [9, 9, 9, 127], [9, 9, 9, 128], [9, 9, 9, 255]], np.uint8)
    assert read_pixels(block).keep.tolist() == [False, False, True, True]
    assert read_pixels(block).n_kept == 2
    deep = np.array([[9, 9, 9, 32767], [9, 9, 9, 32768]], np.uint16)
    assert read_pixels(deep).keep.tolist() == [False, True]
    floats = np.array([[0.5, 0.5, 0.5, 0.49], [0.5, 0.5, 0.5, 0.5]])
    assert read_pixels(floats).keep.tolist() == [False, True]


def test_without_a_least_alpha_a_pixel_is_left_out_only_where_alpha_is_0():
    block = np.array([[9, 9, 9, 0], [9, 9, 9, 1], [9, 9, 9, 255]], np.uint8)
    pixels = read_pixels(block, reading=Reading(min_alpha=0))
    assert pixels.keep.tolist() == [False, True, True]
    assert pixels.n_kept == 2


def test_each_pixel_that_is_left_out_counts_once_for_the_first_reason():
    nan = np.nan
    block = np.array(
        [[0, 0, 0, 1], [nan, 0, 0, 1], [0, nan, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0.2], [0, 0, 0, 1]]
    )
    pixels = read_pixels(block, np.array([False, True, True, True, True, True]))
    assert pixels.excluded == Excluded(masked=1, not_finite=2, transparent=2)
    assert pixels.n_kept == 1
    assert str(pixels.excluded) == "1 outside the mask, 2 not finite, 2 transparent"
    assert pixels.excluded.total == 5


def test_where_all_take_part_no_mask_is_kept():
    pixels = read_pixels(np.zeros((2, 5, 3), np.uint8))
    assert pixels.keep.size == 0
    assert pixels.n_kept == 10


def test_mask_alpha_and_finiteness_leave_out_together():
    block = np.array([[0.1, 0.1, 0.1, 1], [0.2, 0.2, 0.2, 0], [np.nan, 0, 0, 1], [0, 0, 0, 1]])
    keep = read_pixels(block, np.array([True, True, True, False])).keep
    assert keep.tolist() == [True, False, False, False]


@pytest.mark.parametrize("shape", [(), (5,), (10, 20), (10, 20, 1), (4, 10, 20, 2), (8, 8, 5)])
def test_what_has_no_color_channels_is_refused_with_its_shape(refused, shape):
    with refused("3 (RGB) or 4 (RGBA) channels on its last axis", f"shape {shape}"):
        as_image(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("dtype", ["bool", "complex64", "object", "datetime64[s]"])
def test_what_is_no_number_is_refused_with_its_type(refused, dtype):
    with refused("must be of an integer or float type", np.dtype(dtype).name):
        as_image(np.zeros((4, 4, 3), dtype))


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (None, "An image is an array of colors, with 3 (RGB) or 4 (RGBA) channels"),
        (None, "got None."),
        (5, "got 5."),
        ({"red": 1}, "got an object of type dict."),
        ([1, [2, 3]], "got a list that is no array of numbers."),
        ([None, 1], "got a list that is no array of numbers."),
        ("leaf.png", "to read the file leaf.png, use read_image."),
        (b"leaf.png", "to read the file leaf.png, use read_image."),
        (Path("leaf.png"), "to read the file leaf.png, use read_image."),
        (["a.png", "b.png"], "to read the files, such as a.png, use read_image for each."),
        ((Path("a.png"),), "to read the files, such as a.png, use read_image for each."),
        (Image.new("P", (4, 3)), "The Pillow image is of mode P, whose numbers are not RGB"),
        (Image.new("L", (3, 3)), 'give image.convert("RGB")'),
        (Image.new("CMYK", (5, 5)), "or read its file with read_image"),
    ],
    ids=lambda value: str(getattr(value, "mode", value)),
)
def test_what_is_no_image_is_told_by_what_it_is(image, said, refused):
    with refused(said):
        as_image(image)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_pillow_images_of_colors_are_arrays(mode):
    image = Image.new(mode, (5, 4), "#0a141e")
    assert_array_equal(as_image(image), np.asarray(image))


def test_a_nested_list_becomes_an_array():
    assert as_image([[[0.0, 0.5, 1.0]]]).shape == (1, 1, 3)


def test_a_dask_array_stays_lazy():
    image = da.zeros((4, 4, 3), dtype=np.uint8)
    assert as_image(image) is image
    assert is_dask(image)
    assert not is_dask(np.zeros((4, 4, 3)))


@pytest.mark.parametrize("shape", [(), (4,), (4, 5, 3), (5, 4), (1, 4, 5)])
def test_a_mask_of_another_shape_is_refused_with_both_shapes(refused, shape):
    with refused("image's shape without channels", "(4, 5)", f"got {shape}."):
        as_mask(np.ones(shape, bool), np.zeros((4, 5, 3), np.uint8))


@pytest.mark.parametrize("dtype", ["float64", "complex64", "object"])
def test_a_mask_of_no_boolean_type_is_refused_with_its_type(refused, dtype):
    with refused("must be of type bool", dtype):
        as_mask(np.ones((4, 5), dtype), np.zeros((4, 5, 3), np.uint8))


@given(
    shape=array_shapes(min_dims=1, max_dims=4, max_side=9),
    block_pixels=st.integers(1, 40),
)
def test_blocks_cover_each_pixel_once_in_order_and_stay_small(shape, block_pixels):
    numbers = np.arange(np.prod(shape)).reshape(shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", block_pixels)
        blocks = [numbers[where] for where in block_slices(np.empty((*shape, 3), np.uint8))]
    assert np.concatenate([block.ravel() for block in blocks]).tolist() == list(range(numbers.size))
    assert max(block.size for block in blocks) <= block_pixels


def test_a_single_color_is_one_block():
    assert list(block_slices(np.zeros(3, np.uint8))) == [()]


@pytest.mark.parametrize("shape", [(0, 3), (0, 5, 3), (5, 0, 4)])
def test_an_empty_image_has_no_blocks(shape):
    assert list(block_slices(np.zeros(shape))) == []


class Stored:
    """What is read in chunks from somewhere else, and remembers which."""

    def __init__(self, array, chunks):
        self.array, self.chunks = array, chunks
        self.shape, self.dtype = array.shape, array.dtype
        self.read = []

    def __getitem__(self, where):
        touched = [
            range(part.start // length, -(-part.stop // length))
            for part, length in zip(where, self.chunks, strict=False)
        ]
        self.read += product(*touched)
        return self.array[where]


@given(
    shape=array_shapes(min_dims=1, max_dims=3, max_side=9),
    block_pixels=st.integers(1, 40),
    data=st.data(),
)
def test_what_is_stored_in_chunks_is_read_once(shape, block_pixels, data):
    chunks = tuple(data.draw(st.integers(1, size + 1)) for size in shape)
    stored = Stored(np.zeros((*shape, 3), np.uint8), (*chunks, 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", block_pixels)
        source = PixelSource(stored)
        sizes = [source.read(where).n_kept for where in source.slices()]
    assert sum(sizes) == np.prod(shape)
    assert max(sizes) <= max(block_pixels, np.prod(chunks))
    every = product(*(range(-(-size // n)) for size, n in zip(shape, chunks, strict=True)))
    assert sorted(stored.read) == list(every)


def test_a_lazy_mask_of_an_image_in_memory_is_computed_once():
    computed = []

    def remember(block):
        computed.append(block.shape)
        return block

    mask = da.ones((8, 8), dtype=bool, chunks=4)
    mask = mask.map_blocks(remember, dtype=bool, meta=np.empty((0, 0), bool))
    assert isinstance(as_mask(mask, np.zeros((8, 8, 3), np.uint8)), np.ndarray)
    assert computed == [(4, 4)] * 4


def test_pixels_are_read_only_whatever_they_are_read_from():
    for block in (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 4))):
        pixels = read_pixels(block, np.ones((4, 4), bool))
        assert not pixels.values.flags.writeable
        assert not pixels.keep.flags.writeable
        assert block.flags.writeable


def test_a_list_of_levels_is_taken_as_8_bit():
    assert as_image([[[255, 0, 7]]]).dtype == np.uint8
    assert as_image([[[256, 0, 7]]]).dtype != np.uint8


def test_what_takes_no_part_may_hold_anything():
    block = np.array([[[0.5, 0.5, 0.5], [7.0, -3.0, 0.0]]])
    pixels = read_pixels(block, np.array([[True, False]]))
    assert pixels.keep.tolist() == [True, False]
    transparent = np.array([[300, -5, 0, 0], [0, 0, 0, 32767]], np.int16)
    assert read_pixels(transparent).keep.tolist() == [False, True]


def test_unknown_chunk_sizes_are_refused_with_the_way_out(refused):
    image = da.zeros((6, 3), dtype=np.uint8, chunks=2)
    unknown = image[da.from_array(np.arange(6) % 2 == 0, chunks=2)]
    with refused("image's chunks are unknown", "(nan, 3)", "compute_chunk_sizes()"):
        as_image(unknown)
    with refused("mask's chunks are unknown", "(nan,)", "compute_chunk_sizes()"):
        as_mask(unknown[:, 0], image)

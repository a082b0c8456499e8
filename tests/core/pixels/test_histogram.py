"""Counting colors, held against ``numpy.unique`` on the pixels themselves."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from napari_colorcluster import ColorHistogram, count_colors
from napari_colorcluster.core.pixels.codes import decode, encode, merge_counts
from napari_colorcluster.core.support.progress import Cancelled

FEW_LEVELS = st.sampled_from([0, 1, 128, 255])
"""Channels in which colors meet again, so that counts exceed 1."""

IMAGES = array_shapes(min_dims=1, max_dims=3, max_side=8).flatmap(
    lambda shape: arrays(np.uint8, (*shape, 3), elements=FEW_LEVELS)
)


def assert_counts(histogram, pixels):
    """Hold a histogram against ``numpy.unique`` on the RGB pixels that take part."""
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    order = np.argsort(encode(colors))
    np.testing.assert_array_equal(histogram.colors, colors[order])
    np.testing.assert_array_equal(histogram.counts, counts[order])
    np.testing.assert_array_equal(histogram.codes, encode(colors)[order])


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_a_photo_counts_as_numpy_counts_it(request, name):
    image = request.getfixturevalue(name)
    histogram = count_colors(image)
    assert_counts(histogram, image)
    assert histogram.n_pixels == image.shape[0] * image.shape[1]
    assert histogram.n_excluded == 0


@pytest.mark.parametrize("n_threads", [1, 2, 5])
def test_threads_and_blocks_do_not_change_the_counts(monkeypatch, photo, n_threads):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 3000)
    assert_counts(count_colors(photo), photo)


@given(IMAGES)
def test_any_shape_counts_as_numpy_counts_it(image):
    assert_counts(count_colors(image), image)


@given(IMAGES, st.data())
def test_with_alpha_the_same_colors_are_counted_where_there_is_enough_of_it(image, data):
    alpha = data.draw(arrays(np.uint8, image.shape[:-1], elements=st.sampled_from([0, 255])))
    histogram = count_colors(np.concatenate([image, alpha[..., np.newaxis]], axis=-1))
    assert_counts(histogram, image[alpha == 255])
    assert histogram.n_excluded == np.count_nonzero(alpha == 0)


@settings(max_examples=20)
@given(data=st.data())
def test_every_pixel_is_counted_or_excluded(data):
    image = data.draw(arrays(np.float32, (5, 6, 4), elements=st.sampled_from([0, 0.5, 1, np.nan])))
    mask = data.draw(arrays(bool, (5, 6)))
    histogram = count_colors(image, mask)
    kept = mask & np.isfinite(image).all(axis=-1) & (image[..., 3] > 0)
    assert_counts(histogram, np.rint(image[kept][:, :3] * 255).astype(np.uint8))
    assert histogram.n_pixels + histogram.n_excluded == 30


@given(arrays(np.uint8, (6, 7, 3), elements=FEW_LEVELS), st.randoms())
def test_the_order_of_pixels_does_not_matter(image, random):
    pixels = image.reshape(-1, 3).tolist()
    random.shuffle(pixels)
    shuffled = np.array(pixels, np.uint8)
    assert count_colors(shuffled) == count_colors(image)


@given(IMAGES, IMAGES)
def test_a_sum_is_the_histogram_of_both_images_together(first, second):
    together = np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)])
    one, other = count_colors(first), count_colors(second)
    assert one + other == count_colors(together)
    assert one + other == other + one


@given(IMAGES, IMAGES, IMAGES)
def test_sums_may_be_taken_in_any_grouping(first, second, third):
    a, b, c = map(count_colors, (first, second, third))
    assert (a + b) + c == a + (b + c)


def test_a_sum_adds_what_was_excluded():
    image = np.array([[1, 2, 3, 255], [1, 2, 3, 0]], np.uint8)
    once = count_colors(image)
    assert (once + once + once).n_excluded == 3


@settings(max_examples=20)
@given(
    rows=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    columns=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    channels=st.sampled_from([(3,), (1, 2), (2, 1), (1, 1, 1)]),
    scheduler=st.sampled_from(["synchronous", "threads"]),
    data=st.data(),
)
def test_dask_counts_as_numpy_however_it_is_chunked(rows, columns, channels, scheduler, data):
    shape = (sum(rows), sum(columns))
    image = data.draw(arrays(np.uint8, (*shape, 3), elements=FEW_LEVELS))
    mask = data.draw(arrays(bool, shape))
    chunked = da.from_array(image, chunks=(tuple(rows), tuple(columns), channels))
    expected = count_colors(image, mask)
    with dask.config.set(scheduler=scheduler):
        assert count_colors(chunked, mask) == expected
        assert count_colors(chunked, da.from_array(mask, chunks=2)) == expected


@pytest.mark.parametrize(
    "view",
    [
        lambda image: image[::2, ::3],
        lambda image: image[::-1, ::-1],
        lambda image: image[..., ::-1],
        lambda image: np.asfortranarray(image),
        lambda image: image.swapaxes(0, 1),
        lambda image: np.broadcast_to(image[:1], image.shape),
    ],
    ids=["strided", "flipped", "bgr", "fortran", "transposed", "broadcast"],
)
def test_the_layout_in_memory_does_not_matter_and_is_left_alone(thumbnail, view):
    seen = view(thumbnail)
    before = seen.copy()
    seen.setflags(write=False)
    assert_counts(count_colors(seen), before)
    np.testing.assert_array_equal(seen, before)


def test_a_mask_of_integers_takes_part_where_it_is_not_0(thumbnail):
    labels = np.zeros(thumbnail.shape[:2], np.int32)
    labels[3:9, 4:20] = 7
    assert_counts(count_colors(thumbnail, labels), thumbnail[3:9, 4:20])


def test_a_stack_counts_as_one_image(thumbnail):
    stack = np.stack([thumbnail, thumbnail[::-1], 255 - thumbnail])
    assert_counts(count_colors(stack[np.newaxis]), stack)


def test_an_image_may_be_a_single_color():
    histogram = count_colors(np.array([9, 8, 7], np.uint8))
    assert histogram == ColorHistogram([[9, 8, 7]], [1])


@pytest.mark.parametrize("shape", [(0, 3), (4, 0, 3), (0, 0, 4)])
def test_an_empty_image_has_an_empty_histogram(shape):
    assert count_colors(np.empty(shape, np.uint8)) == ColorHistogram([], [])


def test_colors_and_codes_are_each_others_inverse():
    codes = np.arange(0, 1 << 24, 257)
    np.testing.assert_array_equal(encode(decode(codes)), codes)


@given(arrays(np.uint8, 3))
def test_the_bits_of_a_code_are_those_of_red_green_and_blue_in_turns(color):
    bits = zip(*(f"{channel:08b}" for channel in color), strict=True)
    assert encode(color) == int("".join(map("".join, bits)), 2)


def test_colors_may_be_given_in_any_order(photo):
    histogram = count_colors(photo)
    order = np.random.default_rng(0).permutation(histogram.n_colors)
    assert ColorHistogram(histogram.colors[order], histogram.counts[order]) == histogram


def test_counts_beyond_32_bits_add_up_exactly():
    large = ColorHistogram([[0, 0, 0], [1, 1, 1]], [3 * 10**9, 1])
    assert (large + large).counts.tolist() == [6 * 10**9, 2]
    assert large.n_pixels == 3 * 10**9 + 1


def test_counts_beyond_a_byte_are_carried_from_block_to_block(monkeypatch):
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 700)
    colors = np.array([[0, 0, 0], [7, 7, 7], [255, 255, 255]], np.uint8)
    counts = [255, 256, 100_000]
    image = np.random.default_rng(0).permutation(np.repeat(colors, counts, axis=0))
    assert count_colors(image) == ColorHistogram(colors, counts)


def test_the_largest_and_the_smallest_color_are_found_in_a_table(monkeypatch):
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    image = np.array([[255, 255, 255], [0, 0, 0]], np.uint8)
    assert count_colors(image) == ColorHistogram(image[::-1], [1, 1])


@pytest.mark.parametrize("few", [0, 1 << 30])
def test_sorting_and_tables_give_the_same(monkeypatch, astronaut, few):
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", few)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 1 << 20)
    mask = astronaut[..., 0] > 50
    histogram = count_colors(astronaut, mask)
    assert_counts(histogram, astronaut[mask])
    assert histogram.n_excluded == np.count_nonzero(~mask)


def test_tables_are_empty_again_for_the_next_image(monkeypatch, photo, astronaut):
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    for image in (photo, astronaut, photo):
        assert_counts(count_colors(image), image)


def test_tables_of_a_count_that_failed_are_used_no_more(monkeypatch, photo, astronaut):
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 3000)

    def stop(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        count_colors(astronaut, progress=stop)
    assert_counts(count_colors(photo), photo)


def test_two_images_can_be_counted_at_once(monkeypatch, photo, astronaut):
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    images = [photo, astronaut] * 6
    with ThreadPoolExecutor(4) as pool:
        histograms = list(pool.map(count_colors, images))
    for image, histogram in zip(images, histograms, strict=True):
        assert_counts(histogram, image)


def test_a_histogram_travels_and_stays_read_only():
    histogram = ColorHistogram([[1, 2, 3], [4, 5, 6]], [4, 1], 7)
    arrived = pickle.loads(pickle.dumps(histogram))
    assert arrived == histogram
    assert not arrived.colors.flags.writeable
    assert not arrived.counts.flags.writeable


def test_a_histogram_cannot_be_changed():
    histogram = ColorHistogram([[1, 2, 3]], [4])
    with pytest.raises(ValueError, match="read-only"):
        histogram.counts[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        histogram.colors[0] = 5
    with pytest.raises(AttributeError):
        histogram.counts = np.array([5])


def test_a_histogram_keeps_no_hold_on_the_arrays_it_was_made_of():
    colors, counts = np.array([[1, 2, 3]], np.uint8), np.array([4])
    histogram = ColorHistogram(colors, counts)
    colors[0], counts[0] = 9, 9
    assert histogram == ColorHistogram([[1, 2, 3]], [4])


@pytest.mark.parametrize(
    "other",
    [
        ColorHistogram([[1, 2, 4]], [4]),
        ColorHistogram([[1, 2, 3]], [5]),
        ColorHistogram([[1, 2, 3]], [4], 1),
        "a histogram",
    ],
)
def test_histograms_differ_in_colors_counts_and_exclusions(other):
    assert ColorHistogram([[1, 2, 3]], [4]) != other


def test_only_histograms_add():
    with pytest.raises(TypeError, match="unsupported operand"):
        ColorHistogram([[1, 2, 3]], [4]) + 1


@pytest.mark.parametrize(
    ("colors", "counts", "parts"),
    [
        ([[0, 0, 0]], [1, 2], ("one count a color", "1 colors and 2 counts")),
        ([[0, 0, 0]], [0], ("at least 1", "got 0")),
        ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], [1, 1, 1], ("must be distinct", "#000000 twice")),
    ],
)
def test_what_is_no_histogram_is_refused(refused, colors, counts, parts):
    with refused(*parts):
        ColorHistogram(colors, counts)


def test_counting_reports_each_block_and_ends_at_1(monkeypatch, photo):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", 1)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 10 * photo.shape[1])
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    told = []
    count_colors(photo, progress=lambda fraction, what: told.append((fraction, what)))
    assert [fraction for fraction, _ in told] == [(i + 1) / 19 for i in range(19)]
    assert {what for _, what in told} == {"Counting colors"}


@pytest.mark.parametrize("n_threads", [1, 3])
def test_counting_stops_when_cancelled(monkeypatch, photo, n_threads):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 3000)
    monkeypatch.setattr("napari_colorcluster.core.pixels.in_memory.FEW_PIXELS", 0)
    calls = []

    def cancel_at_once(fraction, what):
        calls.append(fraction)
        raise Cancelled

    with pytest.raises(Cancelled):
        count_colors(photo, progress=cancel_at_once)
    assert len(calls) == 1


def test_histograms_can_be_summed(photo, astronaut):
    both = [count_colors(photo), count_colors(astronaut)]
    assert sum(both) == both[0] + both[1]


@pytest.mark.parametrize(
    ("colors", "counts", "named"),
    [
        (np.array([[300, 0, 0]]), [1], "300"),
        (np.array([[-1, 0, 0]]), [1], "-1"),
        ([[1, 2, 3]], [1.5], "1.5"),
    ],
)
def test_numbers_that_would_not_fit_are_refused(refused, colors, counts, named):
    with refused(named, "must be integers in"):
        ColorHistogram(colors, counts)


def test_counts_of_equal_codes_add_up_and_those_of_nothing_are_none():
    parts = [(np.int32([7, 3, 7]), np.int64([1, 2, 4])), (np.int32([3]), np.int64([10]))]
    for given_parts, codes, counts in ((parts, [3, 7], [12, 5]), ([], [], [])):
        merged = merge_counts(given_parts)
        assert [each.tolist() for each in merged] == [codes, counts]
        assert [each.dtype for each in merged] == [np.int32, np.int64]

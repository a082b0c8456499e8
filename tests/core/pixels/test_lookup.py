"""Labels of colors: a table for the known, a rule for the others, one pass over the pixels."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.core.pixels.label_table import TABLES
from napari_colorcluster.core.pixels.lookup import LookUp, label_dtype
from napari_colorcluster.core.pixels.passes import (
    paint_labels,
    predict,
    predict_and_paint,
    quantize,
)
from napari_colorcluster.core.support.progress import Cancelled

KNOWN = np.array([[0, 0, 0], [128, 7, 9], [255, 255, 255]], np.uint8)
COLORS = np.array([[0, 0, 0], [10, 20, 30], [40, 50, 60], [70, 80, 90]], np.uint8)


def by_green(colors):
    return 1 + colors[:, 1] % 3


def make_look_up(rule=by_green):
    return LookUp(encode(KNOWN), np.array([3, 1, 2], np.uint8), 3, rule)


LOOK_UP = make_look_up()
"""One for all tests that only look up; clearing a table for each would take most of their time."""


def expected_labels(image, mask=True):
    """What `make_look_up` must give, pixel by pixel."""
    known = {tuple(color): label for color, label in zip(KNOWN.tolist(), [3, 1, 2], strict=True)}
    colors = map(tuple, image[..., :3].reshape(-1, 3).tolist())
    labels = [known.get((red, green, blue), 1 + green % 3) for red, green, blue in colors]
    return np.reshape(labels, image.shape[:-1]) * mask


IMAGES = arrays(np.uint8, (6, 7, 3), elements=st.sampled_from([0, 7, 9, 128, 255]))


@pytest.mark.parametrize(
    ("n_labels", "dtype"), [(1, "uint8"), (255, "uint8"), (256, "uint16"), (65_535, "uint16")]
)
def test_labels_have_the_smallest_type_that_holds_them(n_labels, dtype):
    assert label_dtype(n_labels) == dtype


@given(IMAGES)
def test_known_colors_have_their_labels_and_others_the_rules(image):
    np.testing.assert_array_equal(predict(LOOK_UP, image), expected_labels(image))


@given(IMAGES, arrays(bool, (6, 7)))
def test_what_is_masked_has_label_0(image, mask):
    labels = predict(LOOK_UP, image, mask)
    np.testing.assert_array_equal(labels, expected_labels(image, mask))


@given(IMAGES, arrays(bool, (6, 7)))
def test_with_alpha_the_same_labels_are_found_where_there_is_enough_of_it(image, opaque):
    rgba = np.concatenate([image, np.uint8(255) * opaque[..., np.newaxis]], axis=-1)
    np.testing.assert_array_equal(predict(LOOK_UP, rgba), expected_labels(image, opaque))


def test_what_is_transparent_or_not_finite_has_label_0_and_is_painted_with_its_color():
    image = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, np.nan, 1, 1], [0, 0, 0, 1]])
    assert predict(LOOK_UP, image).tolist() == [2, 0, 0, 3]
    np.testing.assert_array_equal(quantize(LOOK_UP, image, COLORS), COLORS[[2, 0, 0, 3]])


def test_the_rule_is_asked_once_for_each_unknown_color_that_takes_part(photo):
    asked = []

    def remembering(colors):
        asked.extend(map(tuple, colors.tolist()))
        return by_green(colors)

    mask = np.arange(photo.shape[1]) < 100
    mask = np.broadcast_to(mask, photo.shape[:2])
    look_up = make_look_up(remembering)
    for _ in range(2):
        predict(look_up, photo, mask)
    assert len(asked) == len(set(asked))
    assert set(asked) == {*map(tuple, photo[mask].tolist())} - {*map(tuple, KNOWN.tolist())}


@pytest.mark.parametrize("n_threads", [1, 2, 5])
def test_threads_and_blocks_do_not_change_the_labels(monkeypatch, photo, n_threads):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 1000)
    np.testing.assert_array_equal(predict(make_look_up(), photo), expected_labels(photo))


def test_more_than_255_labels_fit():
    colors = np.stack([np.arange(300) // 256, np.arange(300) % 256, np.zeros(300)], axis=1)
    colors = colors.astype(np.uint8)
    look_up = LookUp(encode(colors), np.arange(1, 301), 300, by_green)
    labels = predict(look_up, colors[::-1])
    assert labels.dtype == np.uint16
    assert labels.tolist() == list(range(300, 0, -1))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4, 3), (0, 5, 3), (5, 0, 3)])
def test_labels_have_the_shape_of_the_image_without_channels(shape):
    image = np.zeros(shape, np.uint8)
    assert predict(LOOK_UP, image).shape == shape[:-1]
    assert quantize(LOOK_UP, image, COLORS).shape == shape


@given(IMAGES)
def test_painting_is_labeling_and_taking_the_labels_colors(image):
    np.testing.assert_array_equal(quantize(LOOK_UP, image, COLORS), COLORS[predict(LOOK_UP, image)])


@given(arrays(np.uint8, (5, 7, 3), elements=st.sampled_from([0, 7, 128, 255])), st.data())
def test_both_in_one_pass_are_what_two_passes_give(image, data):
    mask = data.draw(st.none() | arrays(bool, (5, 7)))
    colors = np.arange(16, dtype=np.uint8).reshape(4, 4)
    labels, painted = predict_and_paint(LOOK_UP, image, colors, mask)
    np.testing.assert_array_equal(labels, predict(LOOK_UP, image, mask))
    np.testing.assert_array_equal(painted, colors[labels])


@pytest.mark.parametrize("block_pixels", [1, 5, 64])
def test_painting_in_words_leaves_no_pixel_out(monkeypatch, thumbnail, block_pixels):
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", block_pixels)
    image = thumbnail[:7, :13]
    labels, painted = predict_and_paint(LOOK_UP, image, COLORS)
    np.testing.assert_array_equal(painted, COLORS[labels])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, ">u2", np.int64, bool])
@pytest.mark.parametrize("n_channels", [3, 4])
def test_labels_are_painted_whatever_their_layout(dtype, n_channels):
    labels = np.asfortranarray(np.arange(24).reshape(4, 6) % 4).astype(dtype)[::-1]
    labels.setflags(write=False)
    colors = np.arange(4 * n_channels, dtype=np.uint8).reshape(4, n_channels)
    np.testing.assert_array_equal(paint_labels(labels, colors), colors[labels.astype(int)])


@pytest.mark.parametrize("n_colors", [255, 256, 257, 65536])
@pytest.mark.parametrize("n_channels", [3, 4])
def test_every_color_is_painted_however_many_there_are(n_colors, n_channels):
    labels = np.arange(n_colors)
    colors = np.random.default_rng(0).integers(0, 256, (n_colors, n_channels), np.uint8)
    np.testing.assert_array_equal(paint_labels(labels, colors), colors)


@settings(max_examples=20)
@given(
    rows=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    columns=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    channels=st.sampled_from([(3,), (1, 2), (2, 1), (1, 1, 1)]),
    scheduler=st.sampled_from(["synchronous", "threads"]),
    lazy_mask=st.booleans(),
    data=st.data(),
)
def test_dask_gives_what_numpy_gives_however_it_is_chunked(
    rows, columns, channels, scheduler, lazy_mask, data
):
    shape = (sum(rows), sum(columns))
    image = data.draw(arrays(np.uint8, (*shape, 3), elements=st.sampled_from([0, 7, 128, 255])))
    mask = data.draw(st.none() | arrays(bool, shape))
    chunked = da.from_array(image, chunks=(tuple(rows), tuple(columns), channels))
    chunked_mask = da.from_array(mask, chunks=2) if lazy_mask and mask is not None else mask
    with dask.config.set(scheduler=scheduler):
        labels = predict(LOOK_UP, chunked, chunked_mask).compute()
        painted = quantize(LOOK_UP, chunked, COLORS, chunked_mask).compute()
    np.testing.assert_array_equal(labels, predict(LOOK_UP, image, mask))
    np.testing.assert_array_equal(painted, quantize(LOOK_UP, image, COLORS, mask))
    assert (labels.dtype, painted.dtype) == (np.uint8, np.uint8)


def test_a_dask_image_is_not_computed_before_its_labels_are():
    def fail(block):
        raise AssertionError("computed too early")

    image = da.zeros((40, 60, 3), chunks=(10, 20, 3), dtype=np.uint8)
    image = image.map_blocks(fail, dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))
    labels, painted = predict(LOOK_UP, image), quantize(LOOK_UP, image, COLORS)
    assert (labels.shape, labels.dtype) == ((40, 60), np.uint8)
    assert (painted.shape, painted.dtype) == ((40, 60, 3), np.uint8)
    assert labels.chunks == ((10,) * 4, (20,) * 3)
    with pytest.raises(AssertionError, match="computed too early"):
        labels.compute()


def test_a_part_of_a_lazy_result_is_that_part_of_the_whole(photo):
    lazy = predict(LOOK_UP, da.from_array(photo, chunks=(40, 50, 3)))
    np.testing.assert_array_equal(lazy[30:60, 45:110], expected_labels(photo[30:60, 45:110]))


def test_pickling_leaves_the_table_behind(thumbnail):
    look_up = make_look_up()
    labels = predict(look_up, thumbnail)
    pickled = pickle.dumps(look_up)
    assert len(pickled) < 10_000
    np.testing.assert_array_equal(predict(pickle.loads(pickled), thumbnail), labels)


@given(IMAGES, st.none() | arrays(bool, (6, 7)))
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_other_labels_come_from_the_same_table(dtype, image, mask):
    label_of = np.array([0, 7, 0, 200], dtype)
    colors = np.arange(3 * 201, dtype=np.uint16).astype(np.uint8).reshape(-1, 3)
    expected = label_of[predict(LOOK_UP, image, mask)]
    labels = predict(LOOK_UP, image, mask, label_of=label_of)
    assert labels.dtype == dtype
    np.testing.assert_array_equal(labels, expected)
    labels, painted = predict_and_paint(LOOK_UP, image, colors, mask, label_of=label_of)
    np.testing.assert_array_equal(labels, expected)
    np.testing.assert_array_equal(painted, colors[expected])
    painted = quantize(LOOK_UP, image, colors, mask, label_of=label_of)
    np.testing.assert_array_equal(painted, colors[expected])


def test_only_the_tables_used_last_are_kept_and_any_is_made_again(thumbnail):
    several = [make_look_up() for _ in range(5)]
    expected = expected_labels(thumbnail)
    for look_up in several:
        np.testing.assert_array_equal(predict(look_up, thumbnail), expected)
    assert [look_up.token in TABLES for look_up in several] == [False, False, True, True, True]
    predict(several[2], thumbnail)
    np.testing.assert_array_equal(predict(several[0], thumbnail), expected)
    assert [look_up.token in TABLES for look_up in several] == [True, False, True, False, True]


def test_threads_that_use_many_tables_at_once_agree(thumbnail):
    several = [make_look_up() for _ in range(6)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda each: predict(each, thumbnail), several * 3))
    for labels in found:
        np.testing.assert_array_equal(labels, expected_labels(thumbnail))


@pytest.mark.parametrize("method", [predict, quantize])
def test_a_mask_of_another_shape_is_refused(refused, thumbnail, method):
    arguments = [COLORS] if method is quantize else []
    with refused("image's shape without channels, (47, 68)", "got (47, 67)."):
        method(LOOK_UP, thumbnail, *arguments, mask=np.ones((47, 67), bool))


def test_labeling_reports_each_block_and_stops_when_cancelled(monkeypatch, photo):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", 1)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 10 * photo.shape[1])
    look_up, told = make_look_up(), []

    def cancel_at_fourth(fraction, what):
        told.append(fraction)
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        predict(look_up, photo, progress=cancel_at_fourth)
    assert told == [(i + 1) / 19 for i in range(4)]
    np.testing.assert_array_equal(predict(look_up, photo), expected_labels(photo))


@pytest.mark.parametrize("n_threads", [1, 3])
def test_labeling_reports_rising_fractions_on_any_number_of_threads(monkeypatch, photo, n_threads):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 10 * photo.shape[1])
    told = []
    predict(make_look_up(), photo, progress=lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1

    def cancel(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        predict(make_look_up(), photo, progress=cancel)


@pytest.mark.parametrize("wrong", [4, 200, -1])
def test_a_label_without_a_color_is_refused(refused, wrong):
    labels = np.zeros((5, 5), np.int16)
    labels[2, 2] = wrong
    with refused(f"0..3, got {wrong}"):
        paint_labels(labels, COLORS)


def test_lazy_labels_are_painted_lazily():
    labels = np.arange(24, dtype=np.uint8).reshape(4, 6) % 4
    lazy = paint_labels(da.from_array(labels, chunks=(3, 2)), COLORS)
    assert isinstance(lazy, da.Array)
    np.testing.assert_array_equal(lazy.compute(), paint_labels(labels, COLORS))


@pytest.mark.parametrize("n_channels", [3, 4])
def test_labels_and_colors_are_written_where_the_caller_wants_them(photo, n_channels):
    colors = np.arange(4 * n_channels, dtype=np.uint8).reshape(4, n_channels)
    expected = expected_labels(photo)
    labels = np.empty(photo.shape[:-1], np.uint8)
    painted = np.empty((*labels.shape, n_channels), np.uint8)
    assert predict(LOOK_UP, photo, out=labels) is labels
    np.testing.assert_array_equal(labels, expected)
    assert quantize(LOOK_UP, photo, colors, out=painted) is painted
    np.testing.assert_array_equal(painted, colors[expected])
    labels[...], painted[...] = 0, 0
    found = predict_and_paint(LOOK_UP, photo, colors, out=(labels, painted))
    assert found[0] is labels
    assert found[1] is painted
    np.testing.assert_array_equal(labels, expected)
    np.testing.assert_array_equal(painted, colors[expected])


@pytest.mark.parametrize("wrong", [np.empty((185, 271), np.uint8), np.empty((185, 272), np.uint16)])
def test_an_output_that_does_not_fit_is_refused(refused, photo, wrong):
    with refused("out must be an array of type uint8 and shape (185, 272)", f"got {wrong.dtype}"):
        predict(LOOK_UP, photo, out=wrong)

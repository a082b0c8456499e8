"""What napari's tools paint in a clusters layer becomes part of the result, and is counted."""

import gc
from weakref import ref

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.painting.hand_painting import paint_with
from napari_colorcluster.layers.result.results import results

REFUSED = "No cluster is numbered 9: choose a row of the table to paint with its cluster."


def as_array(data):
    return data


def as_stack(data):
    return np.stack([data, data[::-1], data])


def as_dask(data):
    return da.from_array(data, chunks=(16, 20, 3))


class Painter:
    """A clusters layer, and what is known of its result."""

    def __init__(self, data):
        self.viewer = ViewerModel()
        self.image = self.viewer.add_image(data, name="photo", rgb=True)
        ncc.cluster_layer(self.viewer, n_clusters=4)
        self.layer = self.shown.labels
        self.layer.brush_size = 7
        self.plain = np.array(self.layer.data)

    @property
    def shown(self):
        return results.of(self.image)

    @property
    def labels(self):
        return np.array(self.layer.data)

    def assert_all_tells_the_same(self):
        """As if it were made anew, at full length."""
        shown = self.shown
        expected = shown.segmentation.paint(shown.shown.pictures)
        np.testing.assert_array_equal(self.labels, np.asarray(expected.labels[0]))
        np.testing.assert_array_equal(
            np.asarray(shown.quantized.data), np.asarray(expected.quantized[0])
        )
        assert shown.palette == expected.palette
        counts = np.bincount(self.labels.ravel(), minlength=5)
        np.testing.assert_array_equal(shown.palette.pixels, counts[shown.palette.labels])
        assert (
            self.layer.features["pixels"].tolist() == counts[self.layer.features["index"]].tolist()
        )


@pytest.fixture
def painter(thumbnail, told):
    return Painter(thumbnail.copy())


@pytest.mark.parametrize("kind", [as_array, as_stack, as_dask])
def test_what_each_tool_paints_is_counted_and_can_be_undone_in_napari(kind, thumbnail, told):
    painter = Painter(kind(thumbnail))
    layer, plane = painter.layer, (0,) * (painter.layer.ndim - 2)
    pictures = [painter.labels]
    corners = [(*plane, *corner) for corner in [(2, 2), (9, 30), (30, 5)]]
    for paint in (
        lambda: layer.paint((*plane, 10, 12), 3),
        lambda: layer.fill((*plane, 10, 12), 1),
        lambda: layer.paint((*plane, 12, 14), 0),
        lambda: layer.paint_polygon(corners, 4),
    ):
        paint()
        assert not np.array_equal(painter.labels, pictures[-1])
        painter.assert_all_tells_the_same()
        pictures.append(painter.labels)
    for picture in reversed(pictures[:-1]):
        layer.undo()
        np.testing.assert_array_equal(painter.labels, picture)
        painter.assert_all_tells_the_same()
    for picture in pictures[1:]:
        layer.redo()
        np.testing.assert_array_equal(painter.labels, picture)
        painter.assert_all_tells_the_same()


def test_the_steps_of_one_stroke_make_one_result(painter):
    heard = []
    results.changed.connect(heard.append)
    with painter.layer.block_history():
        painter.layer.paint((10, 10), 3)
        painter.layer.paint((10, 14), 2)
        painter.layer.paint((10, 12), 3)
        assert not heard
    results.changed.disconnect(heard.append)
    assert heard == [painter.image]
    painter.assert_all_tells_the_same()
    changed = np.flatnonzero(painter.labels != painter.plain)
    assert set(changed) <= set(painter.shown.segmentation.overlay.pixels)


def test_a_stroke_that_napari_undoes_gives_the_very_result_before(painter):
    before = painter.shown.segmentation
    painter.layer.paint((10, 10), 3)
    after = painter.shown.segmentation
    assert after is not before
    painter.layer.undo()
    assert painter.shown.segmentation is before
    painter.layer.redo()
    assert painter.shown.segmentation is after


@pytest.mark.parametrize("refresh", [True, False])
def test_single_pixels_are_counted(painter, refresh):
    indices = np.array([1, 5, 1, 40]), np.array([-1, 7, -1, 60])
    painter.layer.data_setitem(indices, np.array([2, 3, 2, 1]), refresh)
    assert painter.labels[1, -1] == 2
    painter.assert_all_tells_the_same()


@pytest.mark.parametrize("stroke", [True, False])
def test_a_number_that_no_cluster_has_is_put_back(painter, told, stroke):
    painter.layer.paint((30, 30), 2)
    before = painter.labels
    if stroke:
        with painter.layer.block_history():
            painter.layer.paint((28, 28), 9)
    else:
        painter.layer.paint((28, 28), 9)
    assert [said for _, said in told] == [REFUSED]
    np.testing.assert_array_equal(painter.labels, before)
    painter.assert_all_tells_the_same()
    told.clear()
    painter.layer.undo()
    painter.layer.redo()
    assert [said for _, said in told] == [
        "There is no cluster 9 any more, so napari could not undo these pixels."
    ]
    np.testing.assert_array_equal(painter.labels, before)
    told.clear()


def test_of_what_is_set_at_once_only_clusters_stay(painter, told):
    rows = np.arange(4)
    painter.layer.data_setitem((rows, rows), np.array([1, 9, 2, 9]))
    expected = painter.plain.copy()
    expected[[0, 2], [0, 2]] = 1, 2
    np.testing.assert_array_equal(painter.labels, expected)
    painter.assert_all_tells_the_same()
    assert told.pop()[1] == REFUSED


def test_a_refused_dab_does_not_undo_what_is_painted_over_it_later(painter, told):
    painter.layer.data_setitem((np.array([3]), np.array([3])), 9, refresh=False)
    assert told.pop()[1] == REFUSED
    with painter.layer.block_history():
        painter.layer.paint((3, 3), 2)
        painter.layer.paint((4, 4), 2)
    assert painter.labels[3, 3] == 2
    painter.assert_all_tells_the_same()


def test_data_that_are_set_are_painted(painter, told):
    data = painter.labels.astype(np.int64)
    data[5:9, 5:9], data[0, 0] = 4, 9
    painter.layer.data = data
    expected = painter.plain.copy()
    expected[5:9, 5:9] = 4
    np.testing.assert_array_equal(painter.labels, expected)
    assert painter.layer.data.dtype == np.uint8
    painter.assert_all_tells_the_same()
    assert told.pop()[1] == REFUSED
    same = painter.layer.data
    same[20:22] = 1
    painter.layer.data = same
    assert (painter.labels[20:22] == 1).all()
    painter.assert_all_tells_the_same()


def test_data_that_are_set_in_place_of_a_lazy_array_are_painted(thumbnail, told):
    painter = Painter(as_dask(thumbnail))
    data = painter.labels
    data[5:9, 5:9] = 4
    for given in (data, as_dask(thumbnail)[..., 0] * 0 + 2):
        painter.layer.data = given
        np.testing.assert_array_equal(painter.labels, np.asarray(given))
        assert isinstance(painter.layer.data, da.Array)
        painter.assert_all_tells_the_same()


def test_data_of_another_shape_are_no_result(painter):
    before = painter.shown
    painter.layer.data = np.ones((4, 4), np.uint8)
    assert painter.shown is before


def test_another_result_is_not_what_a_person_has_painted(painter):
    painter.layer.paint((10, 10), 3)
    ncc.cluster_layer(painter.viewer, painter.image, n_clusters=3)
    assert painter.shown.segmentation.overlay is None
    # What napari would undo is where the stroke was; it is painted as it was before.
    painter.layer.undo()
    painter.assert_all_tells_the_same()


def test_what_is_painted_where_the_image_looks_otherwise_counts(painter, told):
    painter.image.contrast_limits = (0, 128)
    painter.layer.paint((10, 10), 3)
    assert painter.shown is None
    assert results.last(painter.image).segmentation.overlay.n_pixels
    assert not told


def test_what_is_painted_where_the_image_has_other_data_is_no_result(painter, told):
    painter.image.data = painter.image.data[::-1].copy()
    painter.layer.paint((10, 10), 9)
    assert results.last(painter.image).segmentation.overlay is None
    assert not told


def test_metadata_hold_what_was_painted(painter):
    painter.layer.data_setitem((np.array([2, 2]), np.array([5, 6])), np.array([3, 4]))
    for layer in (painter.layer, painter.shown.quantized):
        stored = layer.metadata[METADATA_KEY]["overlay"]
        assert Overlay.from_dict(stored) == painter.shown.segmentation.overlay


def test_what_is_hidden_is_found_when_it_is_shown(painter):
    painter.layer.paint((10, 10), 3)
    painter.layer.visible = False
    painter.layer.undo()
    painter.layer.visible = True
    painter.assert_all_tells_the_same()
    np.testing.assert_array_equal(painter.labels, painter.plain)


def test_one_paints_with_the_cluster_that_is_chosen(painter):
    paint_with(painter.layer, (3,))
    assert painter.layer.selected_label == 3
    paint_with(painter.layer, (1, 2))
    paint_with(painter.layer, ())
    paint_with(None, (1,))
    assert painter.layer.selected_label == 3


def test_nothing_holds_a_layer_that_was_painted_in(painter):
    painter.layer.paint((10, 10), 3)
    layer, image = ref(painter.layer), ref(painter.image)
    vars(painter).clear()
    # What the first collection finds may hold others weakly.
    gc.collect()
    gc.collect()
    assert (layer(), image()) == (None, None)

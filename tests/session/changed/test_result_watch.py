"""Whether pixels and region of a result are still its own: looked at when they may have changed."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.session.changed import recount
from napari_colorcluster.session.changed.changes import OUTLINE, PIXELS
from napari_colorcluster.session.changed.result_watch import ResultWatch


@pytest.fixture
def watch():
    watch = ResultWatch()
    yield watch
    watch.close()


@pytest.fixture
def image(viewer):
    image = viewer.layers["photo"]
    image.data = image.data.copy()
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    return image


@pytest.fixture
def looked(monkeypatch):
    """The results that are looked at."""
    looked, do = [], recount.Look.do

    def note_and_do(look, progress):
        looked.append(look.made)
        return do(look, progress)

    monkeypatch.setattr(recount.Look, "do", note_and_do)
    return looked


@pytest.fixture
def settle(qtbot, watch):
    return lambda: qtbot.waitUntil(lambda: not watch.is_busy, timeout=30_000)


def test_pixels_are_looked_at_once_they_rest(watch, image, settle, looked):
    heard = []
    watch.changed.connect(lambda: heard.append(watch.seen))
    watch.watch(image, None)
    assert not watch.is_busy
    image.data[:5] = 0
    for _ in range(5):
        image.refresh()
    settle()
    assert heard == [{PIXELS}]
    assert len(looked) == 1
    image.refresh()
    settle()
    assert len(heard) == 1


def test_no_pixels_are_looked_at_of_what_has_no_result(watch, viewer, thumbnail, settle, looked):
    other = viewer.add_image(thumbnail.copy(), name="other", rgb=True)
    watch.watch(other, None)
    other.refresh()
    settle()
    watch.watch(None, None)
    assert looked == []


def test_a_slider_counts_nothing(watch, viewer, thumbnail, settle, looked):
    stack = viewer.add_image(np.stack([thumbnail] * 3), name="stack", rgb=True)
    ncc.cluster_layer(viewer, "stack", n_clusters=3)
    watch.watch(stack, None)
    for step in (1, 2, 0):
        viewer.dims.set_point(0, step)
    assert not watch.is_busy
    assert looked == []


def test_another_result_of_the_same_masks_has_the_same_outline(watch, viewer, image, settle):
    drawn = np.zeros(image.data.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region=Region(leaf).to_dict())
    watch.watch(image, Region(leaf))
    leaf.translate = (0, 2)
    settle()
    assert watch.seen == {OUTLINE}
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region=Region(leaf).to_dict())
    watch.watch(image, Region(leaf))
    assert watch.seen == set()
    settle()
    assert watch.seen == set()


def test_closed_it_tells_nothing(watch, image, qtbot, looked):
    watch.watch(image, None)
    image.refresh()
    watch.close()
    assert not watch.is_busy
    image.refresh()
    assert not watch.is_busy
    assert looked == []

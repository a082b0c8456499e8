"""Patterns measured in the background: what is measured, and that the last request counts."""

import threading

import numpy as np
import pytest
from napari.layers import Labels
from scipy.ndimage import center_of_mass

import napari_colorcluster as ncc
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session import pattern_requests
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.pattern_requests import (
    BoundariesRequest,
    ObjectsRequest,
    PatternRequest,
)

pytestmark = pytest.mark.usefixtures("warm")


def silent(*_):
    pass


@pytest.fixture
def result(viewer):
    image = viewer.layers["photo"]
    image.scale, image.units = (0.5, 0.5), ("mm", "mm")
    ncc.cluster_layer(viewer, image, n_clusters=4, min_pixels=5)
    return results.of(image)


@pytest.fixture
def work(qtbot):
    work = LatestJob()
    work.heard, work.errors = [], []
    work.returned.connect(lambda *what: work.heard.append(what))
    work.failed.connect(work.errors.append)
    yield work
    work.close()
    qtbot.waitUntil(lambda: not work.is_busy)


def test_what_is_shown_of_a_result_is_measured_specks_removed_and_painted(result):
    result.labels.data[:5, :9] = 2
    found = PatternRequest.of(result.labels).do(silent)
    expected = ncc.measure_pattern(
        result.labels.data, result.palette, spacing=(0.5, 0.5), unit="mm"
    )
    assert found.pattern.indices().equals(expected.indices())
    assert found.patches.equals(expected.patches())
    np.testing.assert_array_equal(found.numbers, expected.label_patches())


def test_of_a_pyramid_the_full_resolution_is_measured():
    full = np.random.default_rng(0).integers(1, 4, (40, 60), np.uint8)
    layer = Labels([full, full[::2, ::2]], multiscale=True)
    found = PatternRequest.of(layer).do(silent)
    assert found.pattern.pixels.sum() == full.size


def test_patches_are_left_out_where_there_would_be_too_many_pixels(monkeypatch, result):
    monkeypatch.setattr(pattern_requests, "MAX_PATCHED", 100)
    found = PatternRequest.of(result.labels).do(silent)
    assert found.patches is None
    assert found.numbers is None
    assert found.pattern.n_clusters == 4


def test_a_request_is_the_same_until_what_it_measures_changes(result):
    labels = result.labels
    asked = PatternRequest.of(labels)
    assert asked.is_same(PatternRequest.of(labels))
    labels.scale = (0.5, 2)
    assert not asked.is_same(PatternRequest.of(labels))
    labels.scale = (0.5, 0.5)
    labels.data = labels.data.copy()
    assert not asked.is_same(PatternRequest.of(labels))


def test_the_shares_of_objects_are_those_of_masks(viewer, result):
    image = viewer.layers["photo"]
    drawn = np.zeros((47, 68), int)
    drawn[2:9, 3:30], drawn[20:40, 10:50], drawn[0:1, 60:] = 4, 9, 4
    leaves = viewer.add_labels(drawn, name="leaves", scale=(0.5, 0.5), units=("mm", "mm"))
    region = Region(leaves, each=True)
    clustering = ncc.cluster_layer(viewer, image, n_clusters=3, region=region)
    objects = ObjectsRequest.of(image, results.of(image)).do(silent)
    expected = ncc.shares_by_label(
        *(clustering, image.data, drawn, drawn > 0), pixel_size=ncc.pixel_size_of(image)
    )
    assert objects.shares().equals(expected)
    assert list(objects.patterns) == [4, 9]
    centers = center_of_mass(drawn > 0, drawn, [4, 9])
    np.testing.assert_allclose(objects.centers, centers)
    mask, (top, left) = objects.mask_of(1)
    assert (mask.shape, top, left) == ((20, 40), 20, 10)
    assert mask.all()


def test_boundaries_are_painted_on_request(result):
    found = PatternRequest.of(result.labels).do(silent)
    painted = BoundariesRequest(found).do(silent)
    labels = result.labels.data
    beside = np.zeros(labels.shape, bool)
    beside[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    beside[:, :-1] |= labels[:, 1:] != labels[:, :-1]
    beside[1:] |= labels[1:] != labels[:-1]
    beside[:-1] |= labels[1:] != labels[:-1]
    np.testing.assert_array_equal(painted > 0, beside)


def test_of_what_is_asked_for_one_after_the_other_the_last_is_measured(qtbot, work, result):
    go = threading.Event()

    class Held:
        def do(self, progress):
            go.wait(30)
            progress(0.5, "half")
            return "held"

    asked = PatternRequest.of(result.labels)
    held = Held()
    work.start(held)
    work.start(Held())
    work.start(asked)
    assert work.is_busy
    go.set()
    qtbot.waitUntil(lambda: not work.is_busy, timeout=30_000)
    ((request, measured),) = work.heard
    assert request is asked
    assert measured.pattern.n_clusters == 4


def test_what_cannot_be_measured_is_told(qtbot, work):
    work.start(PatternRequest.of(Labels(np.full((3, 3), 70_000))))
    qtbot.waitUntil(lambda: not work.is_busy, timeout=30_000)
    assert not work.heard
    assert "Labels must be in 0..65535" in str(work.errors[0])


def test_what_is_cancelled_is_not_told(qtbot, work, result):
    work.start(PatternRequest.of(result.labels))
    work.cancel()
    qtbot.waitUntil(lambda: not work.is_busy, timeout=30_000)
    assert not work.heard
    assert not work.errors

"""Work in the background: one job at a time, and what happens to the image meanwhile is heeded."""

import threading

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.settings import Settings
from napari_colorcluster.layers import results as results_module
from napari_colorcluster.layers.results import results
from napari_colorcluster.widgets import session as session_module
from napari_colorcluster.widgets.session import Session


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    yield session
    session.close()


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def finish(qtbot, session):
    def wait():
        qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)

    return wait


@pytest.fixture
def held(monkeypatch):
    """Hold every job at its last step, until ``go`` is set; ``reached`` tells that it is there."""
    reached, go = threading.Event(), threading.Event()
    paint = results_module.paint_levels

    def wait_and_paint(*args, **kwargs):
        reached.set()
        assert go.wait(30)
        return paint(*args, **kwargs)

    monkeypatch.setattr(session_module, "paint_levels", wait_and_paint)
    yield reached, go
    go.set()


def test_it_shows_what_the_console_would(session, image, viewer, finish, thumbnail):
    session.cluster(image, 4, Settings("agglomerative", "rgb"))
    finish()
    expected = ncc.cluster_colors(thumbnail, 4, "agglomerative", "rgb")
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected.predict(thumbnail))
    assert results.of(image).clustering.palette == expected.palette


def test_a_sweep_is_kept_for_its_image(session, image, finish, thumbnail):
    swept = []
    session.swept.connect(swept.append)
    session.sweep(image, range(2, 5), Settings())
    finish()
    assert swept == [image]
    assert list(session.sweep_of(image)) == [2, 3, 4]
    image.data = thumbnail[::-1].copy()
    assert session.sweep_of(image) is None


def test_a_clustering_of_a_sweep_is_shown(session, image, viewer, finish):
    session.sweep(image, range(2, 5), Settings())
    finish()
    session.show(image, session.sweep_of(image)[3])
    finish()
    assert np.unique(viewer.layers["photo clusters"].data).tolist() == [1, 2, 3]


def test_busy_begins_and_ends_once(session, image, finish):
    heard = []
    session.busy.connect(heard.append)
    session.cluster(image, 2, Settings())
    finish()
    assert heard == [True, False]


def test_a_cancelled_job_leaves_nothing(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    session.cancel()
    go.set()
    finish()
    assert [layer.name for layer in viewer.layers] == ["photo"]
    assert results.of(image) is None


def test_a_removed_image_gets_no_result(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    viewer.layers.remove(image)
    go.set()
    finish()
    assert len(viewer.layers) == 0


def test_replaced_data_get_no_result_of_the_old(session, image, viewer, finish, held, thumbnail):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    image.data = thumbnail[:20, :30].copy()
    go.set()
    finish()
    assert [layer.name for layer in viewer.layers] == ["photo"]


def test_other_layers_may_come_and_go(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    viewer.layers.remove(viewer.add_points([[1, 1]]))
    go.set()
    finish()
    assert "photo clusters" in viewer.layers


def test_closing_stops_the_work(qtbot, viewer, image, held):
    session = Session(viewer)
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    session.close()
    go.set()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    assert [layer.name for layer in viewer.layers] == ["photo"]


def test_what_a_person_can_mend_is_told_in_a_sentence(session, image, told, finish):
    session.cluster(image, 10**4, Settings())
    finish()
    [(severity, message)] = told
    assert severity == "error"
    assert "10000 is more than the" in message
    assert "distinct colors" in message
    told.clear()


def test_what_nobody_expected_is_told_in_full(session, image, told, finish, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("unheard of")

    monkeypatch.setattr(session_module, "cluster_histogram", fail)
    session.cluster(image, 2, Settings())
    finish()
    [(severity, message)] = told
    assert severity == "error"
    assert "unheard of" in message
    told.clear()


def test_one_job_at_a_time(session, image, finish):
    session.cluster(image, 2, Settings())
    with pytest.raises(RuntimeError, match="one job"):
        session.cluster(image, 3, Settings())
    finish()


def test_an_image_of_another_viewer_is_not_mixed_up(qtbot, thumbnail, session, image, finish):
    other = ViewerModel()
    twin = other.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(other, n_clusters=2)
    session.cluster(image, 3, Settings())
    finish()
    assert results.of(twin).clustering.n_clusters == 2
    assert results.of(image).clustering.n_clusters == 3

"""The next k is made while nobody asks for it: the same as if it had been asked for."""

import gc
import threading
import weakref

import dask.array as da
import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.support.progress import Cancelled, silent
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session import prefetch as prefetch_module
from napari_colorcluster.session import session as session_module
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.placed import Placed
from napari_colorcluster.session.prefetch import Prefetch
from napari_colorcluster.session.run import Run
from napari_colorcluster.session.session import Session


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def done(monkeypatch):
    """The k of each run that is done, in their order; a run waits for ``go``, which is set."""
    ks, go = [], threading.Event()
    go.set()
    # On a machine that is busy with other things as well.
    monkeypatch.setattr(session_module, "PATIENCE", 60)
    do = Run.do

    def wait_and_do(run, counted, data, progress, *rest):
        while not go.wait(0.01):
            progress(0.5, "waiting")
        ks.append(run.n_clusters)
        return do(run, counted, data, progress, *rest)

    monkeypatch.setattr(Run, "do", wait_and_do)
    yield ks, go
    go.set()


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    yield session
    session.close()


@pytest.fixture
def cluster(qtbot, session, image):
    """Cluster as a slider does, and wait until it is shown."""

    def cluster(k, **keywords):
        session.cluster(image, k, Settings(), **{"live": True, **keywords})
        qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)
        return results.of(image)

    return cluster


def run_of(image, k, **keywords):
    return Run(image, k, Settings(), Placed(None, image), (), 1, **keywords)


def test_the_next_k_is_prefetched_and_is_what_it_would_have_been(
    qtbot, cluster, done, image, thumbnail
):
    ks, _ = done
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    four = cluster(4)
    qtbot.waitUntil(lambda: ks == [3, 4, 5], timeout=30_000)
    fresh = ncc.cluster_colors(thumbnail, 4)
    assert four.clustering.n_clusters == 4
    assert four.clustering.inertia == fresh.inertia
    # Labels go on from those of three clusters, as ever.
    np.testing.assert_array_equal(four.labels.data, four.clustering.predict(thumbnail))
    np.testing.assert_array_equal(four.quantized.data, four.clustering.quantize(thumbnail))


def test_it_is_made_in_the_direction_in_which_k_goes(qtbot, cluster, done):
    ks, _ = done
    cluster(5)
    qtbot.waitUntil(lambda: ks == [5, 6], timeout=30_000)
    cluster(4)
    qtbot.waitUntil(lambda: ks == [5, 6, 4, 3], timeout=30_000)
    cluster(3)
    qtbot.waitUntil(lambda: ks == [5, 6, 4, 3, 2], timeout=30_000)


def test_what_was_made_for_another_k_is_not_shown(qtbot, cluster, done):
    ks, _ = done
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    assert cluster(7).clustering.n_clusters == 7
    assert ks[:3] == [3, 4, 7]


def test_a_run_that_is_still_being_made_is_waited_for(qtbot, session, cluster, done, image):
    ks, go = done
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    cluster(4)
    qtbot.waitUntil(lambda: ks == [3, 4, 5], timeout=30_000)
    go.clear()
    # Five is there; six then is on its way, and held.
    session.cluster(image, 5, Settings(), live=True)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    qtbot.waitUntil(lambda: session.state.prefetch.current.outcome.started.is_set(), timeout=30_000)
    session.cluster(image, 6, Settings(), live=True)
    qtbot.wait(50)
    assert session.is_busy
    assert ks == [3, 4, 5]
    go.set()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    assert results.of(image).clustering.n_clusters == 6
    assert ks[:4] == [3, 4, 5, 6]


@pytest.mark.parametrize("keywords", [{"live": False}, {"edits": [["merge", [1, 2]]]}])
def test_nothing_is_prefetched_after_a_single_run(qtbot, cluster, done, keywords):
    ks, _ = done
    cluster(4, **keywords)
    qtbot.wait(50)
    assert ks == [4]


@pytest.mark.parametrize("kind", ["lazy", "pyramid", "large"])
def test_nothing_is_prefetched_that_takes_much_memory(image, thumbnail, kind, monkeypatch):
    data = (thumbnail,)
    if kind == "lazy":
        data = (da.from_array(thumbnail),)
    elif kind == "pyramid":
        data = (thumbnail, thumbnail[::2, ::2])
    else:
        monkeypatch.setattr(prefetch_module, "MAX_PIXELS", thumbnail[..., 0].size - 1)
    prefetch = Prefetch()
    prefetch.start(run_of(image, 3), Counted(), Shown(data))
    assert prefetch.take(run_of(image, 3), Shown(data)) is None


def prefetched(qtbot, run, pixels):
    prefetch = Prefetch()
    prefetch.start(run, Counted(), Shown((pixels,)))
    qtbot.waitUntil(prefetch.current.outcome.ended.is_set, timeout=30_000)
    return prefetch


def test_it_is_taken_once_and_for_the_same_pixels_alone(qtbot, image, thumbnail):
    run = run_of(image, 3)
    shown = Shown((thumbnail,))
    assert prefetched(qtbot, run, thumbnail).take(run, Shown((thumbnail.copy(),))) is None
    prefetch = prefetched(qtbot, run, thumbnail)
    assert prefetch.take(run, shown).wait(silent).palette.n_pixels == thumbnail[..., 0].size
    assert prefetch.take(run, shown) is None


def test_what_has_failed_is_left_to_who_asks(qtbot, image):
    nothing = np.zeros((4, 4, 4), np.uint8)
    run = run_of(image, 2)
    assert prefetched(qtbot, run, nothing).take(run, Shown((nothing,))).wait(silent) is None


def test_who_waits_can_be_cancelled(qtbot, image, thumbnail, done):
    _, go = done
    go.clear()
    run, prefetch = run_of(image, 3), Prefetch()
    prefetch.start(run, Counted(), Shown((thumbnail,)))
    job, outcome = prefetch.current.job, prefetch.current.outcome
    qtbot.waitUntil(outcome.started.is_set, timeout=30_000)
    wait = prefetch.take(run, Shown((thumbnail,))).wait

    def cancel(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        wait(cancel)
    assert job.abort_requested
    qtbot.waitUntil(outcome.ended.is_set, timeout=30_000)
    assert not outcome.painted


def test_what_is_dropped_is_gone_at_once(qtbot, image, thumbnail):
    prefetch = prefetched(qtbot, run_of(image, 3), thumbnail)
    qtbot.waitUntil(lambda: not prefetch.current.job.is_running, timeout=30_000)
    gone = weakref.ref(prefetch.current.outcome.painted[0])
    # Its memory is to be used again at once, not whenever Python looks for what is in circles.
    gc.disable()
    try:
        prefetch.drop()
        qtbot.waitUntil(lambda: gone() is None, timeout=30_000)
    finally:
        gc.enable()


def test_pixels_that_are_told_to_have_changed_are_looked_up_anew(qtbot, cluster, done, image):
    ks, _ = done
    image.data = image.data.copy()
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    image.data[:] = 255 - image.data
    image.refresh()
    four = cluster(4)
    np.testing.assert_array_equal(four.labels.data, four.clustering.predict(image.data))


def test_an_image_that_is_removed_is_let_go(qtbot, cluster, done, image, viewer, session):
    ks, _ = done
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    assert session.state.prefetch.current is not None
    viewer.layers.remove(image)
    assert session.state.prefetch.current is None


def test_what_is_to_be_counted_anew_is_not_taken_from_what_was_made(
    qtbot, cluster, done, session, image
):
    ks, _ = done
    cluster(3)
    qtbot.waitUntil(lambda: ks == [3, 4], timeout=30_000)
    session.forget(image)
    assert session.state.prefetch.current is None

"""Images of any size and kind: what dask, its schedulers and stores give is what numpy gives."""

import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import monotonic, sleep

import dask
import dask.array as da
import numpy as np
import pytest
from dask.cache import Cache
from dask.callbacks import Callback

from napari_colorcluster import METHODS, ColorHistogram, cluster_colors, count_colors
from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.support.progress import Cancelled

CHUNKS = ((100, 0, 85), (70, 200, 2), (1, 2))
"""Uneven, one empty, and the channels apart."""

TAKE_K = [name for name, method in METHODS.items() if not method().finds_n_clusters]

SLIPPED = "Chunk {} of the image could not be counted: ZeroDivisionError: the scanner slipped."


@pytest.fixture(scope="module")
def clustering(photo):
    return cluster_colors(photo, 4)


@pytest.fixture
def lazy(photo):
    return da.from_array(photo, chunks=CHUNKS)


@pytest.fixture(scope="module")
def processes():
    """Two processes for all tests: starting them takes longer than what they do."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(params=["synchronous", "threads", "processes"])
def scheduler(request):
    """Each of dask's own schedulers in turn."""
    pool = {"pool": request.getfixturevalue("processes")} if request.param == "processes" else {}
    with dask.config.set(scheduler=request.param, num_workers=2, **pool):
        yield request.param


def mapped(function, image):
    return image.map_blocks(function, dtype=image.dtype, meta=np.empty((0,) * image.ndim, np.uint8))


@pytest.mark.usefixtures("scheduler")
def test_every_scheduler_of_dask_gives_what_numpy_gives(lazy, photo, clustering):
    mask = photo[..., 1] > 60
    told = []
    histogram = count_colors(
        lazy, da.from_array(mask, chunks=50), progress=lambda done, what: told.append(done)
    )
    labels, painted = dask.compute(*clustering.predict_and_paint(lazy, mask))
    assert histogram == count_colors(photo, mask)
    assert told == pytest.approx([(i + 1) / 9 for i in range(9)])
    np.testing.assert_array_equal(labels, clustering.predict(photo, mask))
    np.testing.assert_array_equal(painted, clustering.quantize(photo, mask))
    edited = clustering.split(1, 2).merge([2, 3]).set_background(4)
    labels, painted = dask.compute(*edited.predict_and_paint(lazy, mask))
    np.testing.assert_array_equal(labels, edited.predict(photo, mask))
    np.testing.assert_array_equal(painted, edited.quantize(photo, mask))


def test_a_cluster_of_processes_gives_what_numpy_gives(photo, clustering, assert_identical):
    from distributed import Client, LocalCluster

    def tables_made():
        from napari_colorcluster.core.pixels import lookup

        return [(token in lookup.TABLES, token) for token in lookup._arrived]

    def tasks(dask_worker):
        return len(dask_worker.state.tasks)

    def slip(block):
        if block.shape[1] == 32:
            raise ZeroDivisionError("the scanner slipped")
        return block

    def cancel(done, what):
        raise Cancelled

    lazy = da.from_array(photo, chunks=(40, 60, 3))
    told = []
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        with pytest.raises(Cancelled):
            count_colors(lazy, progress=cancel)
        with pytest.raises(ValueError, match=re.escape(SLIPPED.format("(0, 4)"))) as caught:
            count_colors(mapped(slip, lazy)[:40])
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert all_done(client.run, tasks)
        again = cluster_colors(lazy, 4, progress=lambda done, what: told.append(done))
        assert_identical(again, clustering)
        for _ in range(2):
            labels, painted = dask.compute(*clustering.predict_and_paint(lazy))
            np.testing.assert_array_equal(labels, clustering.predict(photo))
            np.testing.assert_array_equal(painted, clustering.quantize(photo))
        # On a worker that had work, one look-up arrived and made its table, whatever the tasks.
        made = [arrived for arrived in client.run(tables_made).values() if arrived]
        assert made
        assert all(arrived == [(True, clustering._look_up.token)] for arrived in made)
    assert told == sorted(told)
    assert len(told) >= 25


def test_the_look_up_is_one_node_of_the_graph(lazy, clustering):
    labels, painted = dask.optimize(*clustering.predict_and_paint(lazy))
    graph = {**labels.__dask_graph__(), **painted.__dask_graph__()}
    name = f"look-up-{clustering._look_up.token}"
    assert name in graph
    using = [key for key, task in graph.items() if name in getattr(task, "dependencies", ())]
    assert len(using) >= 9
    assert not [key for key in using if holds_look_up(graph[key])]
    assert holds_look_up(graph[name])


def all_done(run, tasks, seconds=10):
    """Whether the workers have no task left, soon."""
    until = monotonic() + seconds
    while any(run(tasks).values()) and monotonic() < until:
        sleep(0.02)
    return not any(run(tasks).values())


def holds_look_up(task):
    """Whether a task carries a look-up along, besides the name of the node that holds it."""
    from cloudpickle import dumps

    return b"_restore_look_up" in dumps(task) or len(dumps(task)) > 5000


def test_in_a_process_a_look_up_arrives_once(photo):
    import pickle

    look_up = LookUp(encode(photo[0, :1]), np.ones(1, np.uint8), 1, np.zeros_like)
    first, second = pickle.loads(pickle.dumps(look_up)), pickle.loads(pickle.dumps(look_up))
    assert first is second
    assert first is not look_up
    assert first.token == look_up.token
    assert pickle.loads(pickle.dumps(first)) is first


@pytest.mark.usefixtures("scheduler")
def test_a_task_that_fails_is_told_and_leaves_nothing_behind(lazy, photo, clustering, refused):
    def slip(block):
        if block.shape[:2] == (85, 2):
            raise ZeroDivisionError("the scanner slipped")
        return block

    broken = mapped(slip, lazy.rechunk({2: 3}))
    with refused(SLIPPED.format("(2, 2)")):
        count_colors(broken)
    with pytest.raises(ZeroDivisionError, match="the scanner slipped"):
        clustering.predict(broken).compute()
    assert count_colors(lazy) == count_colors(photo)


@pytest.mark.usefixtures("scheduler")
def test_a_chunk_that_cannot_be_read_is_named(photo):
    def read(block, block_info):
        if block_info[0]["chunk-location"] == (0, 3, 0):
            raise OSError("disk on fire")
        return block

    lazy = da.from_array(photo, chunks=(50, 50, 3))
    # Steps before and after the one that fails, as a reader and a rescaling are.
    broken = 255 - (lazy + 1).map_blocks(read, dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))
    expected = "Chunk (0, 3) of the image could not be counted: OSError: disk on fire."
    with pytest.raises(OSError, match=re.escape(expected)) as caught:
        cluster_colors(broken, 3)
    assert type(caught.value) is OSError
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(OSError, match=re.escape(expected)):
        count_colors(lazy, broken[..., 0])


@pytest.mark.usefixtures("scheduler")
def test_where_a_step_that_chunks_share_fails_the_first_of_them_is_named(refused, photo):
    def load():
        raise KeyError("photo")

    whole = da.from_delayed(dask.delayed(load)(), photo.shape, photo.dtype)
    with refused("Chunk (0, 0) of the image could not be counted: KeyError: 'photo'."):
        count_colors(whole.rechunk((50, 50, 3)))


@pytest.mark.usefixtures("scheduler")
def test_values_outside_the_range_are_told_with_their_chunk(refused):
    image = np.zeros((4, 6, 3))
    image[3, 5, 1] = 1.5
    with refused("Chunk (1, 2)", "A float image must lie in [0, 1], got a value of 1.5."):
        count_colors(da.from_array(image, chunks=(2, 2, 2)))


@pytest.mark.parametrize("local", ["synchronous", "threads"])
def test_what_fails_once_only_is_told_as_it_was(local, photo):
    tried = []

    def hiccup(block):
        tried.append(block)
        if len(tried) == 1:
            raise TimeoutError("no answer")
        return block

    lazy = mapped(hiccup, da.from_array(photo, chunks=(100, 100, 3)))
    with (
        dask.config.set(scheduler=local, num_workers=1),
        pytest.raises(TimeoutError, match=r"^no answer$"),
    ):
        count_colors(lazy)
    assert count_colors(lazy) == count_colors(photo)


def test_only_what_was_running_is_tried_again(photo):
    read = []

    def slip(block, block_info):
        place = block_info[0]["chunk-location"][0]
        read.append(place)
        if place == 30:
            raise ZeroDivisionError("the scanner slipped")
        return block

    lazy = da.from_array(photo, chunks=(5, 272, 3))
    broken = lazy.map_blocks(slip, dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))
    with (
        dask.config.set(scheduler="threads", num_workers=2),
        pytest.raises(ValueError, match=re.escape(SLIPPED.format("(30, 0)"))),
    ):
        count_colors(broken)
    assert read.count(30) == 2
    assert len(read) <= len(set(read)) + 2


@pytest.mark.parametrize("local", ["synchronous", "threads"])
def test_counting_stops_between_chunks(local, photo):
    read, told = [], []

    def remember(block):
        read.append(block.shape)
        return block

    def cancel_at_third(done, what):
        told.append(done)
        if len(told) == 3:
            raise Cancelled

    lazy = mapped(remember, da.from_array(photo, chunks=(5, 50, 3)))
    with (
        dask.config.set(scheduler=local, num_workers=2),
        pytest.raises(Cancelled),
    ):
        count_colors(lazy, progress=cancel_at_third)
    assert len(told) == 3
    assert len(read) < 20


def test_what_chunks_share_is_computed_once(photo):
    read = []

    def load():
        read.append(1)
        return photo

    whole = da.from_delayed(dask.delayed(load)(), photo.shape, photo.dtype)
    histogram = count_colors(whole.rechunk((50, 50, 3)))
    assert histogram == count_colors(photo)
    assert len(read) == 1


@pytest.mark.parametrize("mask_chunks", [None, (185, 272), (30, 100)])
@pytest.mark.parametrize("image_chunks", [None, (185, 272, 3), (100, 50, 2)])
def test_image_and_mask_may_be_lazy_each_for_itself(photo, clustering, image_chunks, mask_chunks):
    mask = photo[..., 0] < 150
    image = da.from_array(photo, chunks=image_chunks) if image_chunks else photo
    given = da.from_array(mask, chunks=mask_chunks) if mask_chunks else mask
    assert count_colors(image, given) == count_colors(photo, mask)
    labels = clustering.predict(image, given)
    assert isinstance(labels, da.Array) == bool(image_chunks)
    np.testing.assert_array_equal(labels, clustering.predict(photo, mask))


def test_a_store_is_read_as_an_array(tmp_path, photo, clustering):
    import zarr

    stored = zarr.open_array(
        tmp_path / "photo.zarr", mode="w", shape=photo.shape, chunks=(50, 60, 3), dtype=photo.dtype
    )
    stored[...] = photo
    assert count_colors(stored) == count_colors(photo)
    np.testing.assert_array_equal(clustering.predict(stored), clustering.predict(photo))
    np.testing.assert_array_equal(clustering.quantize(stored), clustering.quantize(photo))


@pytest.mark.parametrize("shape", [(185, 272), (5, 37, 272), (5, 37, 16, 17), (185 * 272,)])
def test_any_number_of_axes_is_one_image(photo, clustering, shape):
    image = photo.reshape(*shape, 3)
    lazy = da.from_array(image, chunks=(2,) * (len(shape) - 2) + (100,) * min(len(shape), 2) + (3,))
    for each in (image, lazy):
        assert count_colors(each) == count_colors(photo)
        labels = np.asarray(clustering.predict(each))
        np.testing.assert_array_equal(labels.reshape(185, 272), clustering.predict(photo))


def test_a_chunk_larger_than_a_block_is_read_in_blocks(monkeypatch, photo, clustering):
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 1000)
    lazy = da.from_array(photo, chunks=(100, 272, 3))
    assert count_colors(lazy) == count_colors(photo)
    np.testing.assert_array_equal(clustering.quantize(lazy), clustering.quantize(photo))


def test_a_few_pixels_that_are_not_finite_are_left_out_chunk_by_chunk(photo):
    image = (photo / 255).astype(np.float32)
    image[[0, 50, 184], [0, 100, 271], [0, 1, 2]] = np.nan, np.inf, np.nan
    histogram = count_colors(da.from_array(image, chunks=(60, 60, 3)))
    finite = np.isfinite(image).all(axis=-1)
    assert histogram.n_excluded == 3
    assert histogram == count_colors(photo, finite)


def test_the_low_byte_of_16_bits_only_rounds(photo):
    low = np.random.default_rng(0).integers(0, 256, photo.shape)
    deep = (photo.astype(np.uint16) << 8 | low).astype(np.uint16)
    exact = ((2 * 255 * deep.astype(np.int64) + 65535) // (2 * 65535)).astype(np.uint8)
    for each in (deep, deep.astype(">u2"), da.from_array(deep, chunks=(50, 90, 2))):
        assert count_colors(each) == count_colors(exact)


@pytest.mark.parametrize("method", TAKE_K)
def test_counts_of_a_billion_are_clustered_exactly(method):
    histogram = ColorHistogram([[10, 0, 0], [12, 0, 0], [200, 0, 0]], [10**9, 10**9, 3 * 10**9])
    clustering = cluster_colors(histogram + histogram, 2, method, color_space="rgb")
    assert clustering.palette.pixels.tolist() == [6 * 10**9, 4 * 10**9]
    assert clustering.inertia == 4 * 10**9


@pytest.mark.parametrize("method", METHODS)
def test_two_colors_and_counts_of_1_are_colors_as_others(method):
    image = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    clustering = cluster_colors(image, 2 if method in TAKE_K else None, method)
    assert sorted(clustering.predict(image).ravel()) == [1, 2]
    np.testing.assert_array_equal(clustering.quantize(image), image)


@pytest.mark.parametrize("scheduler", ["threads", "synchronous"])
def test_a_cache_for_all_computations_is_passed_by_and_others_hear(photo, scheduler):
    def read(block):
        # Whatever ends meanwhile makes such a cache forget what it knows of all computations.
        da.zeros(1).compute(scheduler="synchronous")
        return block

    lazy, heard = da.from_array(photo, chunks=(64, 64, 3)).map_blocks(read, dtype=np.uint8), []
    with (
        Cache(1e8) as cache,
        Callback(posttask=lambda *told: heard.append(told[0])),
        dask.config.set(scheduler=scheduler),
    ):
        assert count_colors(lazy) == count_colors(photo)
    assert heard
    assert not any(key in cache.cache.data for key in heard if "count" in str(key))

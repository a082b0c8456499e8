"""A study on a dask cluster: what it gives to the bit, large images, failures, dead workers."""

from pathlib import Path

import dask
import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
from distributed import Client, LocalCluster

import napari_colorcluster as ncc
from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.support.progress import Cancelled
from napari_colorcluster.report import image_files
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.workers import on_dask
from napari_colorcluster.study.workers.on_dask import OnDask, _Tree
from napari_colorcluster.study.workers.outcome import Outcome

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed")

QUIET = {"dashboard_address": ":0", "threads_per_worker": 1}


@pytest.fixture(scope="module")
def client():
    """A cluster of two workers in this process."""
    with LocalCluster(n_workers=2, processes=False, **QUIET) as cluster, Client(cluster) as client:
        yield client


@pytest.mark.parametrize("pool", [None, "pixels", "equal"])
def test_results_are_those_of_threads_to_the_bit(photos, tmp_path, files_in, client, pool):
    (photos / "bad.png").write_bytes(b"no image")
    options = {"recursive": True, "pool": pool, "groups": "folder", "ignore": ["#fff:9"]}
    told, done = [], []
    study = ncc.run_study(
        *(photos, tmp_path / "cluster", 3),
        **options,
        client=client,
        progress=lambda fraction, what: done.append(fraction),
        on_message=told.append,
    )
    expected = ncc.run_study(photos, tmp_path / "threads", 3, **options)
    assert study.done == expected.done == ("a", "b", "sun/a", "sun/c")
    assert [str(message) for message in told] == [str(each) for each in expected.skipped]
    assert files_in(tmp_path / "cluster") == files_in(tmp_path / "threads")
    assert done[-1] == 1


@pytest.mark.parametrize(
    ("format", "name"),
    [("tiff", "one-quantized.colors.ome.tif"), ("ome-zarr", "one.colors.ome.zarr/0/0/0/0")],
)
def test_large_images_are_spread_by_chunk(
    photos, tmp_path, files_in, client, monkeypatch, format, name
):
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    (photos / "large").mkdir()
    image = iio.imread(photos / "a.png")
    for title in ("one", "two", "three", "four"):
        image = np.ascontiguousarray(image[::-1, ::-1])
        tifffile.imwrite(photos / "large" / f"{title}.tif", image, tile=(16, 16), photometric="rgb")
    how = {"pattern": True, "format": format}
    with dask.config.set(scheduler="threads"):
        ncc.run_study(photos / "large", tmp_path / "threads", 3, **how)
    # More of them than workers, each of which waits for tasks of its own.
    study = ncc.run_study(photos / "large", tmp_path / "cluster", 3, **how, client=client)
    assert list(map(str, study.skipped)) == []
    assert files_in(tmp_path / "cluster") == files_in(tmp_path / "threads")
    assert name in files_in(tmp_path / "cluster")


def test_a_worker_that_leaves_is_survived(photos, tmp_path, files_in):
    for number in range(12):
        iio.imwrite(photos / f"{number:02}.png", np.roll(iio.imread(photos / "a.png"), number, 0))
    left = []

    def leave(fraction, what):
        if fraction > 0.2 and not left:
            left.append(cluster.workers[0])
            client.sync(cluster.workers[0].close)

    with (
        LocalCluster(n_workers=2, processes=False, **QUIET) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        study = ncc.run_study(photos, tmp_path / "out", 3, client=client, progress=leave)
    assert left
    assert not study.skipped
    ncc.run_study(photos, tmp_path / "whole", 3)
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


def test_cancelled_it_keeps_what_is_done_and_leaves_no_task(photos, tmp_path, files_in, client):
    def stop(fraction, what):
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        ncc.run_study(photos, tmp_path / "out", 3, recursive=True, client=client, progress=stop)
    ncc.run_study(photos, tmp_path / "out", 3, recursive=True, client=client, resume=True)
    ncc.run_study(photos, tmp_path / "whole", 3, recursive=True)
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_images_that_share_a_task_are_done_once_each(
    photos, tmp_path, files_in, client, monkeypatch, seconds
):
    (photos / "bad.png").write_bytes(b"no image")
    monkeypatch.setattr(on_dask, "_BATCHES_PER_THREAD", 1)
    # A task that has taken long enough leaves the rest to others.
    monkeypatch.setattr(on_dask, "_A_WHILE", seconds)
    tried, told = [], []
    real = on_dask.attempt
    monkeypatch.setattr(
        on_dask,
        "attempt",
        lambda task, source, own: tried.append(source) or real(task, source, own),
    )
    how = {"recursive": True, "on_message": told.append}
    study = ncc.run_study(photos, tmp_path / "cluster", 3, **how, client=client)
    assert sorted(source.name for source in tried) == ["a", "b", "bad", "sun/a", "sun/c"]
    assert [message.source.name for message in told] == ["bad"]
    assert study.done == ncc.run_study(photos, tmp_path / "threads", 3, recursive=True).done
    assert files_in(tmp_path / "cluster") == files_in(tmp_path / "threads")


def test_one_image_that_kills_workers_costs_no_other(client, monkeypatch):
    sources = [Source(Path(f"{number}.png"), str(number)) for number in range(8)]
    monkeypatch.setattr(on_dask, "_BATCHES_PER_THREAD", 1)

    def dies_of_five(task, batch):
        if any(source.name == "5" for source in batch):
            raise RuntimeError("gone")
        return [Outcome(source, source.name) for source in batch]

    monkeypatch.setattr(on_dask, "_attempt", dies_of_five)
    told, progress = [], []
    workers = OnDask(client, lambda fraction, what: progress.append(fraction), told.append)
    outcomes = workers.map(None, sources, "Working")
    assert [outcome.source for outcome in outcomes] == sources
    assert [outcome.result for outcome in outcomes] == [*"01234", None, *"67"]
    assert outcomes[5].reason == "It could not be processed: gone"
    assert len(told) == 8
    assert progress == sorted(progress)
    assert progress[-1] == 1


def test_a_cluster_may_still_be_starting(client, monkeypatch):
    threads, running = [{}, {}], []
    monkeypatch.setattr(client, "nthreads", lambda: threads.pop() if threads else {"many": 200})
    sources = [Source(Path(f"{number}.png"), str(number)) for number in range(400)]
    workers = OnDask(client, lambda fraction, what: None, lambda outcome: None)
    wait_for = workers._next
    monkeypatch.setattr(workers, "_next", lambda some: running.append(len(some)) or wait_for(some))
    outcomes = workers.map(lambda source, progress: int(source.name), sources, "Working")
    assert [outcome.result for outcome in outcomes] == list(range(400))
    # One image a task, and as many tasks as the cluster can do once it is there.
    assert running[0] == 32
    assert running[1] >= 400 - 32


def test_sums_are_added_in_a_tree(client):
    class Counting:
        n = 0

        def submit(self, function, histograms, **how):
            self.n += 1
            assert 2 <= len(histograms) <= 8
            return client.submit(function, histograms, **how)

    rng = np.random.default_rng(0)
    images = [rng.integers(0, 9, (5, 5, 3), np.uint8) for _ in range(100)]
    counting = Counting()
    tree = _Tree(counting)
    for image in images:
        tree.add(client.submit(ncc.count_colors, image))
    assert tree.total() == ncc.count_colors(np.stack(images))
    assert counting.n == 12 + 1 + 2
    assert _Tree(client).total().n_pixels == 0


def test_a_client_that_is_closed_or_none_is_refused(photos, tmp_path, client, refused):
    closed = Client(client.scheduler.address, set_as_default=False)
    closed.close()
    for other, said in (
        (closed, "client must be connected to its scheduler, got one that is closed: make a new"),
        ("tcp://host:1", "such as Client('tcp://host:8786'), got 'tcp://host:1'."),
        (client.cluster, "got LocalCluster("),
    ):
        with refused(said):
            ncc.run_study(photos, tmp_path / "out", 3, client=other)
    assert not (tmp_path / "out").exists()

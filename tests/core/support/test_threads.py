"""Work over threads: in order, reported from the caller, stopped at once."""

import gc
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import sleep
from weakref import ref

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napari_colorcluster.core.support import threads
from napari_colorcluster.core.support.progress import Cancelled
from napari_colorcluster.core.support.threads import (
    MOST_THREADS,
    even_cuts,
    even_parts,
    map_in_threads,
)


@pytest.fixture(params=[1, 4], autouse=True)
def n_threads(request, monkeypatch):
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", request.param)
    return request.param


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="No system gives out cores here.")
def test_there_are_as_many_threads_as_cores_given():
    given = (
        "import os\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from napari_colorcluster.core.support.threads import N_THREADS\n"
        "print(N_THREADS)"
    )
    found = subprocess.run(
        [sys.executable, "-c", given], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "1"


def test_results_come_in_the_order_of_the_items():
    def slow_first(item):
        sleep(0.01 if item == 0 else 0)
        return item * item

    assert map_in_threads(slow_first, range(9)) == [i * i for i in range(9)]


def test_nothing_to_do_gives_nothing():
    assert map_in_threads(str, []) == []


def test_progress_is_told_by_the_calling_thread_after_its_items_and_at_the_end(n_threads):
    told = []

    def tell(fraction, what):
        told.append((fraction, what, threading.current_thread()))

    map_in_threads(str, range(4), tell, "Working")
    fractions = [fraction for fraction, _, _ in told]
    assert fractions == sorted(fractions)
    assert set(fractions) <= {i / 4 for i in (1, 2, 3, 4)}
    assert fractions[-1] == 1
    assert {each[1:] for each in told} == {("Working", threading.current_thread())}
    if n_threads == 1:
        assert fractions == [i / 4 for i in (1, 2, 3, 4)]


def test_cancelling_drops_what_has_not_begun():
    begun = []

    def work(item):
        begun.append(item)
        sleep(0.002)

    def cancel(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        map_in_threads(work, range(200), cancel)
    assert len(begun) < 50


def test_an_error_in_the_work_reaches_the_caller_and_leaves_no_work_behind():
    begun = []

    def fail(item):
        begun.append(item)
        if item == 3:
            raise ZeroDivisionError("item 3")
        sleep(0.001)

    with pytest.raises(ZeroDivisionError, match="item 3"):
        map_in_threads(fail, range(200))
    n_begun = len(begun)
    assert n_begun < 50
    sleep(0.02)
    assert len(begun) == n_begun


def test_threads_are_kept_for_the_next_call_and_do_not_pile_up():
    for _ in range(100):
        map_in_threads(str, range(9))
    helpers = [each for each in threading.enumerate() if each.name.startswith("colorcluster")]
    assert len(helpers) <= MOST_THREADS


def test_work_may_have_its_own_work_done_in_threads():
    def inner(item):
        return sum(map_in_threads(lambda other: item * other, range(10)))

    assert map_in_threads(inner, range(30)) == [45 * item for item in range(30)]


def test_the_caller_does_it_all_where_no_thread_can_be_begun(monkeypatch):
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    monkeypatch.setattr("napari_colorcluster.core.support.threads._pool", lambda: pool)
    assert map_in_threads(str, range(3)) == ["0", "1", "2"]


def test_threads_that_come_do_their_part_though_others_do_not(monkeypatch):
    class Pool(ThreadPoolExecutor):
        def submit(self, *arguments):
            if self._threads:
                raise RuntimeError("can't start new thread")
            return super().submit(*arguments)

    monkeypatch.setattr(threads, "N_THREADS", 4)
    with Pool(1) as pool:
        monkeypatch.setattr(threads, "_pool", lambda: pool)

        def slow(item):
            sleep(0.01)
            return item

        assert map_in_threads(slow, range(6)) == list(range(6))


def test_of_several_errors_the_first_items_is_raised():
    meeting = threading.Barrier(2, timeout=10)

    def fail(item):
        if threads.N_THREADS > 1:
            meeting.wait()
        # The later one is done first.
        sleep(0.02 if item == 0 else 0)
        raise ZeroDivisionError(f"item {item}")

    for _ in range(5):
        with pytest.raises(ZeroDivisionError, match="item 0"):
            map_in_threads(fail, range(2))


def test_an_error_holds_nothing_once_it_is_dealt_with():
    class Large:
        pass

    def fail(item):
        held = Large()
        alive.append(ref(held))
        raise ZeroDivisionError

    alive = []
    gc.disable()
    try:
        with suppress(ZeroDivisionError):
            map_in_threads(fail, range(8))
        assert all(each() is None for each in alive)
    finally:
        gc.enable()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where a process can fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(monkeypatch):
    monkeypatch.setattr(threads, "N_THREADS", 3)
    map_in_threads(str, range(3))
    child = os.fork()
    if child == 0:
        # Whatever happens, the tests do not go on in the child.
        try:
            meeting = threading.Barrier(3, timeout=10)
            map_in_threads(lambda item: meeting.wait(), range(3))
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 50), max_size=30), st.integers(1, 9))
def test_runs_are_parted_by_their_items(lengths, n_parts):
    starts = np.cumsum([0, *lengths])
    parts = even_parts(starts, n_parts)
    assert [run for part in parts for run in range(*part)] == list(range(len(lengths)))
    # A cut moves on to where a run begins: by less than the longest has.
    for (_, end), cut in zip(parts, even_cuts(sum(lengths), n_parts)[1:], strict=True):
        assert 0 <= starts[end] - cut < max([1, *lengths])

"""Work over threads: in order, reported from the caller, stopped at once."""

import threading
from time import sleep

import pytest

from napari_colorcluster.core.progress import Cancelled, silent
from napari_colorcluster.core.threads import map_in_threads


@pytest.fixture(params=[1, 4], autouse=True)
def n_threads(request, monkeypatch):
    monkeypatch.setattr("napari_colorcluster.core.threads.N_THREADS", request.param)
    return request.param


def test_results_come_in_the_order_of_the_items():
    def slow_first(item):
        sleep(0.01 if item == 0 else 0)
        return item * item

    assert map_in_threads(slow_first, range(9), silent, "") == [i * i for i in range(9)]


def test_nothing_to_do_gives_nothing():
    assert map_in_threads(str, [], silent, "") == []


def test_progress_is_told_after_each_item_by_the_calling_thread():
    told = []

    def tell(fraction, what):
        told.append((fraction, what, threading.current_thread()))

    map_in_threads(str, range(4), tell, "Working")
    here = threading.current_thread()
    assert told == [(i / 4, "Working", here) for i in (1, 2, 3, 4)]


def test_cancelling_drops_what_has_not_begun():
    begun = []

    def work(item):
        begun.append(item)
        sleep(0.002)

    def cancel(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        map_in_threads(work, range(200), cancel, "")
    assert len(begun) < 50


def test_an_error_in_the_work_reaches_the_caller_and_leaves_no_thread_behind():
    def fail(item):
        if item == 3:
            raise ZeroDivisionError("item 3")

    with pytest.raises(ZeroDivisionError, match="item 3"):
        map_in_threads(fail, range(9), silent, "")
    assert not [t for t in threading.enumerate() if t.name.startswith("colorcluster")]


def test_several_threads_work_at_once(n_threads):
    meeting = threading.Barrier(n_threads, timeout=10)
    map_in_threads(lambda item: meeting.wait(), range(n_threads), silent, "")
    assert not meeting.broken

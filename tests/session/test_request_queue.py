"""Requests one after another: which wait, which are superseded, and when."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from napari_colorcluster.session import request_queue as queue_module
from napari_colorcluster.session.request_queue import RequestQueue
from napari_colorcluster.session.requests.request import Request
from napari_colorcluster.session.state import SessionState


@pytest.fixture
def queue(viewer, monkeypatch):
    monkeypatch.setattr(queue_module, "PATIENCE", 0.2)
    state = SessionState(viewer)
    queue = RequestQueue(viewer, state)
    yield queue
    queue.close()
    state.close()


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def finish(qtbot, queue):
    return lambda: qtbot.waitUntil(lambda: not queue.is_busy, timeout=30_000)


def endless(data, progress):
    while True:
        progress(0.5, "Going on")
        time.sleep(0.005)


def quick(data, progress):
    return "quick"


@dataclass(frozen=True, eq=False)
class Run(Request):
    """A run that does any work."""

    work: Callable
    show: Callable
    follows: Request | None = None
    basis: object = None
    is_on_basis: Callable = lambda: False
    is_run = True

    def resolve(self, state):
        return self.work

    def finish(self, state, result):
        self.show(result)

    def is_shared_with(self, other):
        return self.basis == other.basis and self.is_on_basis()


def test_a_run_that_is_superseded_ends_in_time_with_nothing_more_asked(queue, image, finish):
    done = []
    queue.add(Run(image, endless, done.append))
    queue.add(Run(image, quick, done.append))
    finish()
    assert done == ["quick"]


def test_a_run_is_left_to_count_what_the_next_one_needs(qtbot, queue, image, finish):
    done, counting, counted = [], threading.Event(), threading.Event()
    counting.set()

    def count_and_go_on(data, progress):
        while counting.is_set():
            progress(0.1, "Counting")
            time.sleep(0.005)
        counted.set()
        return endless(data, progress)

    basis = object()
    queue.add(Run(image, count_and_go_on, done.append, basis=basis, is_on_basis=counting.is_set))
    queue.add(Run(image, quick, done.append, basis=basis))
    qtbot.wait(600)
    assert done == []
    assert queue.is_busy
    counting.clear()
    finish()
    assert counted.is_set()
    assert done == ["quick"]


def test_a_count_of_something_else_is_not_waited_for(queue, image, finish):
    done = []
    queue.add(Run(image, endless, done.append, basis=object(), is_on_basis=lambda: True))
    queue.add(Run(image, quick, done.append, basis=object()))
    finish()
    assert done == ["quick"]


def test_what_follows_a_first_look_does_not_overtake_it(qtbot, queue, image, finish):
    done = []

    def slow(data, progress):
        for _ in range(100):
            progress(0.5, "Going on")
            time.sleep(0.005)
        return "slow"

    look = Run(image, slow, done.append)
    queue.add(look)
    queue.add(Run(image, quick, done.append, follows=look))
    finish()
    assert done == ["slow", "quick"]


def test_that_work_begins_is_told_of_each_task(queue, image, finish):
    heard = []
    queue.busy.connect(heard.append)
    queue.add(Run(image, endless, print))
    queue.cancel()
    queue.add(run := Run(image, quick, print))
    assert queue.last_run(image) is run
    finish()
    assert heard == [True, True, False]
    assert queue.last_run(image) is None

"""Tasks one after another: which wait, which are overtaken, and when."""

import threading
import time

import pytest

from napari_colorcluster.session import tasks as tasks_module
from napari_colorcluster.session.tasks import Task, Tasks


@pytest.fixture
def tasks(viewer, monkeypatch):
    monkeypatch.setattr(tasks_module, "PATIENCE", 0.2)
    tasks = Tasks(viewer)
    yield tasks
    tasks.close()


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def finish(qtbot, tasks):
    return lambda: qtbot.waitUntil(lambda: not tasks.is_busy, timeout=30_000)


def endless(data, progress):
    while True:
        progress(0.5, "Going on")
        time.sleep(0.005)


def quick(data, progress):
    return "quick"


def run(image, work, then, **keywords):
    return Task(image, lambda: work, then, is_run=True, **keywords)


def test_a_run_that_is_overtaken_ends_in_time_with_nothing_more_asked(tasks, image, finish):
    done = []
    tasks.add(run(image, endless, done.append))
    tasks.add(run(image, quick, done.append))
    finish()
    assert done == ["quick"]


def test_a_run_is_left_to_count_what_the_next_one_needs(qtbot, tasks, image, finish):
    done, counting, counted = [], threading.Event(), threading.Event()
    counting.set()

    def count_and_go_on(data, progress):
        while counting.is_set():
            progress(0.1, "Counting")
            time.sleep(0.005)
        counted.set()
        return endless(data, progress)

    basis = object()
    tasks.add(run(image, count_and_go_on, done.append, basis=basis, is_on_basis=counting.is_set))
    tasks.add(run(image, quick, done.append, basis=basis))
    qtbot.wait(600)
    assert done == []
    assert tasks.is_busy
    counting.clear()
    finish()
    assert counted.is_set()
    assert done == ["quick"]


def test_a_count_of_something_else_is_not_waited_for(tasks, image, finish):
    done = []
    tasks.add(run(image, endless, done.append, basis=object(), is_on_basis=lambda: True))
    tasks.add(run(image, quick, done.append, basis=object()))
    finish()
    assert done == ["quick"]


def test_what_follows_a_first_look_does_not_overtake_it(qtbot, tasks, image, finish):
    done = []

    def slow(data, progress):
        for _ in range(100):
            progress(0.5, "Going on")
            time.sleep(0.005)
        return "slow"

    look = run(image, slow, done.append)
    tasks.add(look)
    tasks.add(run(image, quick, done.append, follows=look))
    finish()
    assert done == ["slow", "quick"]


def test_that_work_begins_is_told_of_each_task(tasks, image, finish):
    heard = []
    tasks.busy.connect(heard.append)
    tasks.add(run(image, endless, print))
    tasks.cancel()
    tasks.add(run(image, quick, print))
    assert tasks.has_run(image)
    finish()
    assert heard == [True, True, False]
    assert not tasks.has_run(image)

"""Of computations that are asked for faster than they are done, the last counts."""

from threading import Event

import pytest
from qtpy.QtCore import QObject

from napari_colorcluster.session.latest_job import LatestJob


@pytest.fixture
def work(qtbot):
    owner = QObject()
    work = LatestJob(owner)
    work.owner, work.heard = owner, []
    work.returned.connect(work.heard.append)
    return work


def test_what_waits_is_replaced_by_what_comes_later(qtbot, work):
    done, go = [], Event()

    def compute(what):
        go.wait(10)
        done.append(what)
        return what

    for what in "abc":
        work.ask(lambda what=what: compute(what))
    go.set()
    qtbot.waitUntil(lambda: work.heard == ["c"])
    assert done == ["a", "c"]
    work.ask(lambda: compute("d"))
    qtbot.waitUntil(lambda: work.heard == ["c", "d"])


def test_nothing_comes_of_what_was_dropped(qtbot, work):
    go, done = Event(), []
    work.ask(lambda: (go.wait(10), done.append(True)))
    work.drop()
    go.set()
    qtbot.waitUntil(lambda: bool(done))
    work.ask(lambda: "next")
    qtbot.waitUntil(lambda: work.heard == ["next"])


def test_an_error_is_told_and_the_next_is_done(qtbot, work, told):
    def fail():
        raise ValueError("no such color")

    work.ask(fail)
    qtbot.waitUntil(lambda: bool(told))
    assert told.pop()[1] == "no such color"
    work.ask(lambda: 3)
    qtbot.waitUntil(lambda: work.heard == [3])

"""Of computations that are asked for faster than they are done, the last counts."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from napari_colorcluster.layers.notify import report
from napari_colorcluster.session.latest_job import LatestJob


@dataclass(frozen=True)
class Call:
    """A request that calls a function."""

    function: Callable[[], Any]

    def do(self, progress):
        return self.function()


@pytest.fixture
def work(qtbot):
    work = LatestJob()
    work.heard = []
    work.returned.connect(lambda request, result: work.heard.append(result))
    work.failed.connect(report)
    yield work
    work.close()
    qtbot.waitUntil(lambda: not work.is_busy)


def test_what_waits_is_replaced_by_what_comes_later(qtbot, work):
    done, go = [], Event()

    def compute(what):
        go.wait(10)
        done.append(what)
        return what

    for what in "abc":
        work.start(Call(lambda what=what: compute(what)))
    go.set()
    qtbot.waitUntil(lambda: work.heard == ["c"])
    assert done == ["a", "c"]
    work.start(Call(lambda: compute("d")))
    qtbot.waitUntil(lambda: work.heard == ["c", "d"])


def test_nothing_comes_of_what_was_dropped(qtbot, work):
    go, done = Event(), []
    work.start(Call(lambda: (go.wait(10), done.append(True))))
    work.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(done))
    work.start(Call(lambda: "next"))
    qtbot.waitUntil(lambda: work.heard == ["next"])


def test_an_error_is_told_and_the_next_is_done(qtbot, work, told):
    def fail():
        raise ValueError("no such color")

    work.start(Call(fail))
    qtbot.waitUntil(lambda: bool(told))
    assert told.pop()[1] == "no such color"
    work.start(Call(lambda: 3))
    qtbot.waitUntil(lambda: work.heard == [3])

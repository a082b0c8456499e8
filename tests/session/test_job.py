"""One computation off the main thread: every outcome is told, in the thread that asked."""

import threading

import pytest

from napari_colorcluster.session.job import Job


@pytest.fixture
def outcome(qtbot):
    """Run a function as a job to its end; tell what was emitted."""

    def run(function, during=lambda job: None):
        job, heard = Job(function), []
        job.returned.connect(lambda result: heard.append(("returned", result)))
        job.errored.connect(lambda error: heard.append(("errored", error)))
        job.progressed.connect(lambda *report: heard.append(("progressed", *report)))
        with qtbot.waitSignal(job.finished, timeout=10_000):
            job.start()
            during(job)
        return heard

    return run


def test_the_result_arrives(outcome):
    assert outcome(lambda progress: 42) == [("returned", 42)]


def test_it_works_in_another_thread(outcome):
    [(_, thread)] = outcome(lambda progress: threading.current_thread())
    assert thread is not threading.main_thread()


def test_progress_is_told(outcome, monkeypatch):
    monkeypatch.setattr("napari_colorcluster.session.job._SECONDS_BETWEEN_REPORTS", 0)

    def work(progress):
        progress(0.5, "Half")
        return "done"

    assert outcome(work) == [("progressed", 0.5, "Half"), ("returned", "done")]


@pytest.mark.parametrize("kind", [ValueError, RuntimeError, StopIteration, MemoryError])
def test_no_error_is_lost(outcome, kind):
    def work(progress):
        raise kind("so it is")

    [(what, error)] = outcome(work)
    assert what == "errored"
    assert isinstance(error, kind)


def test_what_is_cancelled_says_nothing(outcome):
    running = threading.Event()

    def work(progress):
        while True:
            progress(0.1, "Going on")
            running.set()

    def cancel(job):
        assert running.wait(10)
        job.quit()

    heard = outcome(work, cancel)
    assert {what for what, *_ in heard} <= {"progressed"}


def test_an_error_after_cancelling_concerns_nobody(outcome):
    asked = threading.Event()

    def work(progress):
        asked.wait(10)
        raise ValueError("too late")

    def cancel(job):
        job.quit()
        asked.set()

    assert outcome(work, cancel) == []


def test_what_outlives_qt_ends_without_a_word(qapp, monkeypatch):
    monkeypatch.setattr("napari_colorcluster.session.job._SECONDS_BETWEEN_REPORTS", 0)
    ran = []

    def work(progress):
        ran.append("begun")
        delete(job.signals)
        while True:
            progress(0.5, "Nobody listens any more")

    job = Job(work)
    # As the pool calls it; what is raised there is printed by whoever is left.
    job.run()
    assert ran == ["begun"]
    assert job.abort_requested
    assert not job.is_running


def delete(signals):
    """As Qt does with all that is its when it goes."""
    from qtpy import API_NAME

    if API_NAME == "PySide6":
        from shiboken6 import delete
    else:
        from PyQt6.sip import delete
    delete(signals)

"""A lock is held by one process at a time, and by none that has been killed."""

import socket
import subprocess
import sys
import threading

import pytest

from napari_colorcluster.study.outputs import folder_lock
from napari_colorcluster.study.outputs.folder_lock import locked

HOLD = """
import sys, time
from pathlib import Path
from napari_colorcluster.study.outputs.folder_lock import locked
with locked(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_one_waits_and_is_told_for_whom(tmp_path):
    path, waiting = tmp_path / "lock", threading.Event()
    order, told = [], []

    def wait():
        def on_wait(holder):
            told.append(holder)
            waiting.set()

        with locked(path, on_wait):
            order.append("second")

    thread = threading.Thread(target=wait)
    with locked(path, told.append):
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert len(told) == 1
    assert told[0].startswith("process ")
    assert not path.exists()


def test_many_at_once_are_never_two_at_a_time(tmp_path):
    inside, seen = [], []

    def work():
        with locked(tmp_path / "lock", seen.append):
            inside.append(1)
            assert len(inside) == 1
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert inside == []
    assert not (tmp_path / "lock").exists()


def test_one_that_is_killed_leaves_no_lock(tmp_path):
    path, told = tmp_path / "lock", []
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        process.kill()
    assert path.exists()
    with locked(path, told.append):
        assert told == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_the_lock_on_a_file_that_was_removed_in_between_is_none(tmp_path, monkeypatch):
    path, lock, n_locked, told = tmp_path / "lock", folder_lock._lock, [], []

    def lock_late(file):
        # The first time, who had the lock lets it go between the opening and the locking.
        if not n_locked:
            path.unlink()
        n_locked.append(1)
        return lock(file)

    monkeypatch.setattr(folder_lock, "_lock", lock_late)
    with locked(path, told.append):
        assert len(n_locked) == 2
        assert path.read_bytes().endswith(f"on {socket.gethostname()}".encode())
    # By then, no one can say who it was.
    assert told == ["another process"]
    assert not path.exists()


def test_a_lock_that_cannot_be_written_is_told_and_leaves_no_open_file(tmp_path, monkeypatch):
    closed = []

    def fail(file, data):
        raise OSError("No space left on device")

    monkeypatch.setattr(folder_lock.os, "write", fail)
    close = folder_lock.os.close
    monkeypatch.setattr(folder_lock.os, "close", lambda file: (closed.append(file), close(file)))
    with (
        pytest.raises(OSError, match="No space left"),
        locked(tmp_path / "lock", pytest.fail),
    ):
        pytest.fail("without the lock")
    assert len(closed) == 1

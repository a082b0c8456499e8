"""A lock is held by one process at a time, and by none that has been killed."""

import subprocess
import sys
import threading

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

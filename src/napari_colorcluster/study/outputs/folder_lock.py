"""One run at a time in a folder: a lock that the system takes back when its process dies."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WAIT = 0.2
"""Seconds between two tries."""

_TEXT_AT = 16
"""Where it stands who has the lock: some systems let no one read the bytes that are locked."""


@contextmanager
def locked(path: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold a lock, which only one process, on any machine that shares the disk, has at a time.

    Parameters
    ----------
    path : pathlib.Path
        The file that stands for it. It is there as long as a run is, and what a killed run has left
        is no obstacle: not the file counts but the system's lock on it.
    on_wait : callable
        Told once who has the lock, where one has to wait.

    Raises
    ------
    OSError
        Where the file cannot be written.
    """
    file, told = _taken(path), False
    while file is None:
        if not told:
            on_wait(_holder(path))
            told = True
        time.sleep(_WAIT)
        file = _taken(path)
    try:
        yield
    finally:
        # Before it is let go: who waits for it sees that the file is another one by then.
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _taken(path: Path) -> int | None:
    """The open file with the lock, or None where another process has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if _lock(file) and _is_same(file, path):
            os.lseek(file, _TEXT_AT, os.SEEK_SET)
            os.write(file, f"process {os.getpid()} on {socket.gethostname()}".encode())
            return file
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def _is_same(file: int, path: Path) -> bool:
    """Whether the path still leads to this file: who had the lock before has removed it."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    try:
        return path.read_bytes()[_TEXT_AT:].decode(errors="replace") or "another process"
    except OSError:
        return "another process"


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import errno
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some disks know no locks: a run alone on such a disk must go on.
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        return True

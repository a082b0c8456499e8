"""How much a file may claim: no more pixels than its bytes can hold, nor than memory has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from napari_colorcluster.core.files.pictures.refusal import Refusal

FREE_PIXELS = 1 << 24
"""So many pixels are believed of any file: they take little memory, be they there or not."""

_CGROUP = Path("/sys/fs/cgroup")
_SHARE = 0.8

_lock = Lock()
_n_unlimited = 0
_pillows_limit: int | None = None


def check_claim(n_pixels: int, n_bytes: int, most_per_byte: float) -> None:
    """Refuse a picture that has more pixels than its file can hold.

    Parameters
    ----------
    n_pixels : int
        How many it claims to have, in all frames.
    n_bytes : int
        The size of the file.
    most_per_byte : float
        Pixels that its coding gets into a byte at most.

    Raises
    ------
    ValueError
        Where there are more.
    """
    if n_pixels > FREE_PIXELS and n_pixels > n_bytes * most_per_byte:
        raise Refusal(
            f"The file claims {n_pixels:,} pixels, more than its {n_bytes:,} bytes can hold: it is "
            "damaged, or made to use up memory."
        )


def check_memory(n_bytes: int) -> None:
    """Refuse what does not fit into memory.

    Parameters
    ----------
    n_bytes : int
        What reading it takes.

    Raises
    ------
    ValueError
        Where so much is not there.
    """
    available = available_memory()
    if n_bytes > _SHARE * available:
        raise Refusal(
            f"The picture needs {n_bytes / 1e9:.1f} GB of memory, and {available / 1e9:.1f} GB are "
            "free: store it as a tiled TIFF or a zarr, which are read piece by piece."
        )


def available_memory() -> int:
    """How much memory this process may still take, in bytes."""
    import psutil

    found = [psutil.virtual_memory().available]
    try:
        most = (_CGROUP / "memory.max").read_text().strip()
        if most.isdigit():
            found.append(int(most) - int((_CGROUP / "memory.current").read_text()))
    except (OSError, ValueError):
        pass
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            found.append(most - psutil.Process().memory_info().vms)
    except (ImportError, OSError):
        pass
    return max(min(found), 0)


@contextmanager
def own_limits() -> Iterator[None]:
    """Have Pillow open pictures of any size, in all threads, as long as one of them is in here.

    What it warns of or refuses by number of pixels alone may be an honest large scan; these checks
    look at the file and at memory instead.
    """
    from PIL import Image

    global _n_unlimited, _pillows_limit
    with _lock:
        if _n_unlimited == 0:
            _pillows_limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        _n_unlimited += 1
    try:
        yield
    finally:
        with _lock:
            _n_unlimited -= 1
            if _n_unlimited == 0:
                Image.MAX_IMAGE_PIXELS = _pillows_limit

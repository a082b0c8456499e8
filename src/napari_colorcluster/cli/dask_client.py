"""The dask cluster that the command works on, as ``--dask`` says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from napari_colorcluster.core.support.extras import library


@contextmanager
def dask_client(where: str | None) -> Iterator[Any]:
    """Connect to a cluster, or start one on this machine; it is left or stopped at the end.

    Parameters
    ----------
    where : str or None
        The address of a scheduler, the file that it writes, ``"local:N"``, or None for no cluster.

    Yields
    ------
    distributed.Client or None

    Raises
    ------
    ValueError
        Where there is no such cluster, or dask.distributed is not installed.
    """
    if where is None:
        yield None
        return
    distributed = library("distributed", "--dask needs dask.distributed", "cluster")
    kind, _, number = where.partition(":")
    if kind == "local":
        if not number.isdecimal() or int(number) < 1:
            raise ValueError(f"--dask local:N needs a number of processes, got {where}.")
        # A dashboard on any port that is free: that of another cluster may be taken.
        local = {"threads_per_worker": 1, "dashboard_address": ":0"}
        cluster = distributed.LocalCluster(n_workers=int(number), **local)
        with cluster, distributed.Client(cluster) as client:
            yield client
        return
    address = _address_in(Path(where)) if Path(where).is_file() else where
    try:
        client = distributed.Client(address)
    except (OSError, ValueError) as error:
        raise ValueError(f"--dask finds no scheduler at {where}.") from error
    with client:
        yield client


def _address_in(path: Path) -> str:
    """The address of the scheduler that has written a file."""
    try:
        address = json.loads(path.read_text("utf-8"))["address"]
    except (ValueError, TypeError, KeyError):
        address = None
    if not isinstance(address, str):
        raise ValueError(f"--dask needs the file that a scheduler writes, got {path}.")
    return address

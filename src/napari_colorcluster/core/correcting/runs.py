"""Runs of pixels with labels, as columns of numbers: joined, laid over one another, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.packed import pack, unpack

Runs = tuple[np.ndarray, np.ndarray, np.ndarray]
"""The first pixel, the number of pixels and the label of each run; the first ones ascend."""


def each_pixel(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The pixels of runs, one after another, shape (n_pixels,)."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


def joined(width: int, starts: Any, lengths: Any, labels: Any) -> Runs:
    """Join runs of the same label that touch in a row of so many pixels."""
    starts, lengths, labels = map(np.asarray, (starts, lengths, labels))
    if not len(starts):
        return starts, lengths, labels
    begins = np.ones(len(starts), bool)
    begins[1:] = (
        (starts[1:] != starts[:-1] + lengths[:-1])
        | (labels[1:] != labels[:-1])
        | (starts[1:] % width == 0)
    )
    first = np.flatnonzero(begins)
    return starts[first], np.add.reduceat(lengths, first), labels[first]


def lay_over(top: Runs, below: Runs) -> Runs:
    """Lay runs over others, cut where either begins or ends: where both are, the upper count."""
    edges = np.unique(np.concatenate([each[0] + n for each in (top, below) for n in (0, each[1])]))
    starts = edges[:-1]
    labels, covered = np.zeros(len(starts), np.uint16), np.zeros(len(starts), bool)
    for first, lengths, own in (below, top):
        if not len(first):
            continue
        run = np.searchsorted(first, starts, "right") - 1
        inside = (run >= 0) & (starts < (first + lengths)[run])
        labels[inside] = own[run[inside]]
        covered |= inside
    return starts[covered], np.diff(edges)[covered], labels[covered]


def pack_runs(starts: np.ndarray, lengths: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Write runs for JSON, as text.

    Returns
    -------
    dict
        ``"n_runs"``; and by `pack` ``"gaps"`` (uint64), each from the end of the run before, or
        from the image's first pixel, ``"lengths"`` (uint64) and ``"labels"`` (uint16).
    """
    gaps = starts - np.append(0, (starts + lengths)[:-1])
    # Quickly: the metadata of layers hold them, after each stroke.
    return {
        "n_runs": len(starts),
        "gaps": pack(gaps.astype("<u8"), 1),
        "lengths": pack(lengths.astype("<u8"), 1),
        "labels": pack(labels.astype("<u2"), 1),
    }


def unpack_runs(stored: Mapping[str, Any]) -> Runs:
    """Read what `pack_runs` wrote.

    Raises
    ------
    ValueError
        Where it is something else.
    """
    n_runs = stored.get("n_runs")
    if not is_integer(n_runs) or n_runs < 1:
        raise ValueError(f"The runs of painted pixels must be counted, got {n_runs!r}.")
    gaps, lengths = (
        unpack(stored, key, "<u8", n_runs).astype(np.int64) for key in ("gaps", "lengths")
    )
    starts = np.cumsum(gaps) + np.cumsum(lengths) - lengths
    return starts, lengths, unpack(stored, "labels", "<u2", n_runs)


def plain_runs(runs: Any) -> Runs:
    """Read runs that are written one by one, as ``[start, length, label]``.

    Raises
    ------
    ValueError
        Where one is something else.
    """
    is_table = isinstance(runs, list | tuple) and all(
        isinstance(run, list | tuple) and len(run) == 3 and all(map(is_integer, run))
        for run in runs
    )
    if not is_table or not all(0 <= run[2] <= MAX_LABELS for run in runs):
        raise ValueError(
            f"Runs of painted pixels must be a list of [start, length, label], got {runs!r:.200}."
        )
    starts, lengths, labels = np.array(runs, np.int64).reshape(-1, 3).T
    return starts, lengths, labels

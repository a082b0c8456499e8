"""From colors to labels: known labels, and a rule for other colors. No image, no threads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import uuid4

import numpy as np

from napari_colorcluster.core.pixels.blocks import Pixels
from napari_colorcluster.core.pixels.codes import decode
from napari_colorcluster.core.pixels.label_table import TABLES, LabelTable
from napari_colorcluster.core.support.frozen import frozen

MAX_LABELS = np.iinfo(np.uint16).max
"""The largest label that a labels image can hold."""

_N_ARRIVED = 2
"""Number of look-ups from other processes that are kept."""

_arrived: dict[str, LookUp] = {}
"""Look-ups from other processes by token, from the least to the most recently used."""

_lock = Lock()
"""Held while a look-up is restored, so that several threads get the same one."""


def label_dtype(n_labels: int) -> np.dtype:
    """Return the smallest dtype for labels up to `n_labels`: uint8 up to 255, else uint16."""
    return np.dtype(np.uint8 if n_labels <= np.iinfo(np.uint8).max else np.uint16)


@dataclass(frozen=True, eq=False)
class LookUp:
    """The label of every color: known labels, and a rule for other colors.

    Parameters
    ----------
    codes : ndarray, shape (n_colors,), int32, read-only
        The codes of the known colors; see `encode`.
    labels : ndarray, shape (n_colors,)
        Their labels, 1..n_labels.
    n_labels : int
        The largest label, at most `MAX_LABELS`.
    rule : callable
        Maps other colors (n, 3), uint8, to labels (n,). A pure function of the color.

    Notes
    -----
    Labels are read from a table of all colors. It begins with the known labels; 0 stands for other
    colors. The first block that contains such a color enters its label by the rule. Several threads
    may do so at once: they enter the same label.

    The table is much larger than the look-up, so it is not pickled with it. Another process makes
    it once, however many tasks bring the look-up.
    """

    codes: np.ndarray
    labels: np.ndarray
    n_labels: int
    rule: Callable[[np.ndarray], np.ndarray]

    @cached_property
    def token(self) -> str:
        """The identity of this look-up in dask graphs and in other processes."""
        return uuid4().hex

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore_look_up, (self.token, self.codes, self.labels, self.n_labels, self.rule)

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the labels."""
        return label_dtype(self.n_labels)

    def table(self) -> AbstractContextManager[LabelTable]:
        """Return a context manager for a pass over pixels, which gives the table of labels."""
        return TABLES.table_of(self.token, self.dtype, self.codes, self.labels)

    def label_block(self, pixels: Pixels, table: LabelTable, labels: np.ndarray) -> None:
        """Label the pixels of a block.

        Parameters
        ----------
        pixels : Pixels
            The block.
        table : LabelTable
            The table of this look-up.
        labels : ndarray, shape (n_pixels,), dtype as `dtype`
            Written in place; 0 for pixels that are not kept.
        """
        from napari_colorcluster.core.pixels.kernels import look_up_labels

        codes = pixels.encode()
        if look_up_labels(codes, pixels.keep, table.labels, labels):
            unknown = labels == 0
            if pixels.keep.size:
                unknown &= pixels.keep
            new = np.unique(codes[unknown])
            table.enter(new, self.rule(decode(new)))
            labels[unknown] = table.labels[codes[unknown]]


def _restore_look_up(token: str, *arguments: Any) -> LookUp:
    """Return the look-up that arrived in this process with that token before, or a new one."""
    with _lock:
        look_up = _arrived.pop(token, None)
        if look_up is None:
            look_up = LookUp(*arguments)
            look_up.__dict__["token"] = token
            frozen(look_up.codes)
            frozen(look_up.labels)
        _arrived[token] = look_up
        while len(_arrived) > _N_ARRIVED:
            del _arrived[next(iter(_arrived))]
    return look_up

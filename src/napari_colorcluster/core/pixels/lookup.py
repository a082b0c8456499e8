"""From colors to labels: those that are known, and a rule for the others. No image, no threads."""

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
"""Look-ups from other processes that are kept."""

_arrived: dict[str, LookUp] = {}

_lock = Lock()
"""Held while a look-up arrives, so that no two threads make it."""


def label_dtype(n_labels: int) -> np.dtype:
    """The smallest type that holds labels up to `n_labels`: uint8 up to 255, else uint16."""
    return np.dtype(np.uint8 if n_labels <= np.iinfo(np.uint8).max else np.uint16)


@dataclass(frozen=True, eq=False)
class LookUp:
    """The label of every color: a table for those that are known, a rule for the others.

    Parameters
    ----------
    codes : ndarray, shape (n_colors,), int32, read-only
        The numbers of the colors that are known; see `encode`.
    labels : ndarray, shape (n_colors,)
        Their labels, 1..n_labels.
    n_labels : int
        The largest label, at most `MAX_LABELS`.
    rule : callable
        Maps other colors (n, 3), uint8, to labels (n,). A pure function of the color.

    Notes
    -----
    0 in the table stands for a color that has not been looked up yet: the first block that has it
    asks the rule and enters the answer, which is the same whoever asks.

    The table is thousands of times larger than what it is made of, so it does not travel to other
    processes: there it is made once, however many tasks bring the look-up.
    """

    codes: np.ndarray
    labels: np.ndarray
    n_labels: int
    rule: Callable[[np.ndarray], np.ndarray]

    @cached_property
    def token(self) -> str:
        """The name of this look-up in graphs and in other processes."""
        return uuid4().hex

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrive, (self.token, self.codes, self.labels, self.n_labels, self.rule)

    @property
    def dtype(self) -> np.dtype:
        """The type of the labels."""
        return label_dtype(self.n_labels)

    def table(self) -> AbstractContextManager[LabelTable]:
        """The table of labels, as a context that lasts as long as a pass over pixels."""
        return TABLES.table_of(self.token, self.dtype, self.codes, self.labels)

    def label_block(self, pixels: Pixels, table: LabelTable, labels: np.ndarray) -> None:
        """Label the pixels of a block.

        Parameters
        ----------
        pixels : Pixels
            The block.
        table : LabelTable
            What `table` gives.
        labels : ndarray, shape (n_pixels,), of type `dtype`
            Written in place; 0 where a pixel takes no part.
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


def _arrive(token: str, *arguments: Any) -> LookUp:
    """Give the look-up that arrived in this process before under that name, or a new one."""
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

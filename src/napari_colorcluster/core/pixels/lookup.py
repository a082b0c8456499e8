"""From colors to labels: who has a table of all 2**24 colors, and the passes that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import uuid4
from weakref import ref

import numpy as np

from napari_colorcluster.core.pixels.codes import decode
from napari_colorcluster.core.pixels.image import (
    Pixels,
    as_image,
    as_mask,
    block_slices,
    is_dask,
    read_block,
)
from napari_colorcluster.core.pixels.label_table import LabelTable
from napari_colorcluster.core.pixels.painting import Brush, paint
from napari_colorcluster.core.support.frozen import frozen, read_only_view
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.recycled import empty
from napari_colorcluster.core.support.threads import map_in_threads

MAX_LABELS = np.iinfo(np.uint16).max
"""The largest label that a labels image can hold."""

_N_ARRIVED = 2
"""Look-ups from other processes that are kept with their tables, 16 or 32 MB each."""

_arrived: dict[str, LookUp] = {}

_N_TABLES = 3
"""Tables that are kept: of the look-ups that were used last. The others are made again."""

_in_use: list[ref[LookUp]] = []
"""The look-ups that have a table, the one used last at the end."""

_lock = Lock()
"""Held while a table is made or a look-up arrives, so that threads do neither twice."""


def label_dtype(n_labels: int) -> np.dtype:
    """The smallest type that holds labels up to `n_labels`: uint8 up to 255, else uint16."""
    return np.dtype(np.uint8 if n_labels <= np.iinfo(np.uint8).max else np.uint16)


@dataclass(frozen=True, eq=False)
class LookUp:
    """The label of every color: a table for those that are known, a rule for the others.

    Parameters
    ----------
    codes : ndarray, shape (n_colors,), int32, read-only
        The numbers of the colors that are known; see `encode`. Tables remember them to be cleared.
    labels : ndarray, shape (n_colors,)
        Their labels, 1..n_labels.
    n_labels : int
        The largest label, at most `MAX_LABELS`.
    rule : callable
        Maps other colors (n, 3), uint8, to labels (n,). A pure function of the color.

    Notes
    -----
    0 in the table stands for a color that nobody asked for yet: the first block that meets it
    asks the rule and enters the answer, which is the same whoever asks.

    The table is thousands of times larger than what it is made of, so it does not travel: where a
    look-up arrives in another process, it is made once, however many tasks bring it there. Nor do
    the results of a long session keep a table each: it is made anew where it was let go.
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

    @property
    def table(self) -> LabelTable:
        """The label of each color that is known."""
        with _lock:
            if not (_in_use and _in_use[-1]() is self):
                _keep_table_of(self)
            return self._table

    @cached_property
    def _table(self) -> LabelTable:
        table = LabelTable.take(self.dtype)
        table.enter(self.codes, self.labels)
        return table

    def predict(
        self,
        image: Any,
        mask: Any = None,
        *,
        progress: Progress = silent,
        label_of: np.ndarray | None = None,
        n_threads: int | None = None,
    ) -> Any:
        """Label an image; lazily, chunk by chunk, where it is a dask array.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            As `ColorHistogram.from_image` takes it.
        mask : array of bool, shape (...), optional
            True where a pixel takes part.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.
        label_of : ndarray, shape (n_labels + 1,), uint8 or uint16, optional
            What to write for each label, 0 for 0 first: other labels from the same table.
        n_threads : int, optional
            At most; what `map_in_threads` takes by default.

        Returns
        -------
        array, shape (...), uint8 or uint16
            1..n_labels; 0 where a pixel is left out.
        """
        image, mask = _check(image, mask)
        if is_dask(image):
            return self._label_lazily(image, mask, label_of)
        labels = self._empty(image, label_of)
        self._fill(image, mask, labels, None, None, label_of, progress, n_threads)
        return labels

    def paint(
        self,
        image: Any,
        colors: np.ndarray,
        mask: Any = None,
        *,
        progress: Progress = silent,
        label_of: np.ndarray | None = None,
    ) -> Any:
        """Paint an image with the colors of its labels; lazily where it is a dask array.

        Parameters
        ----------
        image, mask, progress, label_of
            As for `predict`.
        colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
            The color of each label that is written, of 0 (what is left out) first.

        Returns
        -------
        array, shape (..., 3 or 4), uint8
        """
        image, mask = _check(image, mask)
        if is_dask(image):
            return paint(self._label_lazily(image, mask, label_of), colors)
        painted = empty((*image.shape[:-1], colors.shape[1]), np.uint8)
        self._fill(image, mask, None, painted, colors, label_of, progress)
        return painted

    def predict_and_paint(
        self,
        image: Any,
        colors: np.ndarray,
        mask: Any = None,
        *,
        progress: Progress = silent,
        label_of: np.ndarray | None = None,
    ) -> tuple[Any, Any]:
        """Label an image and paint it, in one pass over its pixels.

        Parameters
        ----------
        image, colors, mask, progress, label_of
            As for `paint`.

        Returns
        -------
        labels, painted : array
            As `predict` and `paint` give them.
        """
        image, mask = _check(image, mask)
        if is_dask(image):
            labels = self._label_lazily(image, mask, label_of)
            return labels, paint(labels, colors)
        labels = self._empty(image, label_of)
        painted = empty((*image.shape[:-1], colors.shape[1]), np.uint8)
        self._fill(image, mask, labels, painted, colors, label_of, progress)
        return labels, painted

    def _label_lazily(self, image: Any, mask: Any, label_of: np.ndarray | None) -> Any:
        from napari_colorcluster.core.pixels.on_dask import label_lazily

        return label_lazily(self, image, mask, label_of)

    def _empty(self, image: Any, label_of: np.ndarray | None) -> np.ndarray:
        return empty(image.shape[:-1], self.dtype if label_of is None else label_of.dtype)

    def _fill(
        self,
        image: Any,
        mask: Any,
        labels: np.ndarray | None,
        painted: np.ndarray | None,
        colors: np.ndarray | None,
        label_of: np.ndarray | None,
        progress: Progress,
        n_threads: int | None = None,
    ) -> None:
        """Write the labels of an image, its colors, or both, block by block."""
        from napari_colorcluster.core.pixels.kernels import map_labels

        if label_of is not None:
            colors = None if colors is None else colors[label_of]
            label_of = read_only_view(label_of)
        brush = None if colors is None else Brush(colors)
        # Held to the end, however many other look-ups are used meanwhile.
        table = self.table

        def fill(where: tuple[slice, ...]) -> None:
            pixels = read_block(image, mask, where)
            with _flat(labels, where) as written:
                in_place = written is not None and label_of is None
                found = written if in_place else np.empty(len(pixels.values), self.dtype)
                self._label(pixels, table, found)
                if written is not None and label_of is not None:
                    map_labels(found, label_of, written)
                if brush is not None:
                    with _flat(painted, where) as canvas:
                        brush.paint(found, canvas)

        map_in_threads(fill, list(block_slices(image)), progress, "Labeling pixels", n_threads)

    def _label(self, pixels: Pixels, table: LabelTable, labels: np.ndarray) -> None:
        """Write the labels of a block; 0 where a pixel takes no part."""
        from napari_colorcluster.core.pixels.kernels import look_up_labels

        codes = pixels.encode()
        if look_up_labels(codes, pixels.keep, table.labels, labels):
            unknown = labels == 0
            if pixels.keep.size:
                unknown &= pixels.keep
            new = np.unique(codes[unknown])
            table.enter(new, self.rule(decode(new)))
            labels[unknown] = table.labels[codes[unknown]]


def _keep_table_of(look_up: LookUp) -> None:
    """Count a look-up as the one used last, and let go of the table that was used longest ago."""
    alive = [each for each in (known() for known in _in_use) if each is not None]
    others = [each for each in alive if each is not look_up]
    for each in others[: 1 - _N_TABLES]:
        vars(each).pop("_table", None)
    _in_use[:] = [ref(each) for each in (*others[1 - _N_TABLES :], look_up)]


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


def _check(image: Any, mask: Any) -> tuple[Any, Any]:
    image = as_image(image)
    return image, as_mask(mask, image)


@contextmanager
def _flat(array: np.ndarray | None, where: tuple[slice, ...]) -> Iterator[np.ndarray | None]:
    """A part of an array to be written to, as one row; in place where it is contiguous."""
    if array is None:
        yield None
        return
    # With the ellipsis a single pixel is a view as well.
    part = array[(*where, ...)]
    row = part.reshape(-1)
    yield row
    if not part.flags.c_contiguous:
        part[...] = row.reshape(part.shape)

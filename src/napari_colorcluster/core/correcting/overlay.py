"""The pixels of a label image whose label a person has decided, as a value: runs of pixels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.correcting.checks import check_labels
from napari_colorcluster.core.correcting.runs import (
    Runs,
    each_pixel,
    joined,
    lay_over,
    pack_runs,
    plain_runs,
    unpack_runs,
)
from napari_colorcluster.core.pixels.image import as_label_array, is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.numbers import is_integer

MOST_PLAIN_RUNS = 16
"""Up to so many runs are written as plain numbers, which a person can read."""


@dataclass(frozen=True, eq=False)
class Overlay:
    """Labels of single pixels, which lie over those that the colors give.

    Parameters
    ----------
    shape : tuple of int
        The shape of the label image, at full resolution.
    starts : ndarray, shape (n,), int64
        The first pixel of each run, in C order of the image; ascending.
    lengths : ndarray, shape (n,), int64
        The pixels of each run. None overlap, and none goes on in the next row, the last axis.
    labels : ndarray, shape (n,), uint16
        The label of each run; 0 is background.

    Raises
    ------
    ValueError
        Where these are not such runs.
    """

    shape: tuple[int, ...]
    starts: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", tuple(map(int, self.shape)))
        for name, dtype in (("starts", np.int64), ("lengths", np.int64), ("labels", np.uint16)):
            values = np.array(getattr(self, name), dtype)
            object.__setattr__(self, name, frozen(values))
        starts, ends, width = self.starts, self.ends, self.shape[-1]
        if not starts.shape == self.lengths.shape == self.labels.shape == (starts.size,):
            raise ValueError("Each run of pixels needs a start, a length and a label.")
        if not starts.size:
            return
        is_inside = starts[0] >= 0 and ends[-1] <= prod(self.shape)
        if not is_inside or self.lengths.min() < 1 or (starts[1:] < ends[:-1]).any():
            raise ValueError(
                f"Runs of pixels must ascend within an image of shape {self.shape}, "
                "each of at least one pixel, and must not overlap."
            )
        if (starts // width != (ends - 1) // width).any():
            raise ValueError(f"A run of pixels must end with its row of {width:,} pixels.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Overlay):
            return NotImplemented
        return self.shape == other.shape and all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("starts", "lengths", "labels")
        )

    __hash__ = None

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> Self:
        """No pixel of an image."""
        return cls(shape, *np.zeros((3, 0), np.int64))

    @classmethod
    def from_pixels(cls, shape: tuple[int, ...], flat_indices: Any, labels: Any) -> Self:
        """Take single pixels.

        Parameters
        ----------
        shape : tuple of int
            The shape of the label image.
        flat_indices : array-like, shape (n_pixels,), integer
            Where they are in C order. Of the same pixel twice, the later one counts.
        labels : array-like, shape (n_pixels,) or one integer
            The label of each, 0..65,535.

        Raises
        ------
        ValueError
            Where a label is no integer in this range, there are not as many as pixels, or a pixel
            lies outside the image.
        """
        flat = np.asarray(flat_indices, np.int64).reshape(-1)
        labels = np.broadcast_to(check_labels(labels, flat.size), flat.shape)
        if (flat[1:] <= flat[:-1]).any():
            # From the last on, the first of equal ones is the later one.
            flat, later = np.unique(flat[::-1], return_index=True)
            labels = labels[::-1][later]
        return cls(shape, *joined(shape[-1], flat, np.ones_like(flat), labels))

    @classmethod
    def between(cls, before: Any, after: Any) -> Self:
        """Take the pixels in which two label images differ, with the labels that they have after.

        Parameters
        ----------
        before, after : array, of the same shape, integer
            Numpy or dask; dask arrays are computed chunk by chunk.

        Raises
        ------
        ValueError
            Where their shapes differ.
        """
        before, after = map(as_label_array, (before, after))
        shape = tuple(map(int, after.shape))
        if tuple(before.shape) != shape:
            raise ValueError(
                f"Labels of shape {shape} do not lie over labels of shape {tuple(before.shape)}."
            )
        if is_dask(before) or is_dask(after):
            # dask takes half a second to import: an image in memory must not wait for it.
            from napari_colorcluster.core.correcting.on_dask import compute_boxes

            find = partial(_changed_in_box, shape)
            pixels = compute_boxes(find, (before, after), lambda box: True)
            return cls.from_pixels(shape, *map(np.concatenate, zip(*pixels, strict=True)))
        flat = np.flatnonzero(before != after)
        return cls.from_pixels(shape, flat, np.asarray(after).reshape(-1)[flat])

    @property
    def ends(self) -> np.ndarray:
        """The pixel after the last one of each run, shape (n,), int64."""
        return self.starts + self.lengths

    @property
    def n_pixels(self) -> int:
        """How many pixels there are."""
        return int(self.lengths.sum())

    @property
    def pixels(self) -> np.ndarray:
        """Where the pixels are in C order, shape (n_pixels,), int64; ascending."""
        return each_pixel(self.starts, self.lengths)

    def counts(self) -> np.ndarray:
        """How many pixels each label has here, shape (highest label + 1,), int64; of 0 first."""
        counts = np.zeros(int(self.labels.max(initial=0)) + 1, np.int64)
        np.add.at(counts, self.labels, self.lengths)
        return counts

    def counts_below(self, labels: Any) -> np.ndarray:
        """How many pixels each label of an image has where these pixels are; as `counts`.

        Parameters
        ----------
        labels : array, of this shape, integer
            Of a dask array, only the chunks with such pixels are computed.
        """
        if not self.n_pixels:
            return np.zeros(1, np.int64)
        if is_dask(labels):
            from napari_colorcluster.core.correcting.on_dask import compute_boxes

            parts = compute_boxes(
                lambda first, box: self.within(first, box.shape).counts_below(box),
                [labels],
                lambda box: self.within(*box).n_pixels > 0,
            )
            counts = np.zeros(max(map(len, parts)), np.int64)
            for part in parts:
                counts[: len(part)] += part
            return counts
        return np.bincount(np.asarray(labels).reshape(-1)[self.pixels])

    def over(self, below: Overlay | None) -> Overlay:
        """Lay these pixels over others of the same image: where both are, these count.

        Raises
        ------
        ValueError
            Where the others are of an image of another shape.
        """
        if below is None or not len(below.starts):
            return self
        if below.shape != self.shape:
            raise ValueError(f"Pixels of shape {self.shape} do not lie over shape {below.shape}.")
        if not len(self.starts):
            return below
        # Only what is between the first and the last pixel is woven together.
        first = int(np.searchsorted(below.ends, self.starts[0]))
        last = int(np.searchsorted(below.starts, self.ends[-1], "right"))
        woven = lay_over(self._columns, below._runs(slice(first, last))._columns)
        parts = below._runs(slice(first))._columns, woven, below._runs(slice(last, None))._columns
        columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Overlay(self.shape, *joined(self.shape[-1], *columns))

    def relabeled(self, mapping: Mapping[int, int]) -> Overlay:
        """The same pixels with other labels; those that are not in the mapping stay."""
        new = np.arange(MAX_LABELS + 1)
        for old, to in mapping.items():
            new[old] = to
        columns = self.starts, self.lengths, new[self.labels]
        return Overlay(self.shape, *joined(self.shape[-1], *columns))

    def keeping(self, labels: Collection[int]) -> Overlay:
        """The pixels of these labels and of the background alone."""
        return self._runs(np.isin(self.labels, [0, *labels]))

    def inside(self, mask: np.ndarray) -> Overlay:
        """The pixels where a mask, an array of bool of this shape, is True."""
        pixels = self.pixels
        there = mask.reshape(-1)[pixels]
        labels = np.repeat(self.labels, self.lengths)
        return Overlay.from_pixels(self.shape, pixels[there], labels[there])

    def within(self, first: tuple[int, ...], shape: tuple[int, ...]) -> Overlay:
        """The pixels in a box of the image, as those of an image of its own.

        Parameters
        ----------
        first : tuple of int
            The box's first pixel.
        shape : tuple of int
            Its size.
        """
        *rows, columns = np.unravel_index(self.starts, self.shape)
        start = np.maximum(columns - first[-1], 0)
        stop = np.minimum(columns + self.lengths - first[-1], shape[-1])
        inside, moved = start < stop, []
        for row, low, size in zip(rows, first, shape, strict=False):
            inside &= (row >= low) & (row < low + size)
            moved.append(row - low)
        place = tuple(each[inside] for each in (*moved, start))
        flat = np.ravel_multi_index(place, shape) if inside.any() else []
        return Overlay(shape, flat, (stop - start)[inside], self.labels[inside])

    def at_level(self, shape: tuple[int, ...]) -> Overlay:
        """The same in a coarser level of the image: where the centers of its pixels fall into it.

        Parameters
        ----------
        shape : tuple of int
            That of the level.

        Raises
        ------
        ValueError
            Where an axis is longer than in the full resolution, or there are others.
        """
        if tuple(shape) == self.shape:
            return self
        if len(shape) != len(self.shape) or (np.array(shape) > self.shape).any():
            raise ValueError(f"Pixels of shape {self.shape} do not lie over shape {tuple(shape)}.")
        centers = [
            (2 * np.arange(n) + 1) * size // (2 * n)
            for size, n in zip(self.shape, shape, strict=True)
        ]
        *rows, columns = np.unravel_index(self.starts, self.shape)
        start, stop = np.searchsorted(centers[-1], (columns, columns + self.lengths))
        there, place = start < stop, []
        for row, center in zip(rows, centers, strict=False):
            found = np.minimum(np.searchsorted(center, row), len(center) - 1)
            there &= center[found] == row
            place.append(found)
        place = tuple(each[there] for each in (*place, start))
        flat = np.ravel_multi_index(place, shape) if there.any() else []
        columns = flat, (stop - start)[there], self.labels[there]
        return Overlay(shape, *joined(shape[-1], *columns))

    def check_fits(self, labels: Any) -> None:
        """Check that a label image has this shape; `apply` takes those of coarser levels as well.

        Raises
        ------
        ValueError
            Where it has another one.
        """
        shape = tuple(map(int, labels.shape))
        if shape != self.shape:
            raise ValueError(
                f"Corrections by hand of an image of shape {self.shape} do not fit one of shape "
                f"{shape}."
            )

    def apply(self, labels: Any, out: np.ndarray | None = None) -> Any:
        """Lay these pixels over a label image.

        Parameters
        ----------
        labels : array, integer
            Of this shape, or that of a coarser level of the same image; numpy or dask.
        out : ndarray, optional
            Where the result is written to, in place of a new array; may be `labels` itself.
            For images in memory.

        Returns
        -------
        array, of the same shape
            Of the type of `labels`, or uint16 where that does not hold the labels; lazy where
            `labels` is a dask array.
        """
        here = self.at_level(tuple(map(int, labels.shape)))
        dtype = np.result_type(labels.dtype, np.min_scalar_type(int(self.labels.max(initial=0))))
        if is_dask(labels):
            from napari_colorcluster.core.correcting.on_dask import map_boxes

            return map_boxes(_apply_to_box, labels, here, dtype)
        if out is None:
            out = np.array(labels, dtype, order="C")
        elif out is not labels:
            out[...] = labels
        painted = np.repeat(here.labels, here.lengths)
        if out.flags.c_contiguous:
            out.reshape(-1)[here.pixels] = painted
        else:
            out[np.unravel_index(here.pixels, here.shape)] = painted
        return out

    def to_dict(self) -> dict[str, Any]:
        """The pixels for JSON.

        Returns
        -------
        dict
            ``"shape"``, and the runs: few as ``"runs"``, a list of ``[start, length, label]``.
            Many as ``"n_runs"``, with ``"gaps"`` (uint64; from the end of the run before, or of
            the image's beginning), ``"lengths"`` (uint64) and ``"labels"`` (uint16), each packed
            as text.
        """
        shape = list(self.shape)
        if len(self.starts) <= MOST_PLAIN_RUNS:
            runs = zip(*(column.tolist() for column in self._columns), strict=True)
            return {"shape": shape, "runs": [list(run) for run in runs]}
        return {"shape": shape, **pack_runs(*self._columns)}

    @classmethod
    def from_dict(cls, stored: Any) -> Self:
        """Read what `to_dict` wrote.

        Raises
        ------
        ValueError
            Where it is something else.
        """
        shape = stored.get("shape") if isinstance(stored, Mapping) else None
        if (
            not isinstance(shape, list | tuple)
            or not shape
            or not all(is_integer(size) and size > 0 for size in shape)
        ):
            raise ValueError(f"Painted pixels need the shape of their image, got {stored!r:.200}.")
        columns = plain_runs(stored["runs"]) if "runs" in stored else unpack_runs(stored)
        return cls(tuple(shape), *columns)

    @property
    def _columns(self) -> Runs:
        return self.starts, self.lengths, self.labels

    def _runs(self, which: Any) -> Overlay:
        """Some of the runs."""
        starts, lengths, labels = (column[which] for column in self._columns)
        return replace(self, starts=starts, lengths=lengths, labels=labels)


def _changed_in_box(
    shape: tuple[int, ...], first: tuple[int, ...], before: np.ndarray, after: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where a part of an image has other labels, in C order of the whole, and which."""
    place = np.nonzero(before != after)
    whole = tuple(index + start for index, start in zip(place, first, strict=True))
    return np.ravel_multi_index(whole, shape), after[place]


def _apply_to_box(box: np.ndarray, first: tuple[int, ...], overlay: Overlay) -> np.ndarray:
    return overlay.within(first, box.shape).apply(box)

"""The counts that a pattern is made of: of pixels, and of pairs of neighbors; checked and added.

What is made of them, tables and patches, is not here.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.pattern.indices import Measured, Terms, fractions
from napari_colorcluster.core.pattern.label_image import LabelImage
from napari_colorcluster.core.support.frozen import frozen

SHARES = ("pixels", "pairs")
"""What the share of a cluster can be counted in."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of pixels and of pairs of neighbors; `Pattern` tells what the fields are."""

    horizontal: np.ndarray
    vertical: np.ndarray
    pixels: np.ndarray
    colors: np.ndarray | None = None
    spacing: tuple[float, float] = (1.0, 1.0)
    _: KW_ONLY
    unit: str | None = None
    labels: np.ndarray | None = None
    names: tuple[str, ...] | None = None
    luminances: np.ndarray | None = None
    image: LabelImage | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        pixels = _counts("pixels", self.pixels)
        k = len(pixels)
        labels = np.arange(1, k + 1) if self.labels is None else self.labels
        labels = np.array(labels, np.int64)
        values = {
            "horizontal": _pairs("horizontal", self.horizontal, k),
            "vertical": _pairs("vertical", self.vertical, k),
            "pixels": _shaped("pixels", pixels, (k,)),
            "labels": _shaped("labels", labels, (k,)),
            "spacing": as_spacing(self.spacing),
        }
        if self.colors is not None:
            values["colors"] = _shaped("colors", np.array(self.colors, np.uint8), (k, 3))
        if self.luminances is not None:
            luminances = np.array(self.luminances, np.float64)
            values["luminances"] = _shaped("luminances", luminances, (k,))
        names = map(str, labels.tolist() if self.names is None else self.names)
        values["names"] = tuple(names)
        if len(values["names"]) != k:
            raise ValueError(f"A pattern of {k} clusters needs {k} names, got {self.names}.")
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        return _made, (type(self), self._values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        counts = ("horizontal", "vertical", "pixels")
        return self._describes_as(other) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in counts
        )

    __hash__ = None

    def _describes_as(self, other: Self) -> bool:
        """Whether the clusters and the pixels mean the same, whatever their counts."""
        arrays = ("labels", "colors", "luminances")
        return (self.names, self.spacing, self.unit) == (
            other.names, other.spacing, other.unit
        ) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in arrays
        )  # fmt: skip

    def __add__(self, other: Self) -> Self:
        """Both images as one, side by side: the counts add up, and there are no patches."""
        if not isinstance(other, Counts):
            return NotImplemented
        if not self._describes_as(other):
            raise ValueError(
                "Only patterns of the same clusters, colors and pixel size can be added: measure "
                "both with one palette and one spacing."
            )
        return replace(
            self,
            horizontal=self.horizontal + other.horizontal,
            vertical=self.vertical + other.vertical,
            pixels=self.pixels + other.pixels,
            image=None,
        )

    @property
    def _values(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def n_clusters(self) -> int:
        """Number of clusters, k."""
        return len(self.pixels)

    @property
    def fractions(self) -> np.ndarray:
        """Share of each cluster in the pixels, shape (k,)."""
        return fractions(self.pixels)

    @cached_property
    def pairs(self) -> np.ndarray:
        """Pairs of neighbors along both axes, shape (k, k), int64."""
        return frozen(self.horizontal + self.vertical)

    def terms(self, shares: str = "pixels") -> Measured:
        """What the formulas of indices are made of.

        Parameters
        ----------
        shares : "pixels" or "pairs"
            As for `indices`.
        """
        if shares not in SHARES:
            raise ValueError(f"shares must be 'pixels' or 'pairs', got {shares!r}.")

        def terms(pairs: np.ndarray) -> Terms:
            in_pixels = shares == "pixels"
            return Terms(self.fractions if in_pixels else fractions(np.diagonal(pairs)), pairs)

        height, width = self.spacing
        n_pixels = int(self.pixels.sum())
        return Measured(
            terms(self.pairs), terms(self.horizontal), terms(self.vertical),
            n_pixels * width, n_pixels * height,
        )  # fmt: skip


def as_spacing(spacing: Any) -> tuple[float, float]:
    """Check the size of a pixel: one number above 0, or two for row and column."""
    sizes = np.array(spacing, np.float64)
    if sizes.shape not in ((), (2,)) or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError(
            f"spacing must be a number above 0, or two for row and column, got {spacing!r}."
        )
    return tuple(np.broadcast_to(sizes, 2).tolist())


def _made(kind: type[Counts], values: dict[str, Any]) -> Counts:
    return kind(**values)


def _counts(what: str, counts: Any) -> np.ndarray:
    given = np.array(counts)
    exact = given.astype(np.int64)
    if not np.array_equal(given, exact) or (exact < 0).any():
        raise ValueError(f"{what} must be whole numbers from 0 on, got {given.tolist()}.")
    return exact


def _pairs(what: str, pairs: Any, k: int) -> np.ndarray:
    pairs = _shaped(what, _counts(what, pairs), (k, k))
    if not np.array_equal(pairs, pairs.T):
        raise ValueError(
            f"{what} must be symmetric, a pair of two clusters counted in both places, got "
            f"{pairs.tolist()}."
        )
    return pairs


def _shaped(what: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if array.shape != shape:
        raise ValueError(
            f"A pattern of {shape[0]} clusters needs {what} of shape {shape}, got {array.shape}."
        )
    return frozen(array)

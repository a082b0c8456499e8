"""The palette: which colors, how much of each. An immutable value; no image, no file formats."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.display import Row, as_html, as_text
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.words import counted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Palette:
    """The colors of an image's clusters, with their names and shares.

    Parameters
    ----------
    colors : array-like, shape (n_clusters, 3), uint8
        sRGB color of each cluster.
    pixels : array-like, shape (n_clusters,), int64
        Number of pixels in each cluster.
    names : sequence of str
        Name of each cluster.
    labels : array-like, shape (n_clusters,), int64, optional
        Label of each cluster, each at least 1 and only once: 0 is the label of what is left out.
        By default 1..n_clusters; after edits labels may be missing, and stand in another order.
    """

    colors: np.ndarray
    pixels: np.ndarray
    names: tuple[str, ...]
    labels: np.ndarray = None

    def __post_init__(self) -> None:
        colors = np.array(self.colors, dtype=np.uint8).reshape(-1, 3)
        pixels = np.array(self.pixels, dtype=np.int64).reshape(-1)
        names = tuple(self.names)
        if not len(colors) == len(pixels) == len(names):
            raise ValueError(
                f"A palette needs one count and one name a color, got {len(colors)} colors, "
                f"{len(pixels)} counts and {len(names)} names."
            )
        labels = np.arange(1, len(colors) + 1) if self.labels is None else self.labels
        labels = np.array(labels, dtype=np.int64).reshape(-1)
        if (
            len(labels) != len(colors)
            or len(np.unique(labels)) != len(labels)
            or (labels < 1).any()
        ):
            raise ValueError(
                f"A palette needs a label of its own, at least 1, for each of its {len(colors)} "
                f"colors, got {labels.tolist()}."
            )
        arrays = {"colors": frozen(colors), "pixels": frozen(pixels), "labels": frozen(labels)}
        values = {**arrays, "names": names}
        for field, value in values.items():
            object.__setattr__(self, field, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        return Palette, (self.colors, self.pixels, self.names, self.labels)

    def __len__(self) -> int:
        return len(self.colors)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Palette):
            return NotImplemented
        return (
            np.array_equal(self.colors, other.colors)
            and np.array_equal(self.pixels, other.pixels)
            and self.names == other.names
            and np.array_equal(self.labels, other.labels)
        )

    __hash__ = None

    def __repr__(self) -> str:
        return as_text(self._title, self.rows)

    def _repr_html_(self) -> str:
        return as_html(self._title, self.rows)

    @property
    def _title(self) -> str:
        return f"Palette of {counted(len(self), 'color')}, {counted(self.n_pixels, 'pixel')}"

    @property
    def rows(self) -> list[Row]:
        """Label, name, hex and share of each color."""
        columns = self.labels.tolist(), self.names, self.hex, self.fractions.tolist()
        return [Row(*each) for each in zip(*columns, strict=True)]

    def row_of(self, label: int) -> int | None:
        """The row of a label, 0..n_clusters - 1; None where no color has it."""
        return self._rows.get(label)

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {label: row for row, label in enumerate(self.labels.tolist())}

    @property
    def n_pixels(self) -> int:
        """Number of pixels in all clusters together."""
        return int(self.pixels.sum())

    # Kept: a table asks for them row by row.
    @cached_property
    def fractions(self) -> np.ndarray:
        """Share of each cluster in the pixels that took part, shape (n_clusters,), summing to 1."""
        return frozen(self.pixels / max(self.n_pixels, 1))

    @cached_property
    def hex(self) -> tuple[str, ...]:
        """Each color as ``"#rrggbb"``."""
        return tuple(
            f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in self.colors.tolist()
        )

    def to_dataframe(self, pixel_size: PixelSize | None = None) -> pd.DataFrame:
        """The palette as a table, one row per cluster.

        Parameters
        ----------
        pixel_size : PixelSize, optional
            What a pixel covers, where it is known.

        Returns
        -------
        pandas.DataFrame
            Columns ``index`` (the label), ``name``, ``hex``, ``red``, ``green``, ``blue`` (0..255),
            ``pixels`` and ``fraction``; with a pixel size also ``area`` and ``area_unit``, or
            ``volume`` and ``volume_unit``.
        """
        import pandas as pd

        table = pd.DataFrame(
            {
                "index": self.labels.copy(),
                "name": list(self.names),
                "hex": list(self.hex),
                "red": self.colors[:, 0],
                "green": self.colors[:, 1],
                "blue": self.colors[:, 2],
                "pixels": self.pixels,
                "fraction": self.fractions,
            }
        )
        return table if pixel_size is None else pixel_size.added_to(table)

    def edges(self, width: int) -> np.ndarray:
        """Where each color's segment begins and ends in a bar of `width` pixels.

        Parameters
        ----------
        width : int
            Width of the bar in pixels.

        Returns
        -------
        ndarray, shape (n_clusters + 1,), int64
            Segment ``i`` spans ``edges[i]:edges[i + 1]``; within half a pixel of its exact place.
            All are equally wide where there is no pixel, as in a palette file without counts.
        """
        pixels = self.pixels if self.n_pixels else np.ones(len(self), np.int64)
        reached = np.concatenate([[0], np.cumsum(pixels)])
        return np.rint(reached * (width / max(reached[-1], 1))).astype(np.int64)

    def bar(self, width: int = 300, height: int = 50) -> np.ndarray:
        """The palette as a picture: a bar whose segments are as wide as the shares.

        Parameters
        ----------
        width, height : int, default 300 and 50
            Size in pixels, at least 1.

        Returns
        -------
        ndarray, shape (height, width, 3), uint8
            sRGB; black where there is no color to show.
        """
        if width < 1 or height < 1:
            raise ValueError(f"width and height must be at least 1, got {width} and {height}.")
        row = np.zeros((width, 3), np.uint8)
        painted = np.repeat(self.colors, np.diff(self.edges(width)), axis=0)
        row[: len(painted)] = painted
        return np.repeat(row[np.newaxis], height, axis=0)

    def write(self, path: str | os.PathLike[str], pixel_size: PixelSize | None = None) -> None:
        """Write the palette to a file, whole or not at all.

        Parameters
        ----------
        path : path-like
            Its suffix tells the format: ``.csv`` or ``.json``, from which `read_palette` gives an
            equal palette; ``.gpl``, ``.ase``, ``.aco``, ``.css``, ``.tailwind.css`` or ``.scss``,
            which have room for the colors and their names only; or ``.hex``, for the colors alone.
            napari opens what ends in ``.colors.csv`` or ``.colors.json`` as a palette. A file that
            is there already is replaced.
        pixel_size : PixelSize, optional
            What a pixel covers: a ``.csv`` has the areas then, or volumes.

        Raises
        ------
        ValueError
            Where the suffix is none of these.
        OSError
            Where the file cannot be written.
        """
        # A door upward: what is written to files is known above.
        from napari_colorcluster.core.files.palettes import write

        write(self, path, pixel_size)

"""The calibration: a function from the colors of an image to true ones. An immutable value."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.by_rows import map_rows
from napari_colorcluster.core.color.calibration.card import Card
from napari_colorcluster.core.color.calibration.checks import as_numbers, checked_colors, shown
from napari_colorcluster.core.color.calibration.models import find_model
from napari_colorcluster.core.color.calibration.records import (
    Patch,
    Triple,
    mean_delta_e,
    restored,
    table_of,
)
from napari_colorcluster.core.color.calibration.solving import solve_card, solve_gray
from napari_colorcluster.core.color.matrices import multiplied
from napari_colorcluster.core.color.spaces import to_8bit
from napari_colorcluster.core.color.srgb import encode_gamma, linear_light
from napari_colorcluster.core.pixels.blocks import read_pixels
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.passes import as_source
from napari_colorcluster.core.pixels.reading import Reading
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads
from napari_colorcluster.core.support.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

FORMAT_NAME = "napari-colorcluster/calibration/1"
"""What a stored calibration says it is."""

_N_LEVELS = 256


@dataclass(frozen=True)
class Calibration:
    """A function of a color: from sRGB as an image has it to sRGB as it should be.

    Made by `from_card` or `from_gray`. The linear light of each channel is raised to an exponent,
    which undoes a camera's own curve; features of the three, which the model names, are multiplied
    by a matrix. Calibrations are equal where all their numbers are.

    Parameters
    ----------
    model : str
        ``"white_balance"``, ``"3x3"``, ``"affine"`` or ``"root_polynomial"``.
    matrix : array-like, shape (n_features, 3)
        What each feature of the model adds to red, green and blue.
    exponents : array-like, shape (3,), default (1, 1, 1)
        Of each channel's linear light.
    card : str, default ""
        The card's name.
    records : sequence of Patch, optional
        The card's patches.

    Raises
    ------
    ValueError
        Where the model is unknown, or the numbers are none for it.
    """

    model: str
    matrix: tuple[Triple, ...]
    exponents: Triple = (1.0, 1.0, 1.0)
    card: str = ""
    records: tuple[Patch, ...] = ()

    def __post_init__(self) -> None:
        model = find_model(self.model)
        matrix, exponents = as_numbers(self.matrix), as_numbers(self.exponents)
        if matrix.shape != (len(model.free), 3) or not np.isfinite(matrix).all():
            raise ValueError(
                f"The matrix of model {model.name!r} needs {len(model.free)} rows of three "
                f"finite numbers, got {shown(self.matrix)}."
            )
        if exponents.shape != (3,) or not (np.isfinite(exponents) & (exponents > 0)).all():
            raise ValueError(
                f"exponents must be three numbers above 0, got {shown(self.exponents)}."
            )
        # Of Python's numbers, so that calibrations compare, hash and travel as values.
        object.__setattr__(self, "model", model.name)
        object.__setattr__(self, "matrix", tuple(map(tuple, matrix.tolist())))
        object.__setattr__(self, "exponents", tuple(exponents.tolist()))
        object.__setattr__(self, "records", tuple(self.records))

    def __repr__(self) -> str:
        lines = [f"Calibration: {find_model(self.model).title} model"]
        if self.card:
            used = sum(not patch.reason for patch in self.records)
            lines.append(f"card: {self.card}, {used} of {len(self.records)} patches used")
        if np.isfinite(self.delta_e):
            before = f"{self.delta_e_before:.1f} before"
            lines.append(f"mean ΔE2000: {before}, {self.delta_e:.1f} after")
        return "\n  ".join(lines)

    @classmethod
    def from_card(
        cls,
        image: Any,
        corners: np.ndarray,
        card: str | os.PathLike[str] | Card = "ColorChecker Classic",
        model: str | None = None,
        mask: Any = None,
    ) -> Calibration:
        """Calibrate by a color card in an image.

        The median of each patch is taken, away from its edge. Fitted is the function from its
        linear light to that of the reference, and with it, as far as the patches tell them, the
        camera's own curve and a light that changes smoothly over the card: the calibration holds
        for the light in the card's middle. Patches that are clipped, uneven or shaded are named
        in `patches` and left out.

        Parameters
        ----------
        image : array, shape (rows, columns, 3 or 4)
            RGB or RGBA, numpy or dask; read around the card alone.
        corners : array-like, shape (4, 2)
            Row and column of the corners of the card's field of patches, half a gap outside the
            outermost ones. In any order; the card may be turned, mirrored and seen at an angle.
        card : str, path-like or Card, default "ColorChecker Classic"
            The name of a card, in capitals or not, or the path of a table (``.csv``) with a patch
            a row. The page on file formats lists the cards, and tells of the columns.
        model : str, optional
            ``"white_balance"``, ``"3x3"``, ``"affine"`` or ``"root_polynomial"``. By default the
            simplest whose leave-one-out ΔE2000 is within one standard error of the best.
        mask : array of bool, shape (rows, columns), optional
            True where a pixel takes part.

        Returns
        -------
        Calibration

        Raises
        ------
        ValueError
            Where the card or the model is unknown, too few patches can be used, or the corners are
            not on the card: its mean ΔE2000 after the fit is above 10.

        References
        ----------
        G. D. Finlayson, M. Mackiewicz and A. Hurlbert, "Color correction using root-polynomial
        regression", IEEE Transactions on Image Processing 24 (2015).
        """
        return cls(*solve_card(image, corners, card, model, mask))

    @classmethod
    def from_gray(
        cls,
        image: Any,
        mask: Any = None,
        reflectance: float | None = 0.18,
        lightness: float | None = None,
    ) -> Calibration:
        """Balance white by one gray patch.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            The patch, or an image that has it.
        mask : array of bool, shape (...), optional
            True inside the patch.
        reflectance : float or None, default 0.18
            The share of the light that the patch reflects, above 0 and up to 1; None leaves the
            patch as light as it is.
        lightness : float, optional
            Its L* in place of that, above 0 and up to 100.

        Returns
        -------
        Calibration

        Raises
        ------
        ValueError
            Where a value is out of its range, or the patch is clipped or has no pixel.
        """
        return cls(*solve_gray(image, mask, reflectance, lightness))

    @property
    def patches(self) -> pd.DataFrame:
        """The card's patches, one row each.

        Columns ``name``, ``row``, ``column``; ``measured_red``, ``_green``, ``_blue`` and
        ``reference_red``, ``_green``, ``_blue`` (sRGB, 0..255), ``reference_L``, ``_a``, ``_b``
        (CIELAB, D65); ``light``, relative to that on the card; ``delta_e_before`` and, calibrated
        and with the light evened out, ``delta_e_after`` (ΔE2000); ``used`` and ``reason``, why not.
        """
        return table_of(self.records)

    @property
    def delta_e(self) -> float:
        """The mean ΔE2000 of the patches that were used, after the fit."""
        return mean_delta_e(self.records, "delta_e_after")

    @property
    def delta_e_before(self) -> float:
        """The mean ΔE2000 of the patches that were used, as they were measured."""
        return mean_delta_e(self.records, "delta_e_before")

    def transform(self, colors: np.ndarray) -> np.ndarray:
        """Calibrate colors, in floating point.

        Parameters
        ----------
        colors : ndarray, shape (n, 3), uint8 or float
            sRGB; floats in [0, 1].

        Returns
        -------
        ndarray, shape (n, 3), float64
            sRGB, nominally in [0, 1]; a color that sRGB does not have leaves that.

        Raises
        ------
        ValueError
            Where the colors have another shape or type.
        """
        return self._transform(checked_colors(colors))

    def _transform(self, colors: np.ndarray, n_threads: int | None = None) -> np.ndarray:
        return self.map_linear(encode_gamma, colors, n_threads)

    def map_linear(
        self,
        function: Callable[[np.ndarray], np.ndarray],
        colors: np.ndarray,
        n_threads: int | None = None,
    ) -> np.ndarray:
        """Calibrate colors, and apply a function to their linear light.

        Parameters
        ----------
        function : callable
            Linear light (n, 3), which may leave [0, 1], to other numbers of that shape, as
            `map_rows` takes it.
        colors : ndarray, shape (n, 3), uint8 or float
            sRGB; floats in [0, 1].
        n_threads : int, optional
            At most; by default one for each core, up to 8.

        Returns
        -------
        ndarray, shape (n, 3), float64
        """
        features, matrix = find_model(self.model).features, np.array(self.matrix)
        tables = None
        if colors.dtype == np.uint8 and len(colors) > _N_LEVELS:
            levels = np.arange(_N_LEVELS, dtype=np.uint8)
            tables = self._light(np.repeat(levels[:, np.newaxis], 3, axis=1)).T

        def calibrated(rows: np.ndarray) -> np.ndarray:
            return function(multiplied(features(self._light(rows, tables)), matrix))

        return map_rows(calibrated, colors, n_threads)

    def _light(self, colors: np.ndarray, tables: np.ndarray | None = None) -> np.ndarray:
        """The linear light of each channel to the power of its exponent, shape (n, 3).

        A row a channel in memory, as it is computed; of 8 bits, looked up where there are tables,
        shape (3, 256).
        """
        planes = np.empty((3, len(colors)))
        for axis, (plane, channel) in enumerate(zip(planes, colors.T, strict=True)):
            if tables is not None:
                plane[:] = tables[axis].take(channel)
                continue
            light = np.maximum(linear_light(channel), 0)
            plane[:] = light if self.exponents[axis] == 1 else light ** self.exponents[axis]
        return planes.T

    def apply(
        self, image: Any, *, progress: Progress = silent, n_threads: int | None = None
    ) -> Any:
        """Calibrate a whole image.

        Parameters
        ----------
        image : array, shape (..., 3 or 4), or Picture
            RGB or RGBA, numpy or dask, as `count_colors` takes it.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.
        n_threads : int, optional
            At most; by default one for each core, up to 8.

        Returns
        -------
        array, shape (..., 3 or 4), uint8
            sRGB, clipped to the gamut, and alpha as it is. A lazy dask array where the image is
            one.
        """
        source = as_source(image, None, min_alpha=0)
        if is_dask(source.image):
            lazy = source.image.rechunk({source.image.ndim - 1: -1})
            meta = np.empty((0,) * lazy.ndim, np.uint8)
            return lazy.map_blocks(self._apply_block, source.reading, dtype=np.uint8, meta=meta)
        applied = np.empty(source.image.shape, np.uint8)

        def fill(where: tuple[slice, ...]) -> None:
            applied[where] = self._apply_block(np.asarray(source.image[where]), source.reading)

        map_in_threads(fill, list(source.slices()), progress, "Calibrating colors", n_threads)
        return applied

    def _apply_block(self, block: np.ndarray, reading: Reading) -> np.ndarray:
        applied = read_pixels(block, None, reading).values.copy()
        applied[:, :3] = to_8bit(self._transform(applied[:, :3], n_threads=1))
        return applied.reshape(block.shape)

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON can hold it: `from_dict` gives the same to the bit."""
        return {
            "format": FORMAT_NAME,
            "card": self.card,
            "model": self.model,
            "exponents": list(self.exponents),
            "matrix": [list(row) for row in self.matrix],
            "patches": [
                {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(patch).items()}
                for patch in self.records
            ],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """Take what `to_dict` gave.

        Raises
        ------
        ValueError
            Where it is something else.
        """
        said = stored.get("format") if isinstance(stored, Mapping) else None
        if said != FORMAT_NAME:
            raise ValueError(f'A calibration needs "format": "{FORMAT_NAME}", got {said!r}.')
        for key in ("model", "matrix", "exponents", "card", "patches"):
            if key not in stored:
                raise ValueError(f"A calibration needs {key!r}.")
        if not isinstance(stored["patches"], list | tuple):
            raise ValueError(f"patches must be a list, got {shown(stored['patches'])}.")
        return cls(
            stored["model"],
            stored["matrix"],
            stored["exponents"],
            str(stored["card"]),
            tuple(map(restored, stored["patches"])),
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the calibration to a ``.json`` file, whole or not at all.

        `read_calibration` gives an equal one.

        Raises
        ------
        OSError
            Where the file cannot be written.
        """
        with whole_file(path) as unfinished:
            text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
            unfinished.write_text(text + "\n", "utf-8")


def as_calibration(value: Any) -> Calibration | None:
    """What may be given as a calibration: one, what its `to_dict` gave, or None.

    Raises
    ------
    ValueError
        Where it is something else.
    """
    if value is None or isinstance(value, Calibration):
        return value
    if isinstance(value, Mapping):
        return Calibration.from_dict(value)
    raise ValueError(
        f"calibration must be a Calibration, what its to_dict gave, or None, got {shown(value)}."
    )

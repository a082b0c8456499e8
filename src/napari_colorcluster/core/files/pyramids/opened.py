"""Labels and colors in levels, opened again: nothing is read before it is looked at."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari_colorcluster.core.files.label_tiffs import read_label_tiff
from napari_colorcluster.core.files.pictures.formats.tiff.array import TiffArray
from napari_colorcluster.core.files.pictures.formats.tiff.lengths import lengths_of
from napari_colorcluster.core.files.pictures.formats.zarrs import axes_in, lengths_in
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pyramids import ome_tiff, ome_zarr
from napari_colorcluster.core.files.pyramids.lazy import LazyArray
from napari_colorcluster.core.files.saved_labels import SavedLabels
from napari_colorcluster.core.support.extras import MissingLibraryError, library

SUFFIXES = (ome_tiff.SUFFIX, ome_zarr.SUFFIX)
"""How the names end of what is opened here."""

_KINDS = ("-labels", "-quantized")


@dataclass(frozen=True, eq=False)
class OpenedImages:
    """What a file has, each a sequence of levels, the full resolution first.

    Attributes
    ----------
    title : str
        The name of the image.
    axes : str
        Those of the labels, without channels: a letter each, of ``tzyx``.
    lengths : mapping of str to (float, str)
        Side lengths of the pixels, as far as they are known.
    labels : sequence of LazyArray, shape (..., Y, X)
        Empty where the file has none.
    colors : sequence of LazyArray, shape (..., Y, X, 3 or 4)
        Likewise.
    saved : SavedLabels, optional
        What is saved with the labels.
    """

    title: str
    axes: str
    lengths: Lengths
    labels: Sequence[Any] = ()
    colors: Sequence[Any] = ()
    saved: SavedLabels | None = None


def is_opened_here(path: str | os.PathLike[str]) -> bool:
    """Whether this is the name of labels or colors in levels, by napari-colorcluster."""
    return Path(path).name.lower().endswith(SUFFIXES)


def open_images(path: str | os.PathLike[str]) -> OpenedImages:
    """Open labels, their colors, or both.

    Parameters
    ----------
    path : path-like
        An OME-TIFF or the folder of an OME-Zarr, as a study writes them.

    Returns
    -------
    OpenedImages
        It reads what is sliced.

    Raises
    ------
    ValueError
        Where it is none of these, or damaged, or a library for it is missing.
    OSError
        Where it cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path.name}.")
    try:
        return _open_zarr(path) if path.is_dir() else _open_tiff(path)
    except MissingLibraryError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        # The libraries raise whatever they trip over.
        raise ValueError(
            f"{path.name} is damaged, or was not written by napari-colorcluster."
        ) from error


def _open_tiff(path: Path) -> OpenedImages:
    import tifffile

    with tifffile.TiffFile(path) as file:
        series, lengths = file.series[0], lengths_of(file)
        axes, n_levels = series.axes.lower(), len(series.levels)
    levels = [TiffArray(path, 0, alone=False, level=level) for level in range(n_levels)]
    arrays = [LazyArray(level, len(axes.removesuffix("s")) - 2) for level in levels]
    title = _title_of(path)
    if axes.endswith("s"):
        return OpenedImages(title, axes[:-1], lengths, colors=arrays)
    saved = read_label_tiff(path)
    if saved is None:
        raise ValueError("no palette")
    return OpenedImages(title, axes, lengths, arrays, saved=saved)


def _open_zarr(path: Path) -> OpenedImages:
    zarr = library("zarr", "Results in levels need the library zarr")
    image = zarr.open_group(path, mode="r")
    clusters = image[ome_zarr.LABELS]
    attributes = dict(clusters.attrs)
    saved = SavedLabels.from_dict(attributes[ome_zarr.OWN_KEY])
    scales = attributes["multiscales"][0]
    labels = _levels_of(clusters, scales)
    shape = labels[0].shape
    axes = axes_in(scales, len(shape))
    names = "".join(axis["name"] for axis in axes)
    channel = names.count("t")
    order = [axis for axis in range(len(shape) + 1) if axis != channel] + [channel]
    colors = _levels_of(image, dict(image.attrs)["multiscales"][0])
    return OpenedImages(
        *(_title_of(path), names, lengths_in(scales, axes, shape)),
        [LazyArray(array, len(shape) - 2) for array in labels],
        [LazyArray(array, len(shape) - 2, order) for array in colors],
        saved,
    )


def _levels_of(group: Any, scales: Mapping[str, Any]) -> list[Any]:
    return [group[dataset["path"]] for dataset in scales["datasets"]]


def _title_of(path: Path) -> str:
    name = path.name
    for suffix in (*SUFFIXES, *_KINDS):
        name = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    return name

"""Image files: which there are, what they are called in results, and their pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np

from napari_colorcluster.core.image import as_image

SUFFIXES = {
    *(".bmp", ".gif", ".jpeg", ".jpg", ".jp2", ".lsm", ".png", ".ppm", ".tga", ".tif", ".tiff"),
    *(".webp", ".zarr"),
}
"""What is taken from a folder; a file that is named itself may have any."""

TIFF_SUFFIXES = {".tif", ".tiff", ".lsm", ".svs", ".ndpi", ".btf"}

STREAM_BYTES = 1 << 27
"""From this size on, a TIFF or zarr is not read as a whole but chunk by chunk, through dask."""

STRIP = 512
"""Rows that a large image is read and written in, about."""

_CHUNK_BYTES = "16MiB"
"""What one such chunk has at most, unless the file's own are larger."""


@dataclass(frozen=True)
class Source:
    """One image of a batch.

    Attributes
    ----------
    path : pathlib.Path
        The file, or the folder of a zarr.
    name : str
        What it is called in results; no other image of the batch has that name.
    """

    path: Path
    name: str


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """List the images of a batch.

    Parameters
    ----------
    paths : iterable of path-like
        Files, zarrs, or folders of them (not of folders of them).

    Returns
    -------
    list of Source
        In the order given, what is in a folder by its name; each only once. A name is that of the
        file without its suffix, unless two would have the same.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        for each in _inside(path) if path.is_dir() and not _is_zarr(path) else [path]:
            found.setdefault(each.resolve(), each)
    files = list(found.values())
    # Some file systems do not tell "a" from "A".
    stems = Counter(path.stem.casefold() for path in files)
    taken: set[str] = set()
    sources = []
    for path in files:
        wanted = path.stem if stems[path.stem.casefold()] == 1 else path.name
        numbered = (f"{wanted} {number}" for number in count(2))
        name = wanted
        while name.casefold() in taken:
            name = next(numbered)
        taken.add(name.casefold())
        sources.append(Source(path, name))
    return sources


def _inside(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    ]


def _is_zarr(path: Path) -> bool:
    marks = ("zarr.json", ".zarray", ".zgroup")
    return path.suffix.lower() == ".zarr" or any((path / mark).exists() for mark in marks)


def open_image(path: Path) -> Any:
    """Read an image, or the largest level of it where it is a pyramid.

    Parameters
    ----------
    path : pathlib.Path
        What imageio, tifffile or zarr reads.

    Returns
    -------
    array, shape (..., 3 or 4)
        A dask array where a TIFF or zarr is larger than `STREAM_BYTES`.

    Raises
    ------
    ValueError
        Where it is no image of colors.
    OSError
        Where it cannot be read. Readers raise other exceptions as well.
    """
    if path.is_dir():
        image = _open_zarr(path)
    elif path.suffix.lower() in TIFF_SUFFIXES:
        image = _open_tiff(path)
    else:
        image = _open_picture(path)
    if image.ndim < 3:
        raise ValueError(
            "An image of colors is needed, with rows, columns and 3 (RGB) or 4 (RGBA) channels; "
            f"got an array of shape {image.shape}."
        )
    return as_image(image)


def _open_picture(path: Path) -> np.ndarray:
    import imageio.v3 as iio
    from PIL import Image

    known = Image.registered_extensions()
    if path.suffix.lower() not in known:
        # imageio asks all its plugins, one after another.
        return iio.imread(path)
    try:
        opened = iio.imopen(path, "r", plugin="pillow")
    except OSError as error:
        path.stat()  # one that is not there says so
        raise OSError("The file holds no image that can be read.") from error
    with opened as file:
        # Four channels of ink are no RGBA.
        cmyk = file.metadata(index=0).get("mode") == "CMYK"
        image = file.read(mode="RGB" if cmyk else None)
    # A GIF is a film, be it of one picture.
    return image[0] if image.ndim == 4 and len(image) == 1 else image


def _open_tiff(path: Path) -> Any:
    import tifffile

    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        if series.keyframe.photometric == tifffile.PHOTOMETRIC.SEPARATED:
            raise ValueError("The image is CMYK; RGB or RGBA is needed.")
        # Channels may come before rows and columns: as planes of samples, or as an axis C.
        axes = series.axes
        channel = axes.find("S") if "S" in axes else axes.find("C")
        if series.nbytes < STREAM_BYTES:
            image = _read_tiff(path, series)
        else:
            image = _stream_tiff(path, series, channel)
    # Pillow, where it had to read the file, gives channels last.
    return np.moveaxis(image, channel, -1) if channel >= 0 and image.ndim == len(axes) else image


def _read_tiff(path: Path, series: Any) -> np.ndarray:
    try:
        return series.asarray()
    except ValueError as error:
        # Some compressions need a package that is not required here; Pillow knows most of them.
        if "imagecodecs" not in str(error) or series.axes not in ("YXS", "YX"):
            raise
        return _open_picture(path)


def _stream_tiff(path: Path, series: Any, channel: int) -> Any:
    import tifffile

    if series.dataoffset is not None and series.keyframe.is_memmappable:
        return _lazy(tifffile.memmap(path, series=0, mode="r"), channel)
    zarr = _import_zarr()
    file = tifffile.TiffFile(path)
    array = zarr.open(file.series[0].aszarr(level=0), mode="r")
    # Open as long as the array is in use.
    finalize(array, file.close)
    return _lazy(array, channel)


def _import_zarr() -> Any:
    try:
        import zarr
    except ImportError as error:
        raise OSError("The package zarr is needed to read this, and is not installed.") from error
    return zarr


def _open_zarr(path: Path) -> Any:
    zarr = _import_zarr()
    node = zarr.open(path, mode="r")
    names: list[str] = []
    if isinstance(node, zarr.Group):
        attributes = dict(node.attrs)
        # OME-Zarr 0.5 has its own one level down.
        scales = attributes.get("ome", attributes).get("multiscales")
        if scales:
            names = [axis["name"] for axis in scales[0].get("axes", [])]
            node = node[scales[0]["datasets"][0]["path"]]
        else:
            arrays = sorted(node.arrays())
            if len(arrays) != 1:
                raise ValueError(
                    f"A zarr group must hold one array or the levels of an OME-Zarr image, got "
                    f"{len(arrays)} arrays."
                )
            node = arrays[0][1]
    channel = names.index("c") if "c" in names else node.ndim - 1
    image = node[...] if node.nbytes < STREAM_BYTES else _lazy(node, channel)
    return np.moveaxis(image, channel, -1)


def _lazy(array: Any, channel: int) -> Any:
    """A dask array whose chunks are some of the array's own together, all channels in one.

    They are about as high as the strips in which results are written, so that little is read more
    than once, and as wide as `_CHUNK_BYTES` allows.
    """
    import dask.array as da
    from dask.array.core import normalize_chunks

    own = getattr(array, "chunks", None) or (1,) * array.ndim
    chunks: list[Any] = list(own)
    *_, row, column = (axis for axis in range(array.ndim) if axis != channel)
    chunks[row] = own[row] * max(1, STRIP // own[row])
    chunks[column], chunks[channel] = "auto", -1
    sizes = normalize_chunks(
        chunks, array.shape, limit=_CHUNK_BYTES, dtype=array.dtype, previous_chunks=own
    )
    return da.from_array(array, sizes)

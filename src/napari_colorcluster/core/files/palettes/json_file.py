"""Palettes and whole clusterings as JSON, which can be used again to the bit."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import palette_of
from napari_colorcluster.core.files.palettes.file_format import NoClustering, PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text
from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.pixel_size import PixelSize

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering

_PACKAGE = "napari-colorcluster"
_NUMBER = 1
FORMAT_NAME = f"{_PACKAGE}/{_NUMBER}"
"""What is under ``"format"`` in every such file."""


def parse(data: bytes) -> Palette:
    """Read the palette, whether that of a whole clustering or not."""
    return palette_from_json(_content(data))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the palette; `title` and `pixel_size` are left out."""
    return _text({**_header(), **palette_to_json(palette)})


def claims(head: bytes) -> bool:
    """Whether the file says near its beginning that it is one of these."""
    text = decode_text(head)
    return bool(re.search(rf'"format"\s*:\s*"{re.escape(_PACKAGE)}/', text))


def palette_to_json(palette: Palette) -> dict[str, Any]:
    """A palette as JSON can hold it: under ``"palette"``, with one entry a color."""
    columns = (palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist())
    keys = ("index", "name", "hex", "pixels")
    rows = [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
    return {"palette": rows}


def palette_from_json(content: dict[str, Any]) -> Palette:
    """The palette that `palette_to_json` gave, or that somebody wrote in its likeness."""
    rows = content.get("palette")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError('it needs a list of colors under "palette".')
    return palette_of((f"color {number}", row) for number, row in enumerate(rows, start=1))


def parse_clustering(data: bytes) -> ColorClustering:
    """Cluster the colors of the file again, with its settings and edits.

    Where that gives other labels here than those in the file, which were made by another version
    or on another machine, the file's are taken.
    """
    from napari_colorcluster.core.clustering.fitting import cluster_colors
    from napari_colorcluster.core.clustering.known_colors import cluster_as_labeled

    content = _content(data)
    expected = palette_from_json(content)
    kept = content.get("clustering")
    if kept is None:
        raise NoClustering("it holds a palette and no clustering.")
    if not isinstance(kept, dict) or not isinstance(kept.get("settings"), dict):
        raise ValueError('it needs settings and a histogram under "clustering".')
    settings = kept["settings"]
    histogram = _histogram(kept.get("histogram"))
    labels = None
    if "labels" in kept["histogram"]:
        labels = np.empty(histogram.n_colors, "<u2")
        labels[_order(histogram)] = _unpacked(kept["histogram"], "labels", "<u2", len(labels))
    try:
        clustering = cluster_colors(histogram, **settings)
    except TypeError:
        raise ValueError('"settings" holds what is no keyword of cluster_colors.') from None
    except ValueError:
        # An edit may be impossible here, where clusters come out otherwise.
        if labels is None:
            raise
        clustering = None
    if clustering is not None and _same_but_names(clustering.palette, expected):
        same = labels is None or np.array_equal(clustering.labels, labels)
        if same:
            return clustering
    if labels is None or not _gives(labels, histogram, expected):
        raise ValueError(
            f"{_PACKAGE} {content.get('version')} made another palette of its colors than "
            f"{version(_PACKAGE)} does here, so that labels would differ."
        )
    return cluster_as_labeled(histogram, labels, expected, settings)


def render_clustering(clustering: ColorClustering) -> bytes:
    """Write the palette, the settings with the edits, and the colors, counts and labels."""
    histogram = clustering.histogram
    order = _order(histogram)
    numbers = _numbers(histogram.colors[order])
    kept = {
        "settings": clustering.settings,
        "histogram": {
            "n_colors": histogram.n_colors,
            "n_excluded": histogram.n_excluded,
            "steps": _packed(np.diff(numbers, prepend=-1).astype("<u4")),
            "counts": _packed(histogram.counts[order].astype("<u8")),
            "labels": _packed(clustering.labels[order].astype("<u2")),
        },
    }
    return _text({**_header(), **palette_to_json(clustering.palette), "clustering": kept})


def _header() -> dict[str, str]:
    return {"format": FORMAT_NAME, "version": version(_PACKAGE)}


def _text(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(decode_text(data))
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is no JSON ({error.msg}).") from None
    except RecursionError:
        raise ValueError("it is nested too deeply to be a palette.") from None
    said = content.get("format") if isinstance(content, dict) else None
    if not isinstance(said, str) or not said.startswith(f"{_PACKAGE}/"):
        raise ValueError(f'it is no palette: it needs "format": "{FORMAT_NAME}".')
    if said != FORMAT_NAME:
        raise ValueError(f"its format is {said!r}, where {FORMAT_NAME!r} is known here.")
    return content


def _numbers(colors: np.ndarray) -> np.ndarray:
    """Number colors as files do: ``red << 16 | green << 8 | blue``, as in hex triplets."""
    red, green, blue = colors.astype(np.int64).T
    return red << 16 | green << 8 | blue


def _order(histogram: ColorHistogram) -> np.ndarray:
    """The order in which files list the colors: that of their numbers there."""
    return np.argsort(_numbers(histogram.colors))


def _histogram(kept: Any) -> ColorHistogram:
    """The colors and counts of a file.

    Colors are kept as the steps between their ascending numbers, which compress well; the first
    is counted from -1.
    """
    if not isinstance(kept, dict):
        raise ValueError('it needs a histogram under "clustering".')
    n_colors, n_excluded = kept.get("n_colors"), kept.get("n_excluded", 0)
    if type(n_colors) is not int or not 1 <= n_colors <= N_CODES:
        raise ValueError(f'"n_colors" must be an integer in 1..{N_CODES:,}, got {n_colors!r}.')
    if type(n_excluded) is not int or n_excluded < 0:
        raise ValueError(f'"n_excluded" must be an integer of at least 0, got {n_excluded!r}.')
    numbers = np.cumsum(_unpacked(kept, "steps", "<u4", n_colors).astype(np.int64)) - 1
    counts = _unpacked(kept, "counts", "<u8", n_colors).astype(np.int64)
    if numbers[-1] >= N_CODES:
        raise ValueError('"steps" lead beyond the last color.')
    colors = np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], axis=1)
    return ColorHistogram(colors, counts, n_excluded)


def _packed(values: np.ndarray) -> str:
    # The bytes of one rank stand together: most are 0, and compress to nothing.
    planes = values.view(np.uint8).reshape(len(values), -1).T
    return b64encode(zlib.compress(planes.tobytes(), 9)).decode()


def _unpacked(kept: dict[str, Any], key: str, dtype: str, n_values: int) -> np.ndarray:
    n_bytes = n_values * np.dtype(dtype).itemsize
    unpacker = zlib.decompressobj()
    try:
        # No more than that is unpacked, whatever a file may claim to hold.
        data = unpacker.decompress(b64decode(kept.get(key), validate=True), n_bytes)
    except (ValueError, TypeError, zlib.error):
        data = b""
    if len(data) != n_bytes or unpacker.unconsumed_tail:
        raise ValueError(f'"{key}" does not hold {n_values:,} packed numbers.')
    planes = np.frombuffer(data, np.uint8).reshape(-1, n_values)
    return np.ascontiguousarray(planes.T).view(dtype).reshape(-1)


def _gives(labels: np.ndarray, histogram: ColorHistogram, palette: Palette) -> bool:
    """Whether the pixels with these labels are those that the palette tells."""
    pixels = np.zeros(1 << 16, np.int64)
    np.add.at(pixels, labels, histogram.counts)
    pixels[0] = 0
    used = np.flatnonzero(pixels)
    order = np.argsort(palette.labels)
    return np.array_equal(used, palette.labels[order]) and np.array_equal(
        pixels[used], palette.pixels[order]
    )


def _same_but_names(one: Palette, other: Palette) -> bool:
    return all(
        np.array_equal(getattr(one, what), getattr(other, what))
        for what in ("labels", "colors", "pixels")
    )


FORMAT = PaletteFormat(".json", claims, parse, render, parse_clustering, render_clustering)

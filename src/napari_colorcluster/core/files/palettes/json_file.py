"""Palettes and whole clusterings as JSON, restored to the bit."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.clustering.known_colors import cluster_as_labeled
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import NoClusteringError, PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text
from napari_colorcluster.core.pixels.codes import N_CODES, hex_codes
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.packed import pack, unpack

_PACKAGE = "napari-colorcluster"
FORMAT_NAME = f"{_PACKAGE}/1"
"""The value of ``"format"`` in every such file: the package and the version of the format."""


def parse(data: bytes) -> Palette:
    """Read the palette, alone or of a whole clustering."""
    return palette_from_json(load(data))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the palette; `title` and `pixel_size` are ignored."""
    return dump(described(palette))


def described(palette: Palette) -> dict[str, Any]:
    """Make the dict of a palette alone for `dump`."""
    return {**_header(), **palette_to_json(palette)}


def recognizes(head: bytes) -> bool:
    """Whether the beginning of the file names this format."""
    text = decode_text(head)
    return bool(re.search(rf'"format"\s*:\s*"{re.escape(_PACKAGE)}/', text))


def palette_to_json(palette: Palette) -> dict[str, Any]:
    """Make a dict for JSON: under ``"palette"``, a list with one entry per color."""
    columns = (palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist())
    keys = ("index", "name", "hex", "pixels")
    rows = [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
    return {"palette": rows}


def palette_from_json(content: dict[str, Any]) -> Palette:
    """Make a palette from the dict of `palette_to_json`, or one written by hand."""
    rows = content.get("palette")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError('it needs a list of colors under "palette".')
    return palette_from_entries(
        (f"color {number}", row) for number, row in enumerate(rows, start=1)
    )


def parse_clustering(data: bytes) -> ColorClustering:
    """Cluster the colors of the file again, with its settings and edits.

    If this version or machine gets different labels, those in the file are used.
    """
    content = load(data)
    expected = palette_from_json(content)
    stored = content.get("clustering")
    if stored is None:
        raise NoClusteringError("it holds a palette but no clustering.")
    if not isinstance(stored, dict) or not isinstance(stored.get("settings"), dict):
        raise ValueError('it needs settings and a histogram under "clustering".')
    settings = stored["settings"]
    histogram = _histogram(stored.get("histogram"))
    labels = None
    if "labels" in stored["histogram"]:
        labels = np.empty(histogram.n_colors, "<u2")
        labels[_file_order(histogram)] = unpack(stored["histogram"], "labels", "<u2", len(labels))
    try:
        clustering = cluster_colors(histogram, **settings)
    except TypeError:
        raise ValueError('"settings" has a keyword that cluster_colors does not accept.') from None
    except ValueError:
        # An edit may be impossible if the clusters differ.
        if labels is None:
            raise
        clustering = None
    same_palette = clustering is not None and _equal_but_names(clustering.palette, expected)
    if same_palette and (labels is None or np.array_equal(clustering.labels, labels)):
        return clustering
    if labels is None or not _match(labels, histogram, expected):
        raise ValueError(
            f"{_PACKAGE} {content.get('version')} made a different palette from its colors than "
            f"{_version()} does here, so labels would differ."
        )
    return cluster_as_labeled(histogram, labels, expected, settings)


def render_clustering(clustering: ColorClustering) -> bytes:
    """Write the palette, the settings with the edits, and the colors, counts and labels."""
    return dump(clustering_to_json(clustering))


def clustering_to_json(clustering: ColorClustering) -> dict[str, Any]:
    """Make the dict of a whole clustering for `dump`."""
    histogram = clustering.histogram
    order = _file_order(histogram)
    codes = hex_codes(histogram.colors[order])
    stored = {
        "settings": clustering.settings,
        "histogram": {
            "n_colors": histogram.n_colors,
            "n_excluded": histogram.n_excluded,
            "steps": pack(np.diff(codes, prepend=-1).astype("<u4")),
            "counts": pack(histogram.counts[order].astype("<u8")),
            "labels": pack(clustering.labels[order].astype("<u2")),
        },
    }
    return {**_header(), **palette_to_json(clustering.palette), "clustering": stored}


def _header() -> dict[str, str]:
    return {"format": FORMAT_NAME, "version": _version()}


@cache
def _version() -> str:
    # Asked once: the answer is read from files, which takes longer than a small image.
    return version(_PACKAGE)


def dump(content: dict[str, Any], *, indent: int | None = 2, ensure_ascii: bool = False) -> bytes:
    """Write the content of a file; `indent` and `ensure_ascii` as in `json.dumps`."""
    return (json.dumps(content, indent=indent, ensure_ascii=ensure_ascii) + "\n").encode()


def load(data: bytes) -> dict[str, Any]:
    """Read the content of a file, which must be of this format."""
    try:
        content = json.loads(decode_text(data))
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is not valid JSON ({error.msg}).") from None
    except RecursionError:
        raise ValueError("it is nested too deeply to be a palette.") from None
    name = content.get("format") if isinstance(content, dict) else None
    if not isinstance(name, str) or not name.startswith(f"{_PACKAGE}/"):
        raise ValueError(f'it is not a palette, which would have "format": "{FORMAT_NAME}".')
    if name != FORMAT_NAME:
        raise ValueError(f"its format is {name!r}, but this version reads only {FORMAT_NAME!r}.")
    return content


def _file_order(histogram: ColorHistogram) -> np.ndarray:
    """The order of the colors in files: ascending codes."""
    return np.argsort(hex_codes(histogram.colors))


def _histogram(stored: Any) -> ColorHistogram:
    """Restore the colors and counts.

    Colors are stored as the differences between their ascending codes, beginning from -1: these
    compress well.
    """
    if not isinstance(stored, dict):
        raise ValueError('it needs a histogram under "clustering".')
    n_colors, n_excluded = stored.get("n_colors"), stored.get("n_excluded", 0)
    if type(n_colors) is not int or not 1 <= n_colors <= N_CODES:
        raise ValueError(f'"n_colors" must be an integer in 1..{N_CODES:,}, got {n_colors!r}.')
    if type(n_excluded) is not int or n_excluded < 0:
        raise ValueError(f'"n_excluded" must be an integer of at least 0, got {n_excluded!r}.')
    codes = np.cumsum(unpack(stored, "steps", "<u4", n_colors).astype(np.int64)) - 1
    counts = unpack(stored, "counts", "<u8", n_colors).astype(np.int64)
    if codes[-1] >= N_CODES:
        raise ValueError('"steps" lead beyond the last color.')
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    return ColorHistogram(colors, counts, n_excluded)


def _match(labels: np.ndarray, histogram: ColorHistogram, palette: Palette) -> bool:
    """Whether these labels give the pixel counts of the palette."""
    pixels = np.zeros(1 << 16, np.int64)
    np.add.at(pixels, labels, histogram.counts)
    pixels[0] = 0
    used = np.flatnonzero(pixels)
    order = np.argsort(palette.labels)
    return np.array_equal(used, palette.labels[order]) and np.array_equal(
        pixels[used], palette.pixels[order]
    )


def _equal_but_names(one: Palette, other: Palette) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("labels", "colors", "pixels")
    )


FORMAT = PaletteFormat(".json", recognizes, parse, render, parse_clustering, render_clustering)

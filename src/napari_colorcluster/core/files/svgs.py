"""Quantized images as SVG: an outline for each cluster along the edges of its pixels."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.stylesheets import identifiers
from napari_colorcluster.core.files.palettes.text import one_line
from napari_colorcluster.core.pattern.connected.outlines import (
    Outlines,
    count_corners,
    find_outlines,
)
from napari_colorcluster.core.pixels.image import as_label_array
from napari_colorcluster.core.pixels.passes import as_numpy
from napari_colorcluster.core.support.kinds import check_kind
from napari_colorcluster.core.support.whole_file import whole_file

_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")

MAX_CORNERS = 1 << 24
"""More make a file of some 50 megabytes, which few programs open."""

MAX_PIXELS = 1 << 28
"""Larger planes are not looked at: their labels may not fit into memory."""


def write_svg(path: str | os.PathLike[str], labels: Any, palette: Palette) -> int:
    """Write labels in the colors of their clusters as SVG, for printing, plotters and design.

    Each cluster is one path, named after it, of all its outlines along the edges of pixels. What
    is drawn is the quantized image to the pixel, at any size, and neighbors share their borders:
    there are no gaps. Pixels with label 0 are left out.

    Parameters
    ----------
    path : path-like
        The file, which ends in ``.svg``. It is written whole or not at all.
    labels : array, shape (Y, X), integer
        As ``predict`` returns them.
    palette : Palette
        The colors and names of the labels.

    Returns
    -------
    int
        The size of the file in bytes. It is some three bytes for each corner: less where specks
        are removed, or where there are fewer clusters.

    Raises
    ------
    ValueError
        If the labels are not those of a plane, one is not in the palette, or there are more than
        16 million corners.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    check_kind("palette", palette, Palette)
    if path.suffix.lower() != ".svg":
        raise ValueError(f"The file must end in .svg, got {path.name!r}.")
    data = svg_of(labels, palette, path.stem)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(data)
    return len(data)


def svg_of(labels: Any, palette: Palette, title: str) -> bytes:
    """Make the bytes of a file that `write_svg` writes, with a title.

    Raises
    ------
    ValueError
        As `write_svg` does.
    """
    labels = _checked(labels, palette)
    height, width = labels.shape
    outlines = find_outlines(labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" fill-rule="evenodd" shape-rendering="crispEdges">\n'
        f"{_titled(title)}\n".encode()
    ]
    columns = palette.labels.tolist(), identifiers(palette), palette.hex, palette.names
    for label, identifier, color, name in zip(*columns, strict=True):
        if path := _path_of(outlines, label):
            parts.append(f'<path id="{identifier}" fill="{color}" d="'.encode())
            parts += [path, f'">{_titled(name)}</path>\n'.encode()]
    return b"".join([*parts, b"</svg>\n"])


def _titled(text: str) -> str:
    """A title, without what XML cannot hold."""
    text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", one_line(text))
    return f"<title>{escape(text)}</title>"


def _path_of(outlines: Outlines, label: int) -> bytes:
    """The path data of all outlines of a label."""
    from napari_colorcluster.core.files.svg_loops import MOST_BYTES, write_outlines

    first, end = np.searchsorted(outlines.labels, [label, label + 1]).tolist()
    n_corners = int(outlines.starts[end] - outlines.starts[first])
    text = np.empty(MOST_BYTES * (n_corners + 2 * (end - first)), np.uint8)
    n_bytes = write_outlines(outlines.corners, outlines.starts, first, end, text)
    return text[:n_bytes].tobytes()


def _checked(labels: Any, palette: Palette) -> np.ndarray:
    labels = as_label_array(labels)
    if labels.ndim != 2:
        raise ValueError(
            f"An SVG is of one plane, not of a stack: got labels of shape {tuple(labels.shape)}."
        )
    if np.dtype(labels.dtype).kind not in "uib":
        raise ValueError(f"labels must be integers, got {np.dtype(labels.dtype).name}.")
    if labels.size > MAX_PIXELS:
        raise ValueError(f"An SVG is of at most {MAX_PIXELS:,} pixels, got {labels.size:,}.")
    labels = as_numpy(labels)
    unknown = np.setdiff1d(labels, [0, *palette.labels.tolist()])
    if len(unknown):
        raise ValueError(f"The palette has no color for label {unknown[0]}.")
    labels = labels.astype(np.uint8 if labels.max(initial=0) < 256 else np.uint16)
    if (n_corners := count_corners(labels)) > MAX_CORNERS:
        raise ValueError(
            f"An SVG can have {MAX_CORNERS:,} corners, got {n_corners:,}: remove specks, or take "
            "fewer clusters."
        )
    return labels

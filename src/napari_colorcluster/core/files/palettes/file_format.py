"""What a module that knows a file format offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering


class NoClustering(ValueError):
    """Raised where a file holds a palette and no clustering, which is nothing wrong with it."""


@dataclass(frozen=True)
class PaletteFormat:
    """A format of palette files.

    Attributes
    ----------
    suffix : str
        How names of such files end, such as ``".gpl"``.
    claims : callable
        The first bytes of a file to whether they begin such a palette.
    parse : callable
        All bytes of a file to a `Palette`. Raises `ValueError` with the end of a sentence that
        begins with "Cannot read" and the file's name: the line or the byte, and what is wrong.
    render : callable
        A `Palette`, its title and, if it is known, its `PixelSize` to the bytes of a file, which
        may have no room for the last two.
    parse_clustering, render_clustering : callable or None
        The same for a whole `ColorClustering`, without a title; None where the format has no
        room for one.
    """

    suffix: str
    claims: Callable[[bytes], bool]
    parse: Callable[[bytes], Palette]
    render: Callable[[Palette, str, PixelSize | None], bytes]
    parse_clustering: Callable[[bytes], ColorClustering] | None = None
    render_clustering: Callable[[ColorClustering], bytes] | None = None

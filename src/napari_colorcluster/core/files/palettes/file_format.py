"""What a palette format consists of: how to recognize, parse and render its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize


class NoClusteringError(ValueError):
    """Raised by reading a clustering from a valid file that holds only a palette."""


@dataclass(frozen=True)
class PaletteFormat:
    """A format of palette files.

    Attributes
    ----------
    suffix : str
        The suffix of the files, such as ``".gpl"``.
    recognizes : callable
        Whether a file with these first bytes is such a palette.
    parse : callable
        Makes a `Palette` from all bytes of a file. Raises `ValueError` with the end of a sentence
        that begins "Cannot read 'name': ", giving the line or byte and what is wrong.
    render : callable
        Makes the bytes of a file from a `Palette`, a title and an optional `PixelSize`. A format
        may ignore the last two.
    parse_clustering, render_clustering : callable or None
        The same for a whole `ColorClustering`, without title and pixel size; None if the format
        cannot hold one.
    takes_profile : bool, default False
        Whether files may have colors in CMYK: then `parse` takes a second argument, an ICC profile
        for these or None.
    """

    suffix: str
    recognizes: Callable[[bytes], bool]
    parse: Callable[..., Palette]
    render: Callable[[Palette, str, PixelSize | None], bytes]
    parse_clustering: Callable[[bytes], ColorClustering] | None = None
    render_clustering: Callable[[ColorClustering], bytes] | None = None
    takes_profile: bool = False

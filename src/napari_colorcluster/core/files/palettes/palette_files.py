"""Reading and writing palettes and clusterings: the suffix of a file names its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.devices.profiles import FromProfile, model_of
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import (
    aco,
    ase,
    css,
    csv_file,
    gpl,
    hex_list,
    json_file,
    scss,
    tailwind,
)
from napari_colorcluster.core.files.palettes.file_format import NoClusteringError, PaletteFormat
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.reading_files import in_a_sentence
from napari_colorcluster.core.support.whole_file import whole_file

FORMATS: Mapping[str, PaletteFormat] = MappingProxyType(
    {
        module.FORMAT.suffix: module.FORMAT
        for module in (csv_file, json_file, gpl, ase, aco, css, tailwind, scss, hex_list)
    }
)
"""The formats by file suffix. A new format is one module, and its name in this line."""

OWN = ".colors"
"""Before the suffix, it says that a file is of this package, as in ``leaf.colors.json``. By that,
napari opens such a file as a palette, and leaves the JSON and CSV of others to others."""

_Content = TypeVar("_Content")

_HEAD_SIZE = 4096
"""Bytes at the beginning of a file in which to recognize a palette."""


def read_palette(
    path: str | os.PathLike[str], *, cmyk_profile: str | os.PathLike[str] | None = None
) -> Palette:
    """Read a palette from a file, written by this package or by another program.

    Parameters
    ----------
    path : path-like
        ``.csv``: a table with one color per row and the columns of `Palette.to_dataframe`, or some
        of them. ``.json``, most often ``.colors.json``: what `Palette.write` or
        `ColorClustering.write` wrote. ``.gpl``: a palette of GIMP, Inkscape or Krita. ``.ase``:
        Adobe swatches, and ``.aco``: those of Photoshop, in RGB, CMYK, Lab or gray. ``.css``,
        ``.tailwind.css`` and ``.scss``: custom properties or variables that are colors. ``.hex``:
        one color a line. The longest suffix that is known counts, in whatever case.
    cmyk_profile : path-like, optional
        An ICC profile of the press and paper that colors in CMYK are for, such as that of the
        document: they are converted as it says, relative to the paper and with black point
        compensation. Without one, red is taken as (1 - cyan) × (1 - black), and green and blue
        likewise; a warning tells. That is some ΔE2000 10 off what is printed in usual inks.

    Returns
    -------
    Palette
        A color without a name is named after the nearest color of the XKCD survey. Colors without
        a count have 0 pixels. Labels are 1, 2, ... where the file has none.

    Raises
    ------
    ValueError
        If the suffix is unknown or the file is malformed; the message names the file and the line
        or byte. If the profile is none for CMYK.
    OSError
        If a file cannot be read.
    """
    path, file_format = _with_format(path)
    profile = None if cmyk_profile is None else _profile_of_inks(Path(cmyk_profile))
    if not file_format.takes_profile:
        return parse_file(path, file_format.parse)
    return parse_file(path, lambda data: file_format.parse(data, profile))


def read_clustering(path: str | os.PathLike[str]) -> ColorClustering:
    """Read a clustering that `ColorClustering.write` wrote; its image is not needed.

    The colors are clustered again, which takes as long as the first time, so that new colors are
    assigned by the method's own rule.

    Parameters
    ----------
    path : path-like
        A ``.json`` file, such as ``leaf.colors.json``.

    Returns
    -------
    ColorClustering
        Equal to the one that was written, to the bit, with its settings and edits. If this version
        or machine clusters the colors differently, they keep the labels, colors and names in the
        file, and any other color gets the label of the nearest of them.

    Raises
    ------
    ValueError
        If the file is malformed or holds only a palette; or if its palette does not match its
        colors, so that labels would mean other colors. `read_palette` still reads that palette.
    OSError
        If the file cannot be read.
    """
    path, file_format = _with_format(path)
    if file_format.parse_clustering is None:
        raise NoClusteringError(
            f"A {file_format.suffix} file such as {path.name!r} holds a palette but no clustering: "
            "read it with read_palette."
        )
    return parse_file(path, file_format.parse_clustering)


def read_as_clustering(
    path: str | os.PathLike[str], *, cmyk_profile: str | os.PathLike[str] | None = None
) -> ColorClustering:
    """Read a clustering to apply to images, whether the file holds one or only a palette.

    Parameters
    ----------
    path : path-like
        Any file that `read_palette` reads.
    cmyk_profile : path-like, optional
        As for `read_palette`.

    Returns
    -------
    ColorClustering
        The clustering in the file; or else, as `ColorClustering.from_palette` makes it, one that
        assigns each color to the nearest color of the palette.

    Raises
    ------
    ValueError
        If the file is malformed.
    OSError
        If the file cannot be read.
    """
    try:
        return read_clustering(path)
    except NoClusteringError:
        return ColorClustering.from_palette(read_palette(path, cmyk_profile=cmyk_profile))


def write(
    content: Palette | ColorClustering,
    path: str | os.PathLike[str],
    pixel_size: PixelSize | None = None,
) -> None:
    """Write a palette or a clustering; the file is complete or not written at all.

    Parameters
    ----------
    content : Palette or ColorClustering
        What to write. Of a clustering, formats that cannot hold one get its palette.
    path : path-like
        The file; its suffix is a key of ``FORMATS``. An existing file is replaced.
    pixel_size : PixelSize, optional
        Area or volume of a pixel, for the formats that store areas.

    Raises
    ------
    ValueError
        If the suffix is unknown.
    OSError
        If the file cannot be written.
    """
    path, file_format = _with_format(path)
    if isinstance(content, Palette):
        data = file_format.render(content, title_of(path), pixel_size)
    elif file_format.render_clustering is None:
        data = file_format.render(content.palette, title_of(path), pixel_size)
    else:
        data = file_format.render_clustering(content)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(data)


def is_palette(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins like a palette, even if it is malformed further on."""
    path = Path(path)
    file_format = _format_of(path)
    if file_format is None or not path.is_file():
        return False
    with path.open("rb") as file:
        return file_format.recognizes(file.read(_HEAD_SIZE))


def title_of(path: str | os.PathLike[str]) -> str:
    """What a palette file is called, without its suffix: ``leaf`` for ``leaf.colors.json``."""
    path = Path(path)
    file_format = _format_of(path)
    title = path.name if file_format is None else path.name[: -len(file_format.suffix)]
    is_own = title.lower().endswith(OWN) and len(title) > len(OWN)
    return title[: -len(OWN)] if is_own else title


def _format_of(path: Path) -> PaletteFormat | None:
    """The format with the longest suffix that the name has; a suffix alone is no name."""
    name = path.name.lower()
    fitting = [each for each in FORMATS if name.endswith(each) and name != each]
    return FORMATS[max(fitting, key=len)] if fitting else None


def _profile_of_inks(path: Path) -> bytes:
    """Read an ICC profile for CMYK, and see whether it can be applied."""
    with in_a_sentence(path):
        profile = path.read_bytes()
    if model_of(profile) != "cmyk":
        raise ValueError(f"{path.name!r} is no ICC profile for CMYK.")
    try:
        FromProfile(profile, "cmyk").check()
    # What LittleCMS makes of damaged profiles is of no type of its own.
    except Exception:
        raise ValueError(f"The color profile {path.name!r} is damaged.") from None
    return profile


def _with_format(path: str | os.PathLike[str]) -> tuple[Path, PaletteFormat]:
    path = Path(path)
    file_format = _format_of(path)
    if file_format is None:
        raise ValueError(f"A palette file must end in {', '.join(FORMATS)}, got {path.name!r}.")
    return path, file_format


def parse_file(path: Path, parse: Callable[[bytes], _Content]) -> _Content:
    """Read a file; what is wrong in it is said with its name."""
    with in_a_sentence(path):
        data = path.read_bytes()
    try:
        return parse(data)
    except ValueError as error:
        # The same type, which distinguishes a missing clustering from a malformed file.
        raise type(error)(f"Cannot read {path.name!r}: {error}") from None

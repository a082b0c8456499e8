"""Which pages of a TIFF are the picture: no thumbnails, no masks, one size."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.refusal import Refusal
from napari_colorcluster.core.support.words import counted

LOOSE = ("generic", "shaped", "uniform")
"""Kinds of series whose pages know nothing of each other; those of microscopes' are one image."""

_RAW_SAMPLES = (32803, 34892)
"""Photometric interpretations of what a sensor has seen: a color filter array, linear raw."""
_DNG_VERSION = 50706

_REDUCED, _MASK = 1, 4
"""Bits of NewSubfileType."""

_MOST_RAW_PAGES = 8

_PROFILE, _ORIENTATION, _COLORMAP, _XMP = 34675, 274, 320, 700
_ORIENTATION_IN_XMP = re.compile(rb"tiff:Orientation(?:=[\"']|>)([0-9])")


def is_raw(file: Any) -> bool:
    """Whether a `tifffile.TiffFile` is a camera's raw file, whatever its name."""
    first = file.pages.first
    if _DNG_VERSION in first.tags or first.photometric in _RAW_SAMPLES:
        return True
    if not first.subifds:
        return False
    # The pages in the first one are its thumbnail's picture.
    inner = [first.pages[index] for index in range(min(len(first.subifds), _MOST_RAW_PAGES))]
    return any(page.aspage().photometric in _RAW_SAMPLES for page in inner)


def choose(file: Any) -> tuple[list[Any], tuple[str, ...]]:
    """Choose what the picture is.

    Parameters
    ----------
    file : tifffile.TiffFile
        The file.

    Returns
    -------
    series : list of tifffile.TiffPageSeries
        One, or several of one shape that are a stack.
    notes : tuple of str
        Which pages are left out.
    """
    if not file.series:
        raise Refusal("The TIFF has no picture.")
    first = file.series[0]
    if first.kind not in LOOSE:
        return [first], ()
    loose = [part for each in file.series if each.kind in LOOSE for part in _even_parts(each)]
    if len(loose) == 1:
        return [first], ()
    full = [series for series in loose if not _is_marked(series)] or loose[:1]
    highest, widest = (max(_sides(series)[axis] for series in full) for axis in (0, 1))
    large = [series for series in full if _is_large(series, highest, widest)] or full
    chosen = large[0]
    same = [series for series in large if _look(series) == _look(chosen)]
    if len(same) < len(large):
        # Pages in turns have no order to be a stack in.
        others = counted(_n_pages(file.series) - len(chosen), "page")
        return [chosen], (
            "The file has pages of different sizes, kinds, profiles or orientations: the first "
            f"full one is taken, {_size(chosen)} pixels, and {others} left out.",
        )
    left_out = _n_pages(file.series) - _n_pages(same)
    others = counted(left_out, "smaller page or thumbnail", "smaller pages and thumbnails")
    note = f"The picture is the page of {_size(chosen)} pixels: {others} left out."
    return same, (note,) if left_out else ()


def profile_of(page: Any) -> bytes | None:
    """The ICC profile of a page."""
    profile = page.tags.valueof(_PROFILE)
    return bytes(profile) if isinstance(profile, bytes) and profile else None


def orientation_of(page: Any) -> int:
    """How a page is to be turned, 1..8 as TIFF numbers it or else its XMP; 1 where neither does."""
    found = page.tags.valueof(_ORIENTATION)
    if found is None and isinstance(told := page.tags.valueof(_XMP), bytes):
        match = _ORIENTATION_IN_XMP.search(told)
        found = int(match[1]) if match else None
    return found if isinstance(found, int) else 1


def _even_parts(series: Any) -> list[Any]:
    """A series whose pages say the same of themselves, or each of its pages by itself."""
    import tifffile

    # The pages of one array that tifffile has written have some tags in the first alone.
    if len(series.pages) == 1 or series.kind == "shaped":
        return [series]
    pages = [page.aspage() for page in series.pages if page is not None]
    if len({_own_tags(page) for page in pages}) == 1:
        return [series]
    return [tifffile.TiffPageSeries([page], kind=series.kind) for page in pages]


def _own_tags(page: Any) -> tuple[Any, ...]:
    """What pages that tifffile takes for alike may yet differ in."""
    colors = page.tags.valueof(_COLORMAP)
    palette = None if colors is None else np.asarray(colors).tobytes()
    return (page.subfiletype, profile_of(page), orientation_of(page), palette)


def _is_marked(series: Any) -> bool:
    return bool(series.keyframe.subfiletype & (_REDUCED | _MASK))


def _sides(series: Any) -> tuple[int, int]:
    return series.keyframe.imagelength, series.keyframe.imagewidth


def _is_large(series: Any, highest: int, widest: int) -> bool:
    """Whether it is more than a thumbnail of the largest page, of half its sides or less."""
    height, width = _sides(series)
    return 2 * height > highest or 2 * width > widest


def _look(series: Any) -> tuple[Any, ...]:
    page = series.keyframe
    kind = (page.photometric, page.extrasamples, page.planarconfig)
    kind = (*kind, profile_of(page), orientation_of(page))
    return (series.shape[-3:], series.axes[-3:], series.dtype, *kind)


def _size(series: Any) -> str:
    height, width = _sides(series)
    return f"{width} × {height}"


def _n_pages(several: list[Any]) -> int:
    return sum(len(series) for series in several)

"""Which TIFFs tifffile decodes by itself; the others need imagecodecs."""

from __future__ import annotations

from typing import Any

from napari_colorcluster.core.support.extras import library

_OWN_COMPRESSIONS = {"NONE", "ADOBE_DEFLATE", "DEFLATE", "LZMA", "PACKBITS"}
_OWN_PREDICTORS = {1, 2}
"""None, and differences of integers."""
_OWN_BITS = {1, 8, 16, 32, 64}


def check_codecs(page: Any) -> None:
    """Ask for imagecodecs where a page cannot be decoded without.

    Parameters
    ----------
    page : tifffile.TiffPage
        One for all pages of the picture.

    Raises
    ------
    MissingLibraryError
        Where it is needed and not installed.
    """
    compression = page.compression.name
    if compression not in _OWN_COMPRESSIONS:
        library("imagecodecs", f"TIFFs compressed by {compression} need imagecodecs")
    if page.predictor not in _OWN_PREDICTORS:
        library("imagecodecs", "TIFFs compressed with a predictor for floats need imagecodecs")
    bits = page.bitspersample
    if not isinstance(bits, int) or bits not in _OWN_BITS:
        library("imagecodecs", f"TIFFs of {bits} bits a channel need imagecodecs")

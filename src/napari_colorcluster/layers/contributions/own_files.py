"""Files of our own that napari can read as well: whom it asks to open them."""

from __future__ import annotations

from napari.settings import get_settings

from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.files.pyramids import ome_tiff
from napari_colorcluster.layers.contributions.preferences import PLUGIN

PATTERNS = (f"*{OWN}.csv", f"*{ome_tiff.SUFFIX}")
"""The names of our tables, and of our TIFFs in levels."""


def claim_own_files() -> None:
    """Let napari open our files without a question, where the user has not set otherwise.

    napari itself takes each ``.csv`` for points or shapes, and reads a TIFF as a whole, whatever
    its size. It asks which plugin is meant where two can read a file, unless its Preferences
    (*Plugins ▸ File extension readers*) name one. The entries for our files are put there, where
    they can be seen and changed.
    """
    preferred = get_settings().plugins
    missing = {pattern: PLUGIN for pattern in PATTERNS if pattern not in preferred.extension2reader}
    if missing:
        preferred.extension2reader = {**preferred.extension2reader, **missing}

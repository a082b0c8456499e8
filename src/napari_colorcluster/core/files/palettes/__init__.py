"""Palettes and whole clusterings in files; each format is a module of its own."""

from napari_colorcluster.core.files.palettes.palette_files import (
    FORMATS,
    OWN,
    is_palette,
    parse_file,
    read_as_clustering,
    read_clustering,
    read_palette,
    title_of,
    write,
)

__all__ = [
    "FORMATS",
    "OWN",
    "is_palette",
    "parse_file",
    "read_as_clustering",
    "read_clustering",
    "read_palette",
    "title_of",
    "write",
]

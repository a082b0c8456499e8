"""Palette files in napari: dropped on its window as a layer, saved from a clusters layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files import palettes
from napari_colorcluster.core.files.palettes.entries import palette_from_entries
from napari_colorcluster.core.files.palettes.json_file import palette_from_json, palette_to_json
from napari_colorcluster.layers.images.area import saved_pixel_size
from napari_colorcluster.layers.images.layer_data import METADATA_KEY, is_palette_layer

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image, Layer

    LayerData = tuple[Any, dict[str, Any], str]


def get_palette_reader(
    path: str | Sequence[str],
) -> Callable[[str | Sequence[str]], list[LayerData]] | None:
    """Give what reads a palette file; None where the file is none, whatever its suffix."""
    if not isinstance(path, str) or not palettes.is_palette(path):
        return None
    return read_palette


def read_palette(path: str | Sequence[str]) -> list[LayerData]:
    """Read a palette file as a picture of its bar.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    list of (ndarray, dict, str)
        One RGB image, named as the file; its segments are as wide as the shares, or all the same
        where the file has no counts. Its metadata has the palette and the file's path: see
        `palette_of_layer`.
    """
    palette = palettes.read_palette(path)
    kept = {"file": str(Path(path).absolute()), **palette_to_json(palette)}
    look = {"name": palettes.title_of(path), "rgb": True, "metadata": {METADATA_KEY: kept}}
    return [(palette.bar(), look, "image")]


def add_palette_file(viewer: ViewerModel, path: str) -> Image:
    """Read a palette file of whatever name, and add it to a viewer as napari would.

    Raises
    ------
    ValueError, OSError
        Where it cannot be read, or is none.
    """
    [(bar, look, _)] = read_palette(path)
    return viewer.add_image(bar, **look)


def palette_of_layer(layer: Layer) -> Palette | None:
    """The palette of a layer that came from a palette file; None where it is another layer."""
    return palette_from_json(layer.metadata[METADATA_KEY]) if is_palette_layer(layer) else None


def clustering_of_layer(layer: Layer, max_distance: float | None = None) -> ColorClustering:
    """The clustering to apply where a layer came from a palette file.

    Parameters
    ----------
    layer : Layer
        One that `is_palette_layer`.
    max_distance : float, optional
        The largest ΔE2000 between a color and that of its cluster; colors beyond belong to none.

    Returns
    -------
    ColorClustering
        The whole one, where the file is still there and holds it; otherwise any color goes to the
        nearest of the palette: see `ColorClustering.from_palette`.
    """
    clustering = _clustering_of_file(layer) or ColorClustering.from_palette(palette_of_layer(layer))
    return clustering if max_distance is None else clustering.leave_out_beyond(max_distance)


def _clustering_of_file(layer: Layer) -> ColorClustering | None:
    """The whole clustering of the file, unless it is gone or holds none of this palette."""
    try:
        clustering = palettes.read_clustering(Path(layer.metadata[METADATA_KEY]["file"]))
    except (OSError, ValueError):
        return None
    return clustering if clustering.palette == palette_of_layer(layer) else None


def write_palette(path: str, data: Any, attributes: Mapping[str, Any]) -> list[str]:
    """Write the palette of a clusters layer to a file.

    Parameters
    ----------
    path : str
        The file, whose suffix decides the format; see `Palette.write`.
    data : array
        The labels; not looked at.
    attributes : mapping
        What napari knows of the layer: its features are the palette, and its scale and units give
        the areas, for which a ``.csv`` has room.

    Returns
    -------
    list of str
        The path.

    Raises
    ------
    TypeError
        Where the layer has no palette.
    """
    features = attributes.get("features")
    if features is None or not {"index", "hex"} <= set(features):
        # No ValueError: napari takes that for not having found a writer, and drops its sentence.
        raise TypeError(
            f"Layer {attributes.get('name')!r} has no palette to save: choose the clusters layer "
            "of an image whose colors were clustered."
        )
    rows = features[features["index"] > 0].to_dict("records")
    palette = palette_from_entries((f"cluster {row['index']}", row) for row in rows)
    palette.write(path, saved_pixel_size(attributes))
    return [path]

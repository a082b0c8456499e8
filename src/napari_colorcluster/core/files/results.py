"""A whole result in a file: a clustering, where it applies, and what was corrected by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.files.palettes import json_file, parse_file
from napari_colorcluster.core.pattern.specks import remove_specks
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.whole_file import whole_file


@dataclass(frozen=True, eq=False)
class SavedResult:
    """All that it takes, besides the image, to give its labels again.

    Attributes
    ----------
    clustering : ColorClustering
        The clusters, with their edits.
    region : mapping, optional
        What outlined the part of the image that takes part, by the name of its layer.
    min_pixels : int, default 1
        Patches of fewer pixels are specks: they go to the cluster around them.
    overlay : Overlay, optional
        The pixels that a person has painted or corrected.
    mask : ndarray of bool, optional
        The pixels in the region.
    """

    clustering: ColorClustering
    region: Mapping[str, Any] | None = None
    min_pixels: int = 1
    overlay: Overlay | None = None
    mask: np.ndarray | None = None

    def predict(self, image: Any) -> Any:
        """Label the pixels of the image, as they were when this was saved.

        Parameters
        ----------
        image : array, shape (..., 3 or 4), or Picture
            As `ColorClustering.predict` takes it; of the shape that it had then, where there are
            painted pixels or a region.

        Returns
        -------
        array, shape (...), uint8 or uint16
            A lazy dask array if the image is one.

        Raises
        ------
        ValueError
            If the image has another shape than the painted pixels or the region.
        """
        labels = self.clustering.predict(image, self.mask)
        if self.overlay is not None:
            self.overlay.check_fits(labels)
        labels = remove_specks(labels, self.min_pixels)
        return labels if self.overlay is None else self.overlay.apply(labels)


def write_result(result: SavedResult, path: str | os.PathLike[str]) -> None:
    """Write a whole result to a file, whole or not at all.

    Parameters
    ----------
    result : SavedResult
        The result.
    path : path-like
        The file. `read_clustering` and `read_palette` read its clustering and its palette.

    Raises
    ------
    OSError
        If the file cannot be written.

    Notes
    -----
    To the JSON that `ColorClustering.write` writes are added, each where there is one:
    ``"region"``, the names of the layer and the label; ``"mask"``, its pixels, with label 1, and
    ``"overlay"``, the painted pixels, both as `Overlay.to_dict` gives them; and ``"min_pixels"``.
    """
    content = json_file.clustering_to_json(result.clustering)
    if result.region is not None:
        content["region"] = dict(result.region)
    if result.mask is not None:
        shape, inside = result.mask.shape, np.flatnonzero(result.mask)
        content["mask"] = Overlay.from_pixels(shape, inside, 1).to_dict()
    if result.min_pixels != 1:
        content["min_pixels"] = int(result.min_pixels)
    if result.overlay is not None:
        content["overlay"] = result.overlay.to_dict()
    with whole_file(Path(path)) as unfinished:
        unfinished.write_bytes(json_file.dump(content))


def read_result(path: str | os.PathLike[str]) -> SavedResult:
    """Read a whole result, or a clustering alone.

    Parameters
    ----------
    path : path-like
        A file that *Save whole clustering…* or `ColorClustering.write` wrote.

    Returns
    -------
    SavedResult
        Its clustering as `read_clustering` gives it.

    Raises
    ------
    ValueError
        If the file is malformed, or holds only a palette.
    OSError
        If the file cannot be read.
    """
    return parse_file(Path(path), _parse)


def _parse(data: bytes) -> SavedResult:
    content = json_file.load(data)
    region, mask, overlay = map(content.get, ("region", "mask", "overlay"))
    if not isinstance(region, dict | None):
        raise ValueError(f'"region" must be a dict, got {region!r}.')
    min_pixels = content.get("min_pixels", 1)
    if not is_integer(min_pixels) or min_pixels < 1:
        raise ValueError(f'"min_pixels" must be an integer of at least 1, got {min_pixels!r}.')
    return SavedResult(
        json_file.parse_clustering(data),
        region,
        min_pixels,
        None if overlay is None else Overlay.from_dict(overlay),
        None if mask is None else _mask(Overlay.from_dict(mask)),
    )


def _mask(inside: Overlay) -> np.ndarray:
    return inside.apply(np.zeros(inside.shape, np.uint8)).astype(bool)

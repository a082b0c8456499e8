"""How a result was made, as its layers' metadata hold it: written, and read back with checks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from napari.layers import Image, Layer

from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.segmentation import Segmentation


def provenance(segmentation: Segmentation, source: Image) -> dict[str, Any]:
    """How a result was made, as JSON can hold it: settings, region, versions, the image's name.

    Where the palette was made of other images, ``"palette_of"`` has their names. Where the image
    is shown otherwise than it is stored, ``"contrast_limits"`` and ``"gamma"`` say how. Where it
    has been painted on, ``"overlay"`` holds the pixels.
    """
    applied, shown = segmentation.applied, Shown.of(source)
    return {
        "image": source.name,
        **({} if applied is None else {"palette_of": list(applied.origin)}),
        "settings": segmentation.clustering.settings,
        **({} if shown.is_as_stored else shown.look),
        "region": None if segmentation.region is None else segmentation.region.to_dict(),
        "min_pixels": segmentation.min_pixels,
        **({} if segmentation.overlay is None else {"overlay": segmentation.overlay.to_dict()}),
        "versions": dict(_versions()),
    }


@cache
def _versions() -> dict[str, str]:
    """What is installed, read from files once."""
    packages = ("napari-colorcluster", "napari", "numpy", "scikit-learn", "scikit-image")
    return {package: version(package) for package in packages}


class Restored(NamedTuple):
    """How a layer was made.

    Attributes
    ----------
    image : str or None
        The name of the image that it was made from.
    settings : dict
        The keywords of `cluster_colors`: ``n_clusters``, None where the method found it, all others
        but ``edits``, and these where there were any.
    region : dict or None
        ``layer``, ``label`` and ``outside``, as `Region.from_dict` takes them; None for the whole
        image.
    min_pixels : int
        Below how many pixels a connected region was a speck and removed; 1 for never.
    overlay : Overlay or None
        The pixels that were painted.
    """

    image: str | None
    settings: dict[str, Any]
    region: dict[str, Any] | None
    min_pixels: int
    overlay: Overlay | None


def restored(layer: Layer) -> Restored | None:
    """Read from a result's metadata how it was made.

    Parameters
    ----------
    layer : napari.layers.Layer
        Of this session, or from a file; its metadata may have been through JSON.

    Returns
    -------
    Restored or None
        None where no clustering made the layer, or its metadata do not say so; and where its
        palette was made of other images, which the settings alone cannot give again.

    Raises
    ------
    ValueError
        Where the metadata hold what no clustering can be made with; one sentence that names it.
    """
    stored = layer.metadata.get(METADATA_KEY)
    if stored is None:
        return None
    if isinstance(stored, Mapping) and "palette_of" in stored:
        return None
    try:
        stored = _mapping("metadata", stored)
        image = stored.get("image")
        return Restored(
            image if isinstance(image, str) else None,
            _settings(_mapping("settings", stored.get("settings"))),
            _region(stored.get("region")),
            _min_pixels(stored.get("min_pixels", 1)),
            None if stored.get("overlay") is None else Overlay.from_dict(stored["overlay"]),
        )
    except ValueError as error:
        raise ValueError(
            f"How {layer.name!r} was made cannot be taken from its metadata: {error}"
        ) from None


def _settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    settings = Settings.from_dict(stored)
    n_clusters = settings.check_n_clusters(stored.get("n_clusters"))
    edits = check_edits(stored.get("edits", ()))
    return {**settings.to_dict(n_clusters), **({"edits": edits} if edits else {})}


def _region(stored: Any) -> dict[str, Any] | None:
    if stored is None:
        return None
    stored = _mapping("region", stored)
    layer, label, outside = (stored.get(key) for key in ("layer", "label", "outside"))
    if not isinstance(layer, str):
        raise ValueError(f"the region's layer must be a name, got {layer!r}.")
    if label is not None and not is_integer(label):
        raise ValueError(f"the region's label must be None or an integer, got {label!r}.")
    if not isinstance(outside, bool | None):
        raise ValueError(f"the region's outside must be True or False, got {outside!r}.")
    return {"layer": layer, "label": label, "outside": bool(outside)}


def _min_pixels(stored: Any) -> int:
    if not is_integer(stored) or stored < 1:
        raise ValueError(f"min_pixels must be an integer of at least 1, got {stored!r}.")
    return int(stored)


def _mapping(what: str, stored: Any) -> Mapping[str, Any]:
    if not isinstance(stored, Mapping) or not all(isinstance(key, str) for key in stored):
        raise ValueError(f"{what} must be a dict with names as keys, got {stored!r}.")
    return stored

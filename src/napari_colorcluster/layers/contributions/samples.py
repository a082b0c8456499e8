"""The sample data that napari's File menu offers."""

from __future__ import annotations

from typing import Any

from napari_colorcluster.core.files.samples.load import load_sample
from napari_colorcluster.core.files.samples.sample import Sample

LayerData = tuple[Any, dict[str, Any], str]


def painted_patches_layers() -> list[LayerData]:
    """Painted patches in flat and in shaded light, with the true palette in their metadata."""
    names = {True: "painted patches (shaded)", False: "painted patches (flat)"}
    return [
        _layer(name, load_sample("painted patches", shaded=shaded))
        for shaded, name in names.items()
    ]


def beetle_layers() -> list[LayerData]:
    """A striped beetle on a white card."""
    return [_layer("beetle", load_sample("beetle"))]


def leaf_layers() -> list[LayerData]:
    """A diseased leaf on white paper."""
    return [_layer("leaf", load_sample("leaf"))]


def leaf_with_card_layers() -> list[LayerData]:
    """A diseased leaf in warm light, with a color card; the card's corners are in its metadata."""
    sample = load_sample("leaf with card")
    data, attributes, kind = _layer("leaf with card", sample)
    attributes["metadata"]["card_corners"] = sample.corners.tolist()
    return [(data, attributes, kind)]


def ripening_layers() -> list[LayerData]:
    """A time-lapse of tomatoes that ripen."""
    return [_layer("ripening", load_sample("ripening"))]


def _layer(name: str, sample: Sample) -> LayerData:
    truth = sample.palette.to_dataframe().to_dict("records")
    attributes = {
        "name": name,
        "axis_labels": sample.axis_labels,
        "metadata": {"true_palette": truth},
    }
    return sample.image, attributes, "image"

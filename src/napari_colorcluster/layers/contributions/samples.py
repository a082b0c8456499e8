"""The sample data that napari's File menu offers."""

from __future__ import annotations

from typing import Any

from napari_colorcluster.core.files.samples import painted_patches


def painted_patches_layers() -> list[tuple[Any, dict[str, Any], str]]:
    """Painted patches in flat and in shaded light, with the true palette in their metadata."""
    layers = []
    for shaded in (True, False):
        image, _, palette = painted_patches(shaded)
        name = f"painted patches ({'shaded' if shaded else 'flat'})"
        truth = palette.to_dataframe().to_dict("records")
        layers.append((image, {"name": name, "metadata": {"true_palette": truth}}, "image"))
    return layers

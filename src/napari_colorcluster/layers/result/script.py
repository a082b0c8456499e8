"""A result as a short Python script for napari's console; what it calls is `cluster_layer`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.support.file_names import as_file_name
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.segmentation import Segmentation

_WIDTH = 88
_INDENT = " " * 4

_MOST_PAINTED = 20_000
"""Characters of painted pixels in a script: more would be slow to paste into a console."""


def python_script(
    image_name: str,
    settings: Mapping[str, Any],
    region: Mapping[str, Any] | None = None,
    min_pixels: int = 1,
    overlay: Mapping[str, Any] | str | None = None,
    look: Mapping[str, Any] | None = None,
) -> str:
    """Write the script that makes a result again, edits included.

    Parameters
    ----------
    image_name : str
        The name of the image's layer.
    settings : mapping
        The ``settings`` of the clustering. What the defaults give as well is left out, but for k;
        and of a calibration its patches, which change nothing.
    region : mapping, optional
        Where the image takes part, as ``Region.to_dict`` gives it; by default everywhere.
    min_pixels : int, default 1
        Below how many pixels a connected region is a speck and removed.
    overlay : mapping or str, optional
        The pixels that were painted, as `Overlay.to_dict` gives them, or a file that holds them.
    look : mapping, optional
        Attributes of the image's layer that are set first, such as its contrast limits.

    Returns
    -------
    str
        Python for napari's console, where ``viewer`` is known; ends with a line break.

    Raises
    ------
    ValueError
        Where a setting is not allowed.
    """
    keywords: dict[str, Any] = {}
    if settings.get("n_clusters") is not None:
        keywords["n_clusters"] = int(settings["n_clusters"])
    keywords |= _needed(settings)
    if region is not None:
        keywords["region"] = dict(region)
    if min_pixels != 1:
        keywords["min_pixels"] = int(min_pixels)
    arguments = ["viewer", repr(image_name)]
    calibration = keywords.pop("calibration", None)
    arguments += [f"{name}={value!r}" for name, value in keywords.items()]
    if calibration is not None:
        arguments.append(_calibration_argument({**calibration, "patches": []}))
    if overlay is not None:
        arguments.append(_overlay_argument(overlay))
    if settings.get("edits"):
        edits = [repr(edit) for edit in settings["edits"]]
        arguments.append(_bracketed("edits=[", edits, "]", _WIDTH - len(_INDENT) - 1))
    call = _bracketed("clustering = ncc.cluster_layer(", arguments, ")", _WIDTH)
    layer = f"viewer.layers[{image_name!r}]"
    shown = "".join(f"{layer}.{name} = {value!r}\n" for name, value in (look or {}).items())
    return f"import napari_colorcluster as ncc\n\n{shown}{call}\n"


def result_script(image_name: str, made: Segmentation, shown: Shown | None = None) -> str:
    """Write the script that makes a result again; see `python_script`.

    Parameters
    ----------
    image_name : str
        The name of the image's layer.
    made : Segmentation
        The result.
    shown : Shown, optional
        What the image showed. Its contrast limits and gamma are set again, unless they are what
        napari shows 8 bits by: for other types it chooses limits by the pixels.

    Raises
    ------
    ValueError
        Where the result is of a mask that is an array, or its palette of other images.
    """
    if made.origin:
        others = ", ".join(made.origin)
        raise ValueError(f"A script makes the palette of one image, but this one is of {others}.")
    if made.applied is not None:
        raise ValueError(
            f"The pixels of {image_name!r} have changed since its palette was made: press Cluster "
            "first, then a script can make it again."
        )
    if made.masks is not None and made.region is None:
        raise ValueError("A script cannot hold the mask array that was clustered.")
    region = None if made.region is None else made.region.to_dict()
    settings = made.clustering.settings
    overlay: Any = None if made.overlay is None else made.overlay.to_dict()
    comment = ""
    if overlay is not None and len(repr(overlay)) > _MOST_PAINTED:
        overlay = f"{as_file_name(image_name)}{OWN}.json"
        comment = f"# The corrections by hand are in a file: save the clustering as {overlay!r}.\n"
    look = None if shown is None else _look(shown)
    script = python_script(image_name, settings, region, made.min_pixels, overlay, look)
    return comment + script


def _look(shown: Shown) -> dict[str, Any]:
    """What to set of a layer to show it as it was; nothing where napari shows it so by itself."""
    dtype = np.dtype(shown.levels[0].dtype)
    if shown.is_as_stored and dtype == np.uint8:
        return {}
    limits = shown.contrast_limits or (0.0, float(np.iinfo(dtype).max))
    return shown.look | {"contrast_limits": limits}


def pattern_script(
    layer_name: str,
    spacing: tuple[float, float] = (1.0, 1.0),
    unit: str | None = None,
    *,
    multiscale: bool = False,
) -> str:
    """Write the lines that measure the pattern of a result, to follow its script.

    Parameters
    ----------
    layer_name : str
        The name of the clusters' layer.
    spacing, unit
        As `measure_pattern` takes them.
    multiscale : bool, default False
        Whether the layer is a pyramid.
    """
    arguments = [f"clusters.data{'[0]' if multiscale else ''}", "clustering.palette"]
    if spacing != (1.0, 1.0):
        arguments.append(f"spacing={tuple(map(float, spacing))!r}")
    if unit is not None:
        arguments.append(f"unit={unit!r}")
    call = _bracketed("pattern = ncc.measure_pattern(", arguments, ")", _WIDTH)
    return (
        f"\nclusters = viewer.layers[{layer_name!r}]\n{call}\n"
        "indices, patches = pattern.indices(), pattern.patches()\n"
    )


def _needed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords without which the settings, but for k and edits, would be others."""
    full = Settings.from_dict(settings)
    needed = full.to_dict(None)
    del needed["n_clusters"]
    for name in list(needed):
        rest = {each: value for each, value in needed.items() if each != name}
        try:
            if Settings.from_dict(rest) == full:
                needed = rest
        except ValueError:  # options without their method, a weight without its space
            continue
    return needed


def _calibration_argument(calibration: Mapping[str, Any]) -> str:
    width = _WIDTH - len(_INDENT) - 1
    rows = map(repr, calibration["matrix"])
    matrix = _bracketed("'matrix': [", rows, "]", width - len(_INDENT) - 1)
    others = [f"{name!r}: {value!r}" for name, value in calibration.items() if name != "matrix"]
    return _bracketed("calibration={", [*others, matrix], "}", width)


def _overlay_argument(overlay: Mapping[str, Any] | str) -> str:
    if isinstance(overlay, str):
        return f"overlay={overlay!r}"
    width = _WIDTH - len(_INDENT) - 1
    parts = []
    for name, value in overlay.items():
        start = f"{name!r}: "
        if isinstance(value, str):
            lines = textwrap.wrap(value, width - 2 * len(_INDENT) - 2) or [""]
            text = "\n".join([f"{start}(", *(f"{_INDENT}{line!r}" for line in lines), ")"])
            parts.append(text if len(lines) > 1 else f"{start}{value!r}")
        elif name == "runs":
            parts.append(_bracketed(f"{start}[", map(repr, value), "]", width - len(_INDENT) - 1))
        else:
            parts.append(f"{start}{value!r}")
    return _bracketed("overlay={", parts, "}", width)


def _bracketed(start: str, parts: Iterable[str], end: str, width: int) -> str:
    """Write parts between brackets: in one line where they fit, else each in its own."""
    parts = list(parts)
    line = f"{start}{', '.join(parts)}{end}"
    if len(line) <= width and "\n" not in line:
        return line
    indented = (part.replace("\n", f"\n{_INDENT}") for part in parts)
    return "\n".join([start, *(f"{_INDENT}{part}," for part in indented), end])

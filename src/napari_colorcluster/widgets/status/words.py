"""The sentences of the line under the button; values in, words out, without Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from math import isnan
from typing import Any

from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.histogram import Excluded
from napari_colorcluster.core.support.words import counted
from napari_colorcluster.layers.regions.region import WHOLE_IMAGE, Region
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.changed.changes import (
    DATA,
    N_CLUSTERS,
    OUTLINE,
    PIXELS,
    REGION,
    Asked,
    Change,
)

NO_IMAGE = "Open an RGB image to see which colors it has."
NOT_CLUSTERED = "Not clustered yet."

_MOST_CHANGES = 2
"""Changes that are named; of more, the number is told."""


_KEPT_BY_RUNS = "relabel", "renumber", "rename"
"""Edits that leave nothing to be lost: a run numbers by share, and keeps given names."""


def shown_words(made: Segmentation, palette: Palette, *, is_coming: bool = False) -> str:
    """Say what is shown of an image: how it was made, where, and of how many pixels.

    Parameters
    ----------
    made : Segmentation
        What is shown.
    palette : Palette
        Its colors with the shares that are shown.
    is_coming : bool, default False
        Whether a run that will show the exact shares follows a first look.
    """
    how = [*_palette_of(made), *_where(made), *_corrections(made)]
    said = [f"{', '.join(how)}: {_counts(made, palette)}."]
    if made.level:
        exact = "the exact shares follow" if is_coming else "press Cluster for the exact shares"
        said.append(f"A preview from level {made.level} of the pyramid: {exact}.")
    if made.fewer_colors is not None and not made.is_edited:
        said.append(made.fewer_colors)
    if made.applied is not None and not made.origin:
        said.append("The pixels have changed since: these are the earlier clusters, counted again.")
    return " ".join(said)


def lost_words(made: Segmentation, before: Segmentation | None = None) -> str:
    """Say what was made by hand before and is not in what is shown; nothing where all of it is.

    Parameters
    ----------
    made : Segmentation
        What is shown.
    before : Segmentation, optional
        What undoing shows.
    """
    said = []
    if made.n_dropped:
        gone, them = (
            ("its cluster is", "it") if made.n_dropped == 1 else ("their clusters are", "them")
        )
        said.append(
            f"{counted(made.n_dropped, 'pixel')} corrected by hand could not be kept: {gone} gone. "
            f"Undo brings {them} back."
        )
    if before is not None and not made.is_edited and (n := _n_edits(before, but=_KEPT_BY_RUNS)):
        edits, them = ("1 edit is", "it") if n == 1 else (f"{n:,} edits are", "them")
        said.append(f"{edits} not in this result. Undo brings {them} back.")
    return " ".join(said)


def fit_words(residuals: Residuals) -> str:
    """Say how far colors are from those of their clusters; nothing where no pixel has one."""
    if isnan(residuals.mean):
        return ""
    return f"Mean ΔE2000 {residuals.mean:.1f}, 95% within {residuals.percentile_95:.1f}."


def changed_words(changes: Sequence[Change], asked: Asked, *, asks: bool = True) -> str:
    """Say what has changed since a result was made, and what to do; nothing where nothing has.

    Parameters
    ----------
    changes : sequence of Change
        What has changed.
    asked : Asked
        What is asked for now.
    asks : bool, default True
        Whether to ask for a press of the button: not where a run is on its way already, or has
        failed and told what to do.
    """
    if not changes:
        return ""
    said = [_change(each, asked) for each in changes[:_MOST_CHANGES]]
    if more := len(changes) - len(said):
        said.append(f"{more} more")
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"Out of date: {listed}." + (" Press Cluster to update." if asks else "")


def dropped_words(name: str) -> str:
    """Say of which palette file the colors are that are shown in place of an image's own."""
    return f'The palette of "{name}", not applied to an image yet.'


def _palette_of(made: Segmentation) -> list[str]:
    """What made the clusters."""
    if made.origin:
        first, *others = made.origin
        more = f" and {len(others)} more" if others else ""
        return [f'The palette of "{first}"{more}, with the shares of this image']
    stored = made.clustering.settings
    k = made.n_asked if isinstance(made.n_asked, int) else stored["n_clusters"]
    found = made.clustering.n_clusters
    n_clusters = f"{found:,} clusters found" if k is None else f"k = {k:,}"
    said = [METHODS[stored["method"]].title, n_clusters, COLOR_SPACES[stored["color_space"]].title]
    if stored.get("calibration") is not None:
        said.append("calibrated")
    return said


def _where(made: Segmentation) -> list[str]:
    if made.region is not None:
        return [made.region.title]
    return [] if made.masks is None else ["inside a mask"]


def _corrections(made: Segmentation) -> list[str]:
    """What was done to the clusters since."""
    said = []
    if n_edits := _n_edits(made):
        said.append(counted(n_edits, "edit"))
    if made.min_pixels > 1:
        said.append(f"specks below {made.min_pixels:,} pixels removed")
    if made.overlay is not None and made.overlay.n_pixels:
        said.append(f"{counted(made.overlay.n_pixels, 'pixel')} corrected by hand")
    return said


def _n_edits(made: Segmentation, but: Collection[str] = ("relabel",)) -> int:
    return sum(name not in but for name, *_ in made.clustering.edits)


def _counts(made: Segmentation, palette: Palette) -> str:
    """How many pixels have a share, how many have none, and why."""
    said = [counted(palette.n_pixels, "pixel")]
    histogram, excluded = made.histogram, made.histogram.excluded
    # What was painted has a share, wherever it is: each pixel is told once.
    masked = max(excluded.masked - made.n_painted_outside, 0)
    others = histogram.n_pixels + excluded.masked - masked - palette.n_pixels
    background = others - made.n_too_far
    too_far, painted = _less(made.n_too_far, -background)
    transparent, painted = _less(excluded.transparent, painted)
    not_finite, _ = _less(excluded.not_finite, painted)
    if background > 0:
        said.append(f"{background:,} as background")
    if too_far:
        said.append(f"{too_far:,} too far from a cluster")
    left_out = Excluded(masked, not_finite, transparent, excluded.unknown)
    if left_out.total:
        said.append(f"left out: {left_out}")
    return ", ".join(said)


def _less(number: int, taken: int) -> tuple[int, int]:
    """What is left of a number where so much is taken from it, and how much is to be taken yet."""
    here = min(number, max(taken, 0))
    return number - here, max(taken, 0) - here


_CHANGES: dict[str, Callable[[Any], str]] = {
    DATA: lambda now: "the image has new data",
    PIXELS: lambda now: "the pixels have changed",
    "contrast_limits": lambda now: "the contrast limits have changed",
    "gamma": lambda now: f"gamma is now {now:.3g}",
    REGION: lambda now: f"the region is now {_title(now)}",
    OUTLINE: lambda now: "the region was moved or redrawn",
    "method": lambda now: f"the method is now {METHODS[now].title}",
    N_CLUSTERS: lambda now: f"k is now {now:,}",
    "color_space": lambda now: f"the color space is now {COLOR_SPACES[now].title}",
    "standardize": lambda now: f"axes are {'now' if now else 'no longer'} standardized",
    "lightness_weight": lambda now: f"the weight of lightness is now {now:.4g}",
    "random_state": lambda now: f"the seed is now {now:,}",
    "min_alpha": lambda now: f"the min alpha is now {now:.4g}",
    "max_distance": lambda now: (
        "the max ΔE is now off" if now is None else f"the max ΔE is now {now:.4g}"
    ),
    "calibration": lambda now: (
        "the calibration has changed" if now else "colors are no longer calibrated"
    ),
    "white": lambda now: "the white point has changed",
}
"""What is said of a change, given what it is now."""


def _title(region: Region | None) -> str:
    return f"the {WHOLE_IMAGE}" if region is None else region.title


def _change(change: Change, asked: Asked) -> str:
    if change.what in _CHANGES:
        return _CHANGES[change.what](change.now)
    options = {each.name: each.metadata for each in fields(METHODS[asked.settings.method])}
    texts, now = options[change.what], change.now
    if now is None:
        value = texts["none"]
    elif texts["choices"] is not None and now in texts["choices"]:
        value = texts["choices"][now]
    else:
        value = f"{now:,}" if isinstance(now, int) else str(now)
    return f"{texts['label']} is now {value}"

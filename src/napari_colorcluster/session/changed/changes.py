"""What has changed since a result was made, as a pure function of both; not how that is found out.

No widgets and no words: these are in `widgets.status`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.segmentation import Segmentation

DATA, PIXELS = "data", "pixels"
"""The image has other arrays, or other values in the very same ones."""

REGION, OUTLINE = "region", "outline"
"""Another region is asked for, or the same one has another outline or place on the image."""

N_CLUSTERS, OPTIONS = "n_clusters", "options"
"""Others are the names of settings, and ``"contrast_limits"`` and ``"gamma"`` of the image."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: how an image would be clustered now.

    Attributes
    ----------
    n_clusters : int, "auto" or None
        As `cluster_colors` takes it.
    settings : Settings
        How it would be clustered.
    region : Region or None
        Where.
    """

    n_clusters: int | str | None
    settings: Settings
    region: Region | None


class Change(NamedTuple):
    """Something that is not any more what a result was made with.

    Attributes
    ----------
    what : str
        One of the names above, of a setting, or of an option of the method.
    now : object
        What it is now; None where that needs no word.
    """

    what: str
    now: Any = None


def changes(
    made: Segmentation, then: Shown, now: Shown, asked: Asked, seen: Collection[str] = ()
) -> tuple[Change, ...]:
    """Find out what has changed since a result was made.

    Parameters
    ----------
    made : Segmentation
        The result.
    then, now : Shown
        What the image showed when it was made, and what it shows now.
    asked : Asked
        What is asked for now. Of a palette of other images it does not count: it would make another
        one, of this image alone.
    seen : collection of str, optional
        What was found by looking at pixels: `PIXELS`, `OUTLINE`.

    Returns
    -------
    tuple of Change
        The image's first; empty where the result is what would be made now.
    """
    has_same_data = then.has_same_data(now)
    # Where the image has other data, nothing else was found in its pixels.
    seen = seen if has_same_data else (DATA,)
    return (*_of_image(then, now, seen), *_of_place(made, asked, seen), *_of_settings(made, asked))


def _of_image(then: Shown, now: Shown, seen: Collection[str]) -> Iterator[Change]:
    for what in (DATA, PIXELS):
        if what in seen:
            yield Change(what)
    if then.contrast_limits != now.contrast_limits:
        yield Change("contrast_limits")
    if then.gamma != now.gamma:
        yield Change("gamma", now.gamma)


def _of_place(made: Segmentation, asked: Asked, seen: Collection[str]) -> Iterator[Change]:
    if not made.origin and asked.region != made.region:
        yield Change(REGION, asked.region)
    elif OUTLINE in seen:
        yield Change(OUTLINE)


def _of_settings(made: Segmentation, asked: Asked) -> Iterator[Change]:
    if made.origin:
        return
    stored = made.clustering.settings
    before, after = Settings.from_dict(stored), asked.settings
    if before.method != after.method:
        yield Change("method", after.method)
    # Where there were fewer colors, both the number that was asked for and that of them hold.
    known = {made.n_asked, stored["n_clusters"]} - {None, "auto"}
    if known and asked.n_clusters is not None and asked.n_clusters not in known:
        yield Change(N_CLUSTERS, asked.n_clusters)
    for name in (each.name for each in fields(Settings)):
        if name in ("method", OPTIONS):
            continue
        value = getattr(after, name)
        if getattr(before, name) != value:
            yield Change(name, value)
    if before.method == after.method:
        for option, value in after.options.items():
            if before.options[option] != value:
                yield Change(option, value)

"""What a panel begins with, from napari's Preferences; the manifest says what can be set there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from napari.layers import Labels, Layer, Shapes
from napari.utils.notifications import show_warning

from napari_colorcluster.core.clustering.settings import (
    DEFAULT_N_CLUSTERS,
    Settings,
    check_choice,
    check_n_clusters,
)
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.layers.regions.region import WHOLE_IMAGE, Region
from napari_colorcluster.layers.result.results import BOTH, LAYERS

PLUGIN = "napari-colorcluster"
"""The plugin's name: that of its file beside napari's own settings, too."""

_OUTLINES: dict[str, tuple[type[Layer], bool] | None] = {
    WHOLE_IMAGE: None,
    "inside shapes": (Shapes, False),
    "outside shapes": (Shapes, True),
    "inside labels": (Labels, False),
    "outside labels": (Labels, True),
}


_NAMES: dict[str, dict[str, str]] = {
    "method": {method.title: name for name, method in METHODS.items()},
    "color_space": {space.title: name for name, space in COLOR_SPACES.items()},
    "layers": {title: kind for kind, title in LAYERS.items()},
}
"""The names of what napari stores by its title, which its Preferences show."""


@dataclass(frozen=True)
class Preferences:
    """What a new panel begins with.

    Parameters
    ----------
    method : str, default "kmeans"
        A key of ``METHODS``.
    n_clusters : int, default 5
        The number of clusters, 1..65,535.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``.
    live : bool, default False
        Whether each change clusters again.
    region : str, default "whole image"
        Or "inside" or "outside" of "shapes" or "labels".
    layers : str, default "both"
        A key of ``LAYERS``.

    Raises
    ------
    ValueError
        Where a value is not allowed; it says which are.
    """

    method: str = Settings.method
    n_clusters: int = DEFAULT_N_CLUSTERS
    color_space: str = Settings.color_space
    live: bool = False
    region: str = WHOLE_IMAGE
    layers: str = BOTH

    def __post_init__(self) -> None:
        check_choice("method", self.method, METHODS)
        check_choice("color_space", self.color_space, COLOR_SPACES)
        check_choice("region", self.region, _OUTLINES)
        check_choice("layers", self.layers, LAYERS)
        if check_n_clusters(self.n_clusters) > MAX_LABELS:
            raise ValueError(f"n_clusters must be at most {MAX_LABELS:,}, got {self.n_clusters:,}.")
        if not isinstance(self.live, bool):
            raise ValueError(f"live must be True or False, got {self.live!r}.")

    def region_among(self, regions: Iterable[Region]) -> Region | None:
        """Choose of an image's regions, as `regions_for` lists them; None for the whole image.

        It is that of the topmost layer of the kind that is preferred, if there is one.
        """
        outline = _OUTLINES[self.region]
        if outline is None:
            return None
        kind, outside = outline
        fitting = [r for r in regions if isinstance(r.layer, kind) and r.outside == outside]
        return fitting[-1] if fitting else None


def preferences() -> Preferences:
    """Read the preferences as they are now.

    What napari refuses in its file it resets itself, and logs that. What it hands over and is not
    allowed here is left at its default, with one warning for all; so are all where nothing can be
    read.
    """
    stored = _stored()
    taken, refused = {}, []
    for each in fields(Preferences):
        value = getattr(stored, each.name, each.default)
        if isinstance(value, str):
            value = _NAMES.get(each.name, {}).get(value, value)
        try:
            Preferences(**{each.name: value})
        except ValueError as error:
            refused.append(str(error))
        else:
            taken[each.name] = value
    if refused:
        show_warning(f"Some preferences of Color Clustering are ignored. {' '.join(refused)}")
    return Preferences(**taken)


def _stored() -> Any:
    """The plugin's settings in napari; None where it has none."""
    try:
        from napari.settings import get_plugin_settings

        return get_plugin_settings(PLUGIN).panel
    except (ImportError, KeyError, AttributeError):
        # Another napari, or one that does not know the plugin: run without being installed.
        return None
    except Exception as error:
        # napari reads the files of all plugins here: that another's is broken must not matter.
        show_warning(
            f"The preferences of plugins cannot be read ({type(error).__name__}: {error})."
        )
        return None

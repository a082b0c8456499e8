"""A menu of regions, with a signal for changes of the outline that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psygnal import Signal

from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.regions.region import WHOLE_IMAGE, Region
from napari_colorcluster.layers.source import each_object_of
from napari_colorcluster.session.placed import DRAWN_BY
from napari_colorcluster.widgets.form.steady_choice import SteadyChoice


class RegionChoice(SteadyChoice):
    """A menu of regions.

    Parameters
    ----------
    find_regions : callable
        Called without arguments for the regions to offer.
    **kwargs
        As for any magicgui widget.

    Attributes
    ----------
    region : Region or None
        None for the whole image. (``value`` is `WHOLE_IMAGE` then: magicgui emits no change to a
        value that is None.)
    """

    outline_changed = Signal()
    """Emitted when the layer that outlines the chosen region is drawn on or moved. An undone stroke
    has no event of its own in napari: only the next run uses the new outline."""

    def __init__(self, find_regions: Callable[[], list[Region]], **kwargs: Any) -> None:
        self._outline = LayerWatch((*PLACED_BY, *DRAWN_BY), self._emit_changed)
        self._selected = LayerWatch(("selected_label",), self._follow_selected)
        self._find_regions = find_regions
        self._wanted: Region | None = None
        super().__init__(
            choices=lambda _: [
                (WHOLE_IMAGE, WHOLE_IMAGE),
                *((region.title, region) for region in self._regions()),
            ],
            **kwargs,
        )
        self.changed.connect(self._watch)

    @property
    def region(self) -> Region | None:
        return None if self.value == WHOLE_IMAGE else self.value

    @region.setter
    def region(self, region: Region | None) -> None:
        before = self.value
        with self.changed.blocked():
            self._wanted = region
            self.reset_choices()
            self.value = WHOLE_IMAGE if region is None else region
        if self.value != before:
            self.changed.emit(self.value)

    def reset_choices(self, *_: Any) -> None:
        """Offer what there is now, and listen to it: a selected label is offered by its number."""
        super().reset_choices()
        layers = [region.layer for region in self._find_regions()]
        self._selected.watch(*dict.fromkeys(layers))

    def offers(self, region: Region | None) -> bool:
        """Whether a region can be chosen: any label of a layer can, not the selected one alone."""
        return region is None or any(each.layer is region.layer for each in self._find_regions())

    def _regions(self) -> list[Region]:
        """The regions that were found, and the one that was set, next to those of its layer."""
        found, wanted = self._find_regions(), self._wanted
        objects = each_object_of(found)
        if wanted is None or wanted in (*found, *objects) or not self.offers(wanted):
            return [*found, *objects]
        last = max(at for at, each in enumerate(found) if each.layer is wanted.layer)
        return [*found[: last + 1], wanted, *found[last + 1 :], *objects]

    def _watch(self, *_: Any) -> None:
        """Listen to what is drawn in the layer of the chosen region."""
        self._wanted = self.region
        self._outline.watch(None if self._wanted is None else self._wanted.layer)

    def stop_watching(self) -> None:
        """Listen to no layer any more."""
        self._outline.watch()
        self._selected.watch()

    def _emit_changed(self, event: Any = None) -> None:
        # While a shape is dragged, napari emits also before the change.
        if str(getattr(event, "action", "")).endswith("ing"):
            return
        self.outline_changed.emit()

    def _follow_selected(self, event: Any) -> None:
        """Offer the label that is selected, and follow it where the region is that of a label."""
        region = self.region
        if region is None or region.label is None or region.layer is not event.source:
            self.reset_choices()
            return
        self.region = Region(region.layer, region.layer.selected_label, region.outside)

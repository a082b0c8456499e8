"""The form, filled with the settings of a result of this or of an earlier session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import ref

from napari_colorcluster.layers.images.layer_data import is_palette_layer, unwrapped
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.provenance import restored
from napari_colorcluster.layers.result.results import results

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer

    from napari_colorcluster.layers.result.segmentation import Segmentation
    from napari_colorcluster.widgets.form.form import SettingsForm


class Restoring:
    """Fills a form with the settings that made a layer, as its metadata say.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layers are.
    form : SettingsForm
        The form.

    Attributes
    ----------
    keywords : dict
        What the form has no widget for, as `Session.cluster` takes it: ``edits``, ``min_pixels``,
        ``overlay``.
    """

    def __init__(self, viewer: ViewerModel, form: SettingsForm) -> None:
        self._viewer, self._form = viewer, form
        self._last: ref[Layer] | None = None
        self._made: ref[Layer] | None = None
        self.keywords: dict[str, Any] = {}

    def look_at(self, layer: Layer | None) -> str:
        """Fill the form with what made the active layer.

        Parameters
        ----------
        layer : Layer or None
            The active layer. Nothing is filled in twice for the same one.

        Returns
        -------
        str
            A note for the user; empty where nothing was filled in.

        Raises
        ------
        ValueError
            Where the metadata hold what no clustering can be made with.
        """
        if layer is not None and self._last is not None and self._last() is layer:
            return ""
        self._last = layer and ref(layer)
        if layer is None or is_palette_layer(layer) or results.source_of(layer) is not None:
            return ""
        found = restored(layer)
        if found is None:
            return ""
        self._choose(found.image)
        region, lost = None, ""
        if found.region is not None:
            # The layer that outlined the region may be gone.
            try:
                region = Region.from_dict(self._viewer, found.region)
            except ValueError as error:
                lost = f" The whole image will be used: {error}"
        if not self._fill(found.settings, region):
            lost = f" The whole image will be used: {region.layer.name!r} does not overlap it."
        edits = found.settings.get("edits", ())
        painted = {} if found.overlay is None else {"overlay": found.overlay}
        self.keywords = {"edits": edits, "min_pixels": found.min_pixels, **painted}
        self._made = None
        image = self._form.image.value
        of = "" if image is None else f' from "{image.name}"'
        return f'Settings of "{layer.name}" restored. Press Cluster to make it again{of}.{lost}'

    def restore(self, made: Segmentation) -> None:
        """Fill the form with what made a result of this session; its edits are in its history."""
        self.restore_asked(made.clustering.settings, made.region)

    def restore_asked(self, settings: Mapping[str, Any], region: Region | None) -> None:
        """Fill the form with what a run of this session was asked for with."""
        self.forget()
        self._fill(settings, region)

    def keywords_for(self, image: Layer) -> dict[str, Any]:
        """The keywords for the image that is clustered next; none for a second image."""
        if self._made is not None and self._made() is not image:
            self.forget()
        self._made = ref(image)
        return self.keywords

    def forget(self) -> None:
        """Add nothing to the settings of the form any more."""
        self.keywords = {}

    def _choose(self, name: str | None) -> None:
        """Choose the image that a layer was made from, where it is there."""
        if name in self._viewer.layers:
            image = unwrapped(self._viewer.layers[name])
            if image in self._form.image.choices:
                self._form.image.value = image

    def _fill(self, settings: Mapping[str, Any], region: Region | None) -> bool:
        """Fill the form; return whether the region can be chosen for the image."""
        form = self._form
        form.set_settings(settings)
        there = form.region.offers(region)
        with form.settings_changed.blocked():
            form.region.region = region if there else None
        return there

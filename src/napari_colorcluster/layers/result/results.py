"""The layers that show a clustering: two above the image, updated in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import is_
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary, ref

import numpy as np
from napari.layers import Image, Labels, Layer
from napari.utils.colormaps import DirectLabelColormap
from psygnal import Signal

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.layers.images.layer_data import METADATA_KEY, levels, unwrapped
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import report
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.highlight import highlight_colormap
from napari_colorcluster.layers.result.painting.hand_painting import HandPainting, refusal
from napari_colorcluster.layers.result.painting.strokes import Strokes
from napari_colorcluster.layers.result.placement import PLACEMENT, place, placement_of
from napari_colorcluster.layers.result.provenance import provenance
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation

if TYPE_CHECKING:
    from napari.components import LayerList, ViewerModel

BOTH, CLUSTERS, QUANTIZED = "both", "clusters", "quantized"
LAYERS = {BOTH: "Clusters and quantized", CLUSTERS: "Clusters", QUANTIZED: "Quantized"}
"""Which layers an image may get for its result, and how menus write it. The keys of the last two
are added to the name of the image."""


@dataclass(frozen=True, eq=False)
class LayerResult:
    """The layers that show a clustering.

    Attributes
    ----------
    segmentation : Segmentation
        What is shown.
    palette : Palette
        Its colors and shares.
    labels : napari.layers.Labels
        True integer labels in the palette's colors.
    quantized : napari.layers.Image
        Every pixel in its cluster's color. One of the two may be in no viewer.
    shown : Shown
        What the image showed that it is of.
    """

    segmentation: Segmentation
    palette: Palette
    labels: Labels
    quantized: Image
    shown: Shown

    @property
    def clustering(self) -> ColorClustering:
        """The clusters that are shown."""
        return self.segmentation.clustering

    @property
    def painted(self) -> Painted:
        """What is shown, with its pixels as the layers hold them."""
        pixels = levels(self.labels), levels(self.quantized)
        return Painted(self.segmentation, self.palette, *pixels)


class Results:
    """Which result belongs to which image: by the layers themselves, never by their names."""

    changed = Signal(object)
    """Emitted with the image layer whose result is new."""

    def __init__(self) -> None:
        self._of_source: WeakKeyDictionary[Layer, LayerResult] = WeakKeyDictionary()
        self._painting = HandPainting(self._labels_in, self._take_stroke, self._take_data)
        self._strokes: WeakKeyDictionary[Layer, Strokes] = WeakKeyDictionary()
        # Weak on both sides: a result must not keep its image alive.
        self._sources: WeakKeyDictionary[Layer, ref[Layer]] = WeakKeyDictionary()
        self._hidden: WeakSet[Layer] = WeakSet()
        # Of all viewers in which there are results, by identity: lists are not hashed.
        self._lists: WeakValueDictionary[int, LayerList] = WeakValueDictionary()
        # What result layers are called, unless a person has called them otherwise.
        self._names: WeakKeyDictionary[Layer, str] = WeakKeyDictionary()
        self._seen_through: WeakSet[Layer] = WeakSet()

    def of(self, source: Layer | None) -> LayerResult | None:
        """The result of an image layer; None where the layer shows other colors since."""
        result = self.last(source)
        return None if result is None or result.shown != Shown.of(source) else result

    def last(self, source: Layer | None) -> LayerResult | None:
        """The last result of an image layer, whatever the layer shows since."""
        return None if source is None else self._of_source.get(source)

    def of_same_data(self, source: Layer | None) -> LayerResult | None:
        """The last result of an image layer; None where it has other arrays, however they look."""
        result = self.last(source)
        return result if result and result.shown.has_same_data(Shown.of(source)) else None

    def source_of(self, layer: Layer) -> Layer | None:
        """The image layer that a result layer was made from; None where it is no result."""
        source = self._sources.get(layer)
        return None if source is None else source()

    def show(
        self,
        viewer: ViewerModel,
        source: Image,
        painted: Painted,
        *,
        select: bool = True,
        layers: str = BOTH,
    ) -> LayerResult:
        """Show a clustering above its image: in the layers that it has already, else in new ones.

        An image that is in several viewers has the same layers in all of them.

        Parameters
        ----------
        viewer : napari.Viewer
            Where the image is.
        source : Image
            The image layer.
        painted : Painted
            What to show.
        select : bool, default True
            Whether a new clusters layer becomes the active one: napari shows the cluster under
            the mouse for that only.
        layers : str, default "both"
            Which layers are added: a key of `LAYERS`. Those that are there stay.
        """
        palette = painted.palette
        placement = placement_of(source)
        look = {"colormap": label_colormap(palette), "features": label_features(palette)}
        before = self._of_source.get(source)
        layer_list = unwrapped(viewer.layers)
        self._lists[id(layer_list)] = layer_list
        has_quantized, has_labels = layers != CLUSTERS, layers != QUANTIZED
        if before is None:
            for name in PLACEMENT:
                getattr(source.events, name).connect(self._follow)
            source.events.name.connect(self._rename)
            source.events.data.connect(self._hide_replaced)
        quantized = self._reusable(source, before and before.quantized, has_quantized)
        labels = self._reusable(source, before and before.labels, has_labels)
        if quantized is None:
            name = f"{source.name} {QUANTIZED}"
            quantized = Image(_data(painted.quantized, source), name=name, rgb=True, **placement)
            self._sources[quantized] = ref(source)
        else:
            quantized.data = _data(painted.quantized, source)
            place(quantized, placement)
        if labels is None:
            name = f"{source.name} {CLUSTERS}"
            labels = Labels(_data(painted.labels, source), name=name, **look, **placement)
            self._painting.follow(labels)
            self._sources[labels] = ref(source)
        else:
            with self._painting.showing(labels):
                labels.data = _data(painted.labels, source)
                for name, value in look.items():
                    setattr(labels, name, value)
                place(labels, placement)
        above = _highest(viewer, source, painted.segmentation.region)
        for layer, is_added in ((quantized, has_quantized), (labels, has_labels)):
            if is_added and layer not in viewer.layers:
                self.insert(viewer, source, layer, above, select)
            if layer in viewer.layers:
                above = layer
        if (region := painted.segmentation.region) is not None:
            region.layer.events.name.connect(self._rename)
            if region.layer not in self._seen_through:
                # Once: a person may fill the shapes again.
                self._seen_through.add(region.layer)
                region.see_through()
        result = LayerResult(painted.segmentation, palette, labels, quantized, Shown.of(source))
        self._keep(source, result)
        return result

    def _labels_in(self, layer: Labels) -> np.ndarray | None:
        """The clusters that can be painted in a layer; None where it shows no result any more."""
        # Contrast limits or gamma may be others: what is painted then counts as well.
        result = self.of_same_data(self.source_of(layer))
        return None if result is None or result.labels is not layer else result.palette.labels

    def _take_stroke(self, layer: Labels, before: Overlay, after: Overlay) -> None:
        """Make pixels that a person has painted part of the result, at the cost of these alone."""
        source = self.source_of(layer)
        result = self.of_same_data(source)
        made = self._strokes.setdefault(layer, Strokes()).result_of(
            result.segmentation, before, after
        )
        palette = made.recounted(result.palette, before.counts(), after.counts())
        layer.features = label_features(palette)
        repaint(result.quantized, layer.data, made, after)
        self._keep(source, replace(result, segmentation=made, palette=palette))

    def _take_data(self, layer: Labels) -> None:
        """Make data that a person has set part of the result: where they differ, and are labels."""
        source = self.source_of(layer)
        result, data = self.of_same_data(source), layer.data
        if layer.multiscale or data.shape != result.shown.levels[0].shape[:-1]:
            return
        expected = result.segmentation.paint(result.shown.pictures).labels[0]
        is_known = np.isin(data, [0, *result.palette.labels])
        unknown = set(np.unique(np.asarray(np.where(is_known, 0, data))).tolist()) - {0}
        changed = Overlay.between(expected, np.where(is_known, data, expected))
        painted = result.segmentation.painted_over(changed).paint(result.shown.pictures)
        with self._painting.showing(layer):
            layer.data = painted.labels[0]
            layer.features = label_features(painted.palette)
        result.quantized.data = painted.quantized[0]
        made = replace(result, segmentation=painted.segmentation, palette=painted.palette)
        self._keep(source, made)
        if unknown:
            report(ValueError(refusal(unknown)))

    def _keep(self, source: Image, result: LayerResult) -> None:
        made = {METADATA_KEY: provenance(result.segmentation, source)}
        for layer in (result.quantized, result.labels):
            layer.metadata = {**layer.metadata, **made}
        self._of_source[source] = result
        self._unhide(result)
        self.changed.emit(source)

    def _hide_replaced(self, event: Any) -> None:
        """Hide the layers of a result while their image has other data than they are of."""
        result = self._of_source.get(event.source)
        if result is None:
            return
        if all(map(is_, result.shown.levels, levels(event.source))):
            self._unhide(result)
            return
        for layer in (result.quantized, result.labels):
            if layer.visible:
                self._hidden.add(layer)
                layer.visible = False

    def _unhide(self, result: LayerResult) -> None:
        """Show again what was hidden here; what a person has hidden stays so."""
        for layer in (result.quantized, result.labels):
            if layer in self._hidden:
                self._hidden.discard(layer)
                layer.visible = True

    def insert(
        self, viewer: ViewerModel, source: Layer, layer: Layer, above: Layer, select: bool
    ) -> None:
        """Put a layer made from an image above another one; `select` as `show` takes it."""
        self._sources[layer] = ref(source)
        selection = viewer.layers.selection
        active = selection.active
        if select or active is None:
            viewer.layers.insert(viewer.layers.index(above) + 1, layer)
            selection.active = layer
        else:
            # napari makes what is inserted active; listeners would follow it there and back.
            with selection.events.active.blocker():
                viewer.layers.insert(viewer.layers.index(above) + 1, layer)
                selection.active = active
        # napari numbers a name that is there already.
        self._names[layer] = layer.name

    def _follow(self, event: Any) -> None:
        """Move the layers of a result along with their image."""
        result, name = self._of_source.get(event.source), event.type
        for layer in () if result is None else (result.labels, result.quantized):
            if layer.ndim == event.source.ndim:
                place(layer, {name: getattr(event.source, name)})

    def _rename(self, event: Any) -> None:
        """Keep the names of an image and its region up to date in results and their metadata."""
        for source, result in list(self._of_source.items()):
            region = result.segmentation.region
            if event.source is source:
                for layer, what in ((result.quantized, QUANTIZED), (result.labels, CLUSTERS)):
                    if layer.name == self._names.get(layer):
                        layer.name = f"{source.name} {what}"
                        self._names[layer] = layer.name
            if event.source in (source, region and region.layer):
                made = {METADATA_KEY: provenance(result.segmentation, source)}
                for layer in (result.quantized, result.labels):
                    layer.metadata = {**layer.metadata, **made}

    def _reusable(self, source: Image, layer: Layer | None, is_added: bool) -> Layer | None:
        """A result layer that can take the new data; one that cannot is removed.

        One that a person has removed is not added again: there will be another one.
        """
        there = [each for each in self._lists.values() if layer is not None and layer in each]
        kept = there or (layer is not None and not is_added)
        if kept and (layer.ndim, layer.multiscale) == (source.ndim, source.multiscale):
            return layer
        for each in there:
            each.remove(layer)
        return None


results = Results()
"""The results of this session, for the panel and the console alike."""


def label_colormap(palette: Palette) -> DirectLabelColormap:
    """The palette as the colors of a Labels layer; what is left out is transparent."""
    return highlight_colormap(palette.labels, palette.colors)


def warm_up_labels() -> None:
    """Let numba compile what napari looks up labels in, as it does once in each process.

    The looking up itself is left to napari: it is a loop of numba's on several threads, and where
    there is no OpenMP, as on most Macs, two of these at once end the process.
    """
    _compile_dictionary("uint8", "uint8")


def warm_up_many_labels() -> None:
    """Do what `warm_up_labels` does for labels above 255, of few colors and of many."""
    _compile_dictionary("uint16", "uint16")
    _compile_dictionary("uint16", "uint8")


def _compile_dictionary(labels: str, colors: str) -> None:
    from numba import typed, types

    found = typed.Dict.empty(getattr(types, labels), getattr(types, colors))
    found[np.dtype(labels).type(0)] = np.dtype(colors).type(0)


def label_features(palette: Palette) -> Any:
    """The palette as the features of a Labels layer: what napari shows under the mouse."""
    return palette.to_dataframe()[["index", "name", "hex", "fraction", "pixels"]]


def _highest(viewer: ViewerModel, source: Image, region: Region | None) -> Layer:
    """The image, or the Labels layer of the region that lies over it and would tint the result."""
    layers = viewer.layers
    if region is None or not isinstance(region.layer, Labels) or region.layer not in layers:
        return source
    return max(source, region.layer, key=layers.index)


def _data(levels: list[Any], source: Image) -> Any:
    return levels if source.multiscale else levels[0]


def repaint(quantized: Image, labels: Any, made: Segmentation, pixels: Overlay) -> None:
    """Paint pixels that have got other labels in a quantized layer.

    Parameters
    ----------
    quantized : Image
        The layer.
    labels : array
        The label image, which these pixels may not be written to yet.
    made : Segmentation
        What is shown.
    pixels : Overlay
        The pixels, with their labels.
    """
    data, alpha = quantized.data, made.has_gaps
    if is_dask(data) or data.shape != (*pixels.shape, 3 + alpha):
        quantized.data = made.clustering.paint(pixels.apply(labels), alpha=alpha)
        return
    place = np.unravel_index(pixels.pixels, pixels.shape)
    data[place] = made.clustering.paint(np.repeat(pixels.labels, pixels.lengths), alpha=alpha)
    quantized.refresh(extent=False)


def _data(arrays: list[Any], source: Image) -> Any:
    return arrays if source.multiscale else arrays[0]

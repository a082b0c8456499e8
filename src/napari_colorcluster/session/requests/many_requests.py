"""Requests about many images: one palette for all, pooled colors, comparisons, frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_histogram
from napari_colorcluster.core.clustering.matching import match_names
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.studies.comparison import PaletteComparison, compare_palettes
from napari_colorcluster.core.studies.frames import frame_shares
from napari_colorcluster.core.studies.pooling import check_weights, pool
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.contributions.palette_io import clustering_of_layer
from napari_colorcluster.layers.images.area import pixel_size_of
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied
from napari_colorcluster.layers.source import source_layers
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.placed import Placed
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState

if TYPE_CHECKING:
    import pandas as pd
    from napari.components import ViewerModel

Masks = tuple[np.ndarray, ...] | None


@dataclass(frozen=True, eq=False)
class ApplyRequest(Request):
    """Show a clustering as it is on an image: labels and names stay, shares are the image's own.

    Attributes
    ----------
    clustering : ColorClustering
        The clusters. One that does not occur in the image has the share 0 there.
    origin : tuple of str
        The names of what it was made of.
    place : tuple of masks and Region, optional
        Where it is shown, if not where the image's result is.
    n_asked : int, "auto" or None
        As `Segmentation` takes it.
    """

    clustering: ColorClustering
    origin: tuple[str, ...]
    place: tuple[Masks, Region | None] | None = None
    n_asked: int | str | None = None
    is_run = True
    is_step = True

    def resolve(self, state: SessionState) -> Work:
        """Keep what was painted, the specks removed, and the region unless another is given."""
        before = state.latest(self.image) or Segmentation(self.clustering)
        masks, region = (before.masks, before.region) if self.place is None else self.place
        made = replace(
            before,
            clustering=self.clustering,
            masks=masks,
            region=region,
            level=0,
            n_asked=self.n_asked,
        ).keeping_painted(before)
        return partial(self._do, made, state.counted)

    def _do(
        self, made: Segmentation, counted: Counted, shown: Shown, progress: Progress
    ) -> Painted:
        counting, min_alpha = part(progress, 0.0, 0.5), self.clustering.min_alpha
        histogram = counted.histogram(self.image, shown, counting, made.masks, min_alpha=min_alpha)
        made = replace(made, applied=Applied(histogram, self.origin))
        return made.paint(shown.pictures, part(progress, 0.5, 1.0))

    def finish(self, state: SessionState, result: Painted) -> None:
        """Show the result as a step that can be undone."""
        # One image of many is not what a person looks at: the panel must not turn to it.
        state.show_step(self.image, result, select=self.place is not None)


@dataclass(frozen=True, eq=False)
class ApplyFileRequest(Request):
    """Show the palette of a palette file, opened as a layer, on images."""

    layer: Layer
    images: tuple[Image, ...]
    max_distance: float | None = None
    is_run = True

    def resolve(self, state: SessionState) -> Work:
        """Read the clustering from the file, and leave out colors that are too far from its own."""
        return lambda shown, progress: clustering_of_layer(self.layer, self.max_distance)

    def then(self, result: ColorClustering) -> Iterable[Request]:
        """Apply it to each image."""
        return [ApplyRequest(image, result, (self.layer.name,)) for image in self.images]


@dataclass(frozen=True, eq=False)
class PoolRequest(Request):
    """Cluster images as one, and show each with its own shares.

    Attributes
    ----------
    image : Image
        The chosen image, whose labels and names the new clusters go on from.
    others : tuple of Image
        The others.
    n_clusters, settings, region
        As `Session.cluster` takes them; the region is of the chosen image.
    weights : "pixels" or "equal"
        As `napari_colorcluster.core.studies.pooling.pool` takes it.

    Raises
    ------
    ValueError
        Where the weights are not known, or do not go with the method's options.
    """

    others: tuple[Image, ...]
    n_clusters: int | str | None
    settings: Settings
    region: Region | None
    weights: str
    origin: tuple[str, ...] = field(init=False)
    is_run = True

    def __post_init__(self) -> None:
        check_weights(self.weights, self.settings.options)
        origin = tuple(image.name for image in (self.image, *self.others))
        object.__setattr__(self, "origin", origin)

    def resolve(self, state: SessionState) -> Work:
        """Pool the others in the regions of their own results."""
        others = []
        for image in self.others:
            made = state.latest(image)
            others.append((image, Shown.of(image), None if made is None else made.masks))
        placed = state.placed.of(self.region, self.image)
        return partial(self._do, state.latest(self.image), placed, others, state.counted)

    def _do(
        self,
        before: Segmentation | None,
        placed: Placed,
        others: Sequence[tuple[Image, Shown, Masks]],
        counted: Counted,
        shown: Shown,
        progress: Progress,
    ) -> tuple[ColorClustering, Masks]:
        masks, histograms = placed.masks(self.image), []
        images = [(self.image, shown, masks), *others]
        for step, (image, pixels, where) in enumerate(images):
            counting = part(progress, 0.6 * step / len(images), 0.6 * (step + 1) / len(images))
            try:
                histograms.append(
                    counted.histogram(
                        *(image, pixels, counting, where), min_alpha=self.settings.min_alpha
                    )
                )
            except (ValueError, OSError) as error:
                raise ValueError(f"In {image.name!r}: {error}") from error
        pooled, clustering_part = pool(histograms, self.weights), part(progress, 0.6, 1.0)
        clustering = cluster_histogram(pooled, self.n_clusters, self.settings, clustering_part)
        return match_names(clustering, before and before.clustering), masks

    def then(self, result: tuple[ColorClustering, Masks]) -> Iterable[Request]:
        """Apply the clusters to each image."""
        clustering, masks = result
        places = [(self.image, (masks, self.region)), *((image, None) for image in self.others)]
        return [
            ApplyRequest(image, clustering, self.origin, place, self.n_clusters)
            for image, place in places
        ]


def shown_palettes(viewer: ViewerModel) -> dict[str, Palette]:
    """The palettes that are shown of a viewer's images, by name."""
    found = {image.name: results.of(image) for image in source_layers(viewer)}
    return {name: result.palette for name, result in found.items() if result is not None}


@dataclass(frozen=True, eq=False)
class CompareRequest(Request):
    """Compare the palettes of images, at least two; see `of_all`."""

    images: tuple[Image, ...]

    @classmethod
    def of_all(cls, viewer: ViewerModel) -> CompareRequest:
        """Compare all images of a viewer that have a palette; ValueError for fewer than two."""
        shown = tuple(each for each in source_layers(viewer) if results.of(each) is not None)
        if len(shown) < 2:
            raise ValueError(
                f"A comparison needs at least two images with a palette, got {len(shown)}."
            )
        return cls(shown[0], shown)

    def resolve(self, state: SessionState) -> Work:
        """Compare the palettes that are shown now."""
        palettes = {image.name: results.of(image).palette for image in self.images}
        return lambda shown, progress: compare_palettes(palettes, progress=progress)

    def finish(self, state: SessionState, result: PaletteComparison) -> None:
        """Hand the comparison on."""
        state.compared.emit(result)


@dataclass(frozen=True, eq=False)
class Frames:
    """The shares along an axis of an image.

    Attributes
    ----------
    image : Image
        The image layer.
    axis : int
        Which of its axes.
    table : pandas.DataFrame
        As `frame_shares` gives it.
    made : Segmentation
        What was shown of it. Its corrections of pixels are not counted here.
    """

    image: Image
    axis: int
    table: pd.DataFrame
    made: Segmentation


@dataclass(frozen=True, eq=False)
class FramesRequest(Request):
    """Count the shares of what is shown of an image, along an axis."""

    axis: int

    def resolve(self, state: SessionState) -> Work:
        """Count what is shown now."""
        made = state.present(self.image)
        if made is None:
            raise ValueError("There are no shares to count: cluster the image first.")
        return partial(self._do, made, pixel_size_of(self.image))

    def _do(
        self,
        made: Segmentation,
        pixel_size: PixelSize | None,
        shown: Shown,
        progress: Progress,
    ) -> Frames:
        mask = None if made.masks is None else made.masks[0]
        table = frame_shares(
            *(made.clustering, shown.pictures[0], self.axis, mask),
            pixel_size=pixel_size,
            progress=progress,
        )
        return Frames(self.image, self.axis, table, made)

    def finish(self, state: SessionState, result: Frames) -> None:
        """Hand the shares on."""
        state.counted_frames.emit(result)

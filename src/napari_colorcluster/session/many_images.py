"""What is done with many images at a time: one palette applied, pooled, compared, along frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from napari.layers import Image
from psygnal import Signal

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_histogram
from napari_colorcluster.core.clustering.matching import match_labels
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.core.studies.frames import frame_shares
from napari_colorcluster.core.studies.pooling import check_weights, pool
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.area import pixel_size_of
from napari_colorcluster.layers.contributions.palette_io import clustering_of_layer
from napari_colorcluster.layers.layer_data import levels
from napari_colorcluster.layers.region import Region
from napari_colorcluster.layers.results import results
from napari_colorcluster.layers.segmentation import Applied, Painted, Segmentation
from napari_colorcluster.layers.source import source_layers
from napari_colorcluster.session.tasks import Task

if TYPE_CHECKING:
    import pandas as pd
    from napari.components import ViewerModel
    from napari.layers import Layer

    from napari_colorcluster.session.session import Session

Place = tuple[tuple[Any, ...] | None, Region | None]
"""The masks of an image and what outlined them."""


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
    is_cleaned : bool
        Whether small regions are given away in what is shown, which is not counted here.
    """

    image: Image
    axis: int
    table: pd.DataFrame
    is_cleaned: bool


class ManyImages:
    """Work on many images of a viewer, in the background, as tasks of its session.

    Each image keeps the region and the smallest region that its own result has.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    session : Session
        What does the work and shows it.
    """

    compared = Signal(object)
    """Emitted with a new `PaletteComparison`."""
    counted_frames = Signal(object)
    """Emitted with new `Frames`."""

    def __init__(self, viewer: ViewerModel, session: Session) -> None:
        self._viewer = viewer
        self._session = session

    def apply(
        self, clustering: ColorClustering, origin: Sequence[str], images: Iterable[Image]
    ) -> None:
        """Show a clustering as it is on other images: labels and names stay, shares are their own.

        Parameters
        ----------
        clustering : ColorClustering
            The clusters. One that does not occur in an image has the share 0 there.
        origin : sequence of str
            The names of what it was made of.
        images : iterable of Image
            The image layers.
        """
        for image in images:
            self._apply(clustering, tuple(origin), image)

    def apply_file(self, layer: Layer, images: Sequence[Image]) -> None:
        """Show the palette of a palette file on images, as `apply` does.

        Parameters
        ----------
        layer : Layer
            The layer that the file was opened as.
        images : sequence of Image
            The image layers, at least one.
        """

        def begin() -> Callable[[list[Any], Progress], ColorClustering]:
            return lambda data, progress: clustering_of_layer(layer)

        def then(clustering: ColorClustering) -> None:
            self.apply(clustering, (layer.name,), images)

        self._session.submit(Task(images[0], begin, then, is_run=True))

    def pool(
        self,
        image: Image,
        others: Sequence[Image],
        n_clusters: int | str | None,
        settings: Settings,
        region: Region | None = None,
        weights: str = "pixels",
    ) -> None:
        """Cluster images as one, and show each with its own shares.

        Parameters
        ----------
        image : Image
            The chosen image, whose labels and names the new clusters go on from.
        others : sequence of Image
            The others.
        n_clusters, settings
            As `Session.cluster` takes them.
        region : Region, optional
            Which part of the chosen image takes part.
        weights : "pixels" or "equal", default "pixels"
            As `napari_colorcluster.core.studies.pooling.pool` takes it.

        Raises
        ------
        ValueError
            Where the weights are not known, or do not go with the method's options.
        """
        check_weights(weights, settings.options)
        origin = tuple(each.name for each in (image, *others))

        def begin() -> Callable[[list[Any], Progress], tuple[ColorClustering, Place]]:
            before = self._session.present(image)
            there = self._session.placed.of(region, image)
            known = [(each, levels(each), self._place(each)[0]) for each in others]

            def work(data: list[Any], progress: Progress) -> tuple[ColorClustering, Place]:
                masks = there.masks(image)
                wanted = [(image, data, masks), *known]
                histograms = []
                for step, (each, pixels, mask) in enumerate(wanted):
                    ends = 0.6 * step / len(wanted), 0.6 * (step + 1) / len(wanted)
                    counting = part(progress, *ends)
                    try:
                        found = self._session.counted.histogram(each, pixels, counting, mask)
                    except (ValueError, OSError) as error:
                        raise ValueError(f"In {each.name!r}: {error}") from error
                    histograms.append(found)
                pooled = pool(histograms, weights)
                clustering = cluster_histogram(
                    pooled, n_clusters, settings, part(progress, 0.6, 1.0)
                )
                clustering = match_labels(clustering, before and before.clustering)
                return clustering, (masks, region)

            return work

        def then(found: tuple[ColorClustering, Place]) -> None:
            clustering, place = found
            self._apply(clustering, origin, image, place)
            self.apply(clustering, origin, others)

        self._session.submit(Task(image, begin, then, is_run=True))

    def compare(self) -> None:
        """Compare the palettes of all images that have one, and tell by `compared`."""
        shown = [image for image in source_layers(self._viewer) if results.of(image) is not None]
        if len(shown) < 2:
            raise ValueError(
                f"A comparison needs at least two images with a palette, got {len(shown)}."
            )

        def begin() -> Callable[[list[Any], Progress], Any]:
            palettes = {image.name: results.of(image).palette for image in shown}
            return lambda data, progress: compare_palettes(palettes, progress=progress)

        self._session.submit(Task(shown[0], begin, self.compared.emit))

    def count_frames(self, image: Image, axis: int) -> None:
        """Count the shares of what is shown of an image, along an axis; see `counted_frames`."""

        def begin() -> Callable[[list[Any], Progress], Frames]:
            shown = self._session.present(image)
            if shown is None:
                raise ValueError("There are no shares to count: cluster the image first.")
            mask = None if shown.masks is None else shown.masks[0]
            size = pixel_size_of(image)

            def work(data: list[Any], progress: Progress) -> Frames:
                table = frame_shares(
                    *(shown.clustering, data[0], axis, mask), pixel_size=size, progress=progress
                )
                return Frames(image, axis, table, shown.min_pixels > 1)

            return work

        self._session.submit(Task(image, begin, self.counted_frames.emit))

    def close(self) -> None:
        """Say nothing any more."""
        self.compared.disconnect()
        self.counted_frames.disconnect()

    def _apply(
        self,
        clustering: ColorClustering,
        origin: tuple[str, ...],
        image: Image,
        place: Place | None = None,
    ) -> None:
        def begin() -> Callable[[list[Any], Progress], Painted]:
            masks, region = self._place(image) if place is None else place
            before = self._session.present(image)
            made = Segmentation(clustering) if before is None else before

            def work(data: list[Any], progress: Progress) -> Painted:
                histogram = self._session.counted.histogram(
                    image, data, part(progress, 0.0, 0.5), masks
                )
                shown = replace(
                    made,
                    clustering=clustering,
                    masks=masks,
                    region=region,
                    level=0,
                    applied=Applied(histogram, origin),
                )
                return shown.paint(data, part(progress, 0.5, 1.0))

            return work

        def then(painted: Painted) -> None:
            # Not what somebody looks at, but one of many: the panel must not go over to it.
            self._session.show_step(image, painted, select=place is not None)

        self._session.submit(Task(image, begin, then, is_run=True))

    def _place(self, image: Image) -> Place:
        shown = self._session.present(image)
        return (None, None) if shown is None else (shown.masks, shown.region)

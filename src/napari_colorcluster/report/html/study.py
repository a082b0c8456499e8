"""What a study does for its report: a part while each image is at hand, the rest at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.clustering.sampling import sample_systematically
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.studies.comparison import distances_to
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.whole_file import whole_file
from napari_colorcluster.core.support.words import counted
from napari_colorcluster.report.html.image import ReportImage, thumbnail_paths
from napari_colorcluster.report.html.thumbnails import make_thumbnails

_N_SAMPLED = 1 << 11
"""Pixels that residuals are estimated from: within some 0.1 ΔE2000, in a millisecond."""


def write_thumbnails(
    folder: Path,
    name: str,
    picture: Picture,
    clustering: ColorClustering,
    mask: Any = None,
    labels: Any = None,
    unfinished: Path | None = None,
) -> list[str]:
    """Write the thumbnails of an image while it is at hand.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the study.
    name : str
        The name of the image in results.
    picture, clustering, mask, labels
        As `make_thumbnails` takes them.
    unfinished : pathlib.Path, optional
        The folder of files that are not complete yet; by default that of the thumbnails.

    Returns
    -------
    list of str
        The files, from the folder on.
    """
    made = make_thumbnails(picture, clustering, mask, labels)
    photo, quantized = files = thumbnail_paths(name)
    (folder / photo).parent.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / photo, unfinished) as temporary:
        made.write_photo(temporary)
    with whole_file(folder / quantized, unfinished) as temporary:
        made.write_quantized(temporary)
    return list(files)


def estimate_residuals(clustering: ColorClustering, histogram: ColorHistogram) -> Residuals:
    """How far the pixels of an image are from the colors of their clusters, from a sample."""
    if histogram.n_colors > _N_SAMPLED:
        rows, counts = sample_systematically(histogram.counts, _N_SAMPLED, 0)
        histogram = ColorHistogram(histogram.colors[rows], counts)
    return clustering.residual_summary_of(histogram)


def report_image(
    name: str,
    path: str | Path,
    rows: Iterable[Sequence[Any]],
    *,
    group: str = "",
    notes: Iterable[str] = (),
    excluded: Mapping[str, int] | None = None,
    residuals: Sequence[float] | None = None,
) -> ReportImage:
    """Make what the report shows of an image of what a study has recorded of it.

    Parameters
    ----------
    name, path, group, notes, excluded
        As for `ReportImage`.
    rows : iterable of sequence
        Label, name, hex and pixels of each cluster.
    residuals : (float, float), optional
        The mean and the 95th percentile.
    """
    labels, names, hexes, pixels = zip(*rows, strict=True)
    colors = [tuple(bytes.fromhex(each[1:])) for each in hexes]
    return ReportImage(
        name,
        str(path),
        Palette(colors, pixels, names, labels),
        group,
        tuple(notes),
        excluded or {},
        residuals=residuals and Residuals(*residuals),
    )


def with_distances(
    images: Sequence[ReportImage], pool: Palette, progress: Progress = silent
) -> list[ReportImage]:
    """The same images with the distance of each palette to that of the pool."""
    distances = distances_to([image.palette for image in images], pool, progress=progress)
    return [
        replace(image, distance=float(distance))
        for image, distance in zip(images, distances, strict=True)
    ]


def facts_of(settings: Mapping[str, Any]) -> list[str]:
    """How colors were clustered, a few words each, from the settings of a clustering."""
    method, space = METHODS[settings["method"]].title, COLOR_SPACES[settings["color_space"]].title
    n_clusters = settings["n_clusters"]
    facts = [f"{method} in {space}"]
    if n_clusters == "auto":
        facts.append("suggested number of clusters")
    elif n_clusters is not None:
        facts.append(counted(n_clusters, "cluster"))
    if settings.get("calibration"):
        facts.append("calibrated")
    return facts


def given_facts(clustering: ColorClustering, source: str = "") -> list[str]:
    """What is said where a palette or a clustering was applied to images, a few words each.

    Parameters
    ----------
    clustering : ColorClustering
        What was applied; how it was made once, if it was, is not known of a palette.
    source : str, optional
        Where it is from, where that is known.
    """
    facts = [f'palette of "{source}" applied' if source else "given palette applied"]
    facts.append(counted(clustering.n_clusters, "cluster"))
    if clustering.settings.get("calibration"):
        facts.append("calibrated")
    return facts

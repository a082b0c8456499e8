"""The report of a study: what is made of each image, and the page at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.report.html.page import PAGE, write_report
from napari_colorcluster.report.html.study import (
    estimate_residuals,
    facts_of,
    given_facts,
    report_image,
    with_distances,
    write_thumbnails,
)
from napari_colorcluster.study.inputs.groups import by_folder
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.outputs.image_result import ImageResult
from napari_colorcluster.study.outputs.output import Output

__all__ = ["PAGE", "facts_of", "given_facts", "image_for_report", "write_study_report"]


def image_for_report(
    output: Output,
    source: Source,
    picture: Picture,
    clustering: ColorClustering,
    labels: Any,
    mask: Any,
    histogram: ColorHistogram,
) -> tuple[list[str], list[float]]:
    """Make what the report needs of an image while it is at hand.

    Returns
    -------
    files : list of str
        Its thumbnails.
    residuals : list of float
        Their mean and 95th percentile, as `write_study_report` takes them.
    """
    # Lazy labels would be computed as a whole for what is seen of them.
    seen = None if is_dask(labels) else labels
    shown = picture, clustering, mask, seen
    files = write_thumbnails(output.folder, source.name, *shown, output.unfinished)
    residuals = estimate_residuals(clustering, histogram)
    return files, [residuals.mean, residuals.percentile_95]


def write_study_report(
    output: Output,
    results: Mapping[str, ImageResult],
    groups: Mapping[str, Mapping[str, str]],
    facts: Sequence[str],
    pool: Palette | None,
    progress: Progress,
) -> None:
    """Write the report of all images that are done.

    Parameters
    ----------
    output : Output
        Where to.
    results : mapping of str to ImageResult
        The images by name.
    groups : mapping of str to mapping
        What each belongs to, of which the first column counts; by default the folder it is in.
    facts : sequence of str
        How the colors were clustered, as `write_report` takes it.
    pool : Palette or None
        That of the pool, where there is one.
    progress : callable
        Told the fraction done.
    """
    if not results:
        return
    sources = [
        Source(Path(result.location), name, result.folder) for name, result in results.items()
    ]
    several = len({source.path.parent for source in sources}) > 1
    if several and not any(groups.values()):
        groups = by_folder(sources)
    images = [
        report_image(
            *(name, result.path, result.rows),
            group=next(iter(groups.get(name, {}).values()), ""),
            notes=result.notes,
            excluded=result.excluded,
            residuals=result.residuals,
        )
        for name, result in results.items()
    ]
    if pool is not None:
        images = with_distances(images, pool, progress)
    write_report(output.folder, images, facts=facts, progress=progress)

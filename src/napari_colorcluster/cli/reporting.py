"""The report of a batch: what is made of each image, and the page at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from napari_colorcluster.cli.outputs import Output
from napari_colorcluster.cli.sources import Source
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.report.html.page import PAGE, write_report
from napari_colorcluster.report.html.study import (
    estimate_residuals,
    facts_of,
    report_image,
    with_distances,
    write_thumbnails,
)

__all__ = ["PAGE", "image_for_report", "write_batch_report"]


def image_for_report(
    output: Output,
    source: Source,
    picture: Picture,
    clustering: ColorClustering,
    histogram: ColorHistogram,
) -> tuple[list[str], list[float]]:
    """Make what the report needs of an image while it is at hand.

    Returns
    -------
    files : list of str
        Its thumbnails.
    residuals : list of float
        Their mean and 95th percentile, as `write_batch_report` takes them.
    """
    files = write_thumbnails(
        *(output.folder, source.name, picture, clustering), unfinished=output.unfinished
    )
    residuals = estimate_residuals(clustering, histogram)
    return files, [residuals.mean, residuals.percentile_95]


def write_batch_report(
    output: Output,
    done: Sequence[tuple[Source, Mapping[str, Any]]],
    settings: Mapping[str, Any],
    pool: Palette | None,
    progress: Progress,
) -> None:
    """Write the report of all images that are done, each with its result, grouped by folder."""
    if not done:
        return
    folders = {source.path.parent for source, _ in done}
    images = [
        report_image(
            *(source.name, source.path, result["rows"]),
            group=source.path.parent.name if len(folders) > 1 else "",
            notes=result["notes"],
            excluded=result["excluded"],
            residuals=result["residuals"],
        )
        for source, result in done
    ]
    if pool is not None:
        images = with_distances(images, pool, progress)
    write_report(output.folder, images, facts=facts_of(settings), progress=progress)

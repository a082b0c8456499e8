"""Writing a report: the page, and its data beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.whole_file import whole_file
from napari_colorcluster.report.html.data import as_script, report_data, same_clusters
from napari_colorcluster.report.html.figures import report_figures
from napari_colorcluster.report.html.image import FOLDER, ReportImage, readable

PAGE = "report.html"
"""The file name of the page."""

DATA = f"{FOLDER}/data.js"
"""Where its data are."""


def write_report(
    folder: str | os.PathLike[str],
    images: Sequence[ReportImage],
    *,
    title: str | None = None,
    facts: Sequence[str] = (),
    key: str | None = None,
    progress: Progress = silent,
) -> Path:
    """Write the report of a study, which any browser opens from disk.

    Parameters
    ----------
    folder : path-like
        The folder of the study, with the thumbnails of each image at `thumbnail_paths`. A report
        that is there already is replaced.
    images : sequence of ReportImage
        The images.
    title : str, optional
        By default the name of the folder.
    facts : sequence of str
        How the colors were clustered, a few words each.
    key : str, optional
        What the marks of a person are kept under in the browser; by default the folder tells, so
        that they are still there when the study has grown.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    pathlib.Path
        ``report.html`` in this folder. It needs ``report/`` beside it, and nothing else.

    Raises
    ------
    ValueError
        If there is no image.
    """
    if not images:
        raise ValueError("A report needs at least one image, got none.")
    folder = Path(folder)
    place = os.fsencode(folder.resolve())
    data = report_data(images, key or hashlib.sha256(place).hexdigest()[:16])
    page = (
        _environment()
        .get_template("page.html")
        .render(
            title=readable(title or folder.resolve().name),
            facts=[*map(readable, facts), *_kind(images)],
            n_images=len(images),
            figures=report_figures(images, progress),
            data=DATA,
            version=__version__,
        )
    )
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in ((DATA, as_script(data)), (PAGE, page)):
        with whole_file(folder / name) as unfinished:
            unfinished.write_text(text, "utf-8", newline="\n")
    return folder / PAGE


def _kind(images: Sequence[ReportImage]) -> list[str]:
    """What palettes the images have."""
    if len(images) == 1:
        return []
    return ["one palette for all" if same_clusters(images) else "a palette for each image"]


def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("napari_colorcluster.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

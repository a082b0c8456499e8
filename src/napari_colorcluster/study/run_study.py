"""What a script calls: a study from a few arguments, and again from its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.study.driver import OnMessage, Study, run
from napari_colorcluster.study.inputs.sources import Sources, find_sources
from napari_colorcluster.study.record import RECORD, Record
from napari_colorcluster.study.settings import study_settings
from napari_colorcluster.study.workers.on_threads import N_JOBS
from napari_colorcluster.study.workers.outcome import Message


def run_study(
    paths: str | Path | Iterable[str | Path],
    folder: str | Path,
    n_clusters: int | str | None = DEFAULT_N_CLUSTERS,
    *,
    recursive: bool = False,
    groups: str | Path | Mapping[str, Mapping[str, str]] | None = None,
    resume: bool = False,
    n_jobs: int = N_JOBS,
    client: Any = None,
    progress: Progress = silent,
    on_message: OnMessage = lambda message: None,
    **settings: Any,
) -> Study:
    """Cluster the colors of many image files, and write images and tables; as the command does.

    Each image gets a labels image, a quantized image and its rows of ``shares.csv``; ``study.json``
    says what all was made of. Results that are in the folder already stay, and are in the tables
    too, if they were made with the same settings. Files are written whole or not at all, and one
    run at a time has the folder: another one waits.

    Parameters
    ----------
    paths : path-like or iterable of path-like
        Images, zarrs, folders of them, or patterns such as ``"photos/*.png"``.
    folder : path-like
        Where results are written; not where the images are.
    n_clusters : int, "auto" or None, default 5
        As in `cluster_colors`.
    recursive : bool, default False
        Search the folders in folders too. The sub-folder is part of an image's name then.
    groups : "folder", pattern, path-like or mapping, optional
        What each image belongs to, as columns of the tables: its folder; the part in parentheses
        of a pattern for its name, such as ``"(*)_*"``; what a CSV file with a column ``image``
        says; or, by the name of the image, the value for each column.
    resume : bool, default False
        Skip images whose results were made from the same files with the same settings.
    n_jobs : int, default 2
        How many images are worked on at a time.
    client : distributed.Client, optional
        Work on the cluster of this client instead. Its workers need to reach the images and the
        folder by the same paths.
    progress : callable, optional
        Told ``(fraction, what)`` as the work goes on. To stop it, let it raise
        `napari_colorcluster.Cancelled`: what is done by then is kept, for ``resume=True``.
    on_message : callable, optional
        Called with each message, whose ``str`` is what a person should know: an image that is
        skipped, a note on how one was read.
    **settings
        Of the study: ``pool`` ("pixels" or "equal"), ``clustering`` (a saved one to apply),
        ``masks`` and ``objects`` (folders of label images of the same names), ``ignore`` (such as
        ``["#ffffff:10:border"]``), ``pattern`` (True to measure it), ``report`` (True to write
        one), ``format`` ("tiff", with PNG, or "ome-zarr"), ``svg`` (True for quantized images as
        SVG, too), ``represent`` (as `ColorClustering.represent` takes it) and ``pixel_size`` (such
        as ``"0.5um"``). And those of `cluster_colors`, from ``method`` on.

    Returns
    -------
    Study
        What was done and what was skipped; its ``to_dataframe()`` is the table of shares.

    Raises
    ------
    ValueError
        Where an argument is not allowed, there is no image, or the folder has results that would
        be mixed up with these.
    OSError
        Where the folder cannot be written to.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    checked = study_settings(n_clusters, **settings)
    sources = find_sources(paths, recursive=recursive, folder=Path(folder))
    if not sources.images:
        raise ValueError(f"There are no images in {', '.join(map(str, paths))}.")
    return run(
        *(checked, sources, folder),
        groups=groups,
        resume=resume,
        n_jobs=n_jobs,
        client=client,
        progress=progress,
        on_message=on_message,
    )


def rerun_study(
    record: str | Path,
    folder: str | Path | None = None,
    *,
    resume: bool = False,
    n_jobs: int = N_JOBS,
    client: Any = None,
    progress: Progress = silent,
    on_message: OnMessage = lambda message: None,
) -> Study:
    """Run a study again: with the images, settings and groups of its record.

    Parameters
    ----------
    record : path-like
        The file ``study.json`` of the study.
    folder : path-like, optional
        Where results are written; by default where they were.
    resume, n_jobs, client, progress, on_message
        As for `run_study`. Of files that are not what they were, there is a message.

    Returns
    -------
    Study

    Raises
    ------
    ValueError
        Where the file is no record, or as `run_study` does.
    OSError
        Where it cannot be read, or the folder cannot be written to.
    """
    before = Record.read(Path(record))
    folder = Path(record).parent if folder is None else Path(folder)
    study = run(
        *(before.settings, Sources(before.sources()), folder),
        groups=before.groups,
        resume=resume,
        n_jobs=n_jobs,
        client=client,
        progress=progress,
        on_message=on_message,
    )
    after = Record.read(study.folder / RECORD).images
    for source in before.sources():
        expected = before.images[source.name]["checksums"]
        found = after[source.name]["checksums"] if source.name in after else expected
        for what in (what for what in expected if found.get(what) != expected[what]):
            text = f"Its {what} is not the file that it was in the study."
            on_message(Message("warning", text, source))
    return study

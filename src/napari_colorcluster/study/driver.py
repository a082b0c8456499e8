"""A whole study: images found, worked on and put into tables, by threads or a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from napari_colorcluster import __version__
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import fewer_colors
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.extras import library
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.study.inputs.groups import find_groups
from napari_colorcluster.study.inputs.naming import printable
from napari_colorcluster.study.inputs.sources import Source, Sources
from napari_colorcluster.study.one_image import ImageWork
from napari_colorcluster.study.outputs.image_result import ImageResult
from napari_colorcluster.study.outputs.output import Output
from napari_colorcluster.study.outputs.shares_table import SHARES_TABLE, shares_table
from napari_colorcluster.study.record import RECORD, Record
from napari_colorcluster.study.reporting import facts_of, given_facts, write_study_report
from napari_colorcluster.study.settings import StudySettings
from napari_colorcluster.study.workers.on_threads import N_JOBS, OnThreads
from napari_colorcluster.study.workers.outcome import Message, Outcome, Task

if TYPE_CHECKING:
    import pandas as pd

OnMessage = Callable[[Message], None]
"""Called with what a person should know, possibly from several threads."""


class Workers(Protocol):
    """What works on the images: `OnThreads` or `OnDask`."""

    def map(self, task: Task, sources: Sequence[Source], step: str) -> list[Outcome]:
        """Do a task with each image; outcomes are in the order of the images."""

    def add_up(
        self, task: Task, sources: Sequence[Source], step: str
    ) -> tuple[ColorHistogram, list[Source]]:
        """Add up the histograms that a task gives; also the images that are in the sum."""


@dataclass(frozen=True)
class Study:
    """What a study has done.

    Attributes
    ----------
    folder : pathlib.Path
        Where the results are.
    done : tuple of str
        The names of the images that were written, or had been by an earlier run.
    skipped : tuple of Message
        Those that were not, and why.
    left_out : mapping of str to int
        What was passed over in folders, in words, and how often.
    """

    folder: Path
    done: tuple[str, ...]
    skipped: tuple[Message, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """What was passed over, in a sentence, such as ``"Left out: 6 .txt, 2 folders."``."""
        return Sources((), self.left_out).summary

    def to_dataframe(self) -> pd.DataFrame:
        """The table of shares of all images in the folder."""
        import pandas as pd

        return pd.read_csv(
            self.folder / SHARES_TABLE, keep_default_na=False, na_values={"area": ""}
        )


def check_places(images: Iterable[Source], folder: Path, what: str = "folder") -> None:
    """Check that results in a folder can replace no image, nor be taken for one.

    Parameters
    ----------
    images : iterable of Source
        The images.
    folder : pathlib.Path
        Where results are to be written.
    what : str, default "folder"
        What the argument is called.

    Raises
    ------
    ValueError
        Where they could, or where the folder is a file.
    """
    if folder.is_file():
        raise ValueError(f"{what} must be a folder, got the file {printable(folder)}.")
    results = folder.resolve()
    for source in images:
        image = Path(os.path.realpath(source.path))
        given = Path(os.path.realpath(source.path.parent))
        if results in (given, image.parent) or results.is_relative_to(image):
            raise ValueError(
                f"{what} must be another folder than that of the images, got {printable(folder)}: "
                "results could replace images, and the next run would take them for images."
            )


def run(
    settings: StudySettings,
    sources: Sources,
    folder: str | Path,
    *,
    groups: str | Path | Mapping[str, Mapping[str, str]] | None = None,
    resume: bool = False,
    n_jobs: int = N_JOBS,
    client: Any = None,
    progress: Progress = silent,
    on_message: OnMessage = lambda message: None,
) -> Study:
    """Run a study with settings and images that are known; see `run_study`."""
    images = sources.images
    check_places(images, Path(folder))
    if not isinstance(groups, Mapping):
        groups = find_groups(groups, images)
    if groups:
        # What an earlier run said of them does not count where this one says nothing.
        groups = {source.name: {} for source in images} | dict(groups)
    # Workers on other machines, and threads after a change of folder, find it by its full path.
    output = Output(Path(folder).resolve())
    skipped: list[Message] = []

    def on_outcome(outcome: Outcome) -> None:
        if outcome.message is not None:
            skipped.append(outcome.message)
            on_message(outcome.message)
        elif isinstance(outcome.result, ImageResult):
            for kind, texts in outcome.result.messages.items():
                for text in texts:
                    on_message(Message(kind, text, outcome.source))

    def on_wait(holder: str) -> None:
        text = f"Waiting for another run in {output.folder} ({holder})."
        on_message(Message("waiting", text))

    workers: Workers = OnThreads(progress, on_outcome, n_jobs)
    if client is not None:
        library("distributed", "client needs dask.distributed", "cluster")
        from napari_colorcluster.study.workers.on_dask import OnDask

        workers = OnDask(client, progress, on_outcome)
    with output.opened(on_wait):
        others = _others(output, settings, images)
        groups = {**_earlier_groups(output, settings), **groups}
        output.make_folders(source.name for source in images)
        work = ImageWork(settings, output, resume, len(images))
        results, pooled = _results(work, workers, images, on_message)
        kept = _kept(output, settings, skipped, on_message)
        together = dict(sorted({**others, **kept, **results}.items()))
        groups = _groups_of_all(together, groups)
        if settings.report:
            pool = None if pooled is None else pooled.palette
            facts = _facts(settings, pooled)
            write_study_report(output, together, groups, facts, pool, progress)
        _write_tables(work, together, groups)
    return Study(output.folder, tuple(sorted(results)), tuple(skipped), sources.left_out)


def _results(
    work: ImageWork, workers: Workers, images: Sequence[Source], on_message: OnMessage
) -> tuple[dict[str, ImageResult], ColorClustering | None]:
    """Work on all images, for a pool in two passes; results by name, and the pool's clusters."""
    settings = work.settings
    if settings.pool is not None:
        total, images = workers.add_up(work.count, images, "Counting colors")
        if images:
            clustering = settings.cluster(total)
            if fewer := fewer_colors(settings.n_clusters, clustering):
                on_message(Message("warning", fewer))
            work = replace(work, clustering=clustering)
    outcomes = workers.map(work.process, images, "Writing images")
    done = {each.source.name: each.result for each in outcomes if each.reason is None}
    return done, work.clustering


def _facts(settings: StudySettings, pooled: ColorClustering | None) -> list[str]:
    """How the colors of a study are clustered, in a few words each."""
    if settings.clustering is not None:
        return given_facts(settings.clustering)
    how = settings.how.to_dict(settings.n_clusters)
    return facts_of(how if pooled is None else pooled.settings)


def _others(
    output: Output, settings: StudySettings, images: Sequence[Source]
) -> dict[str, ImageResult]:
    """The results of other images in the folder, which stay beside those of this run.

    Raises
    ------
    ValueError
        Where this run would mix up its results with those, or replace them.
    """
    records, own = output.records(), {source.name: source for source in images}
    for name, source in own.items():
        if name in records and _is_another(records[name], source):
            raise ValueError(
                f"{printable(output.folder)} has results of another image named "
                f"{printable(name)}, {printable(records[name]['result']['location'])}: give "
                "another folder."
            )
    others = {name: record for name, record in records.items() if name not in own}
    expected = __version__, settings.digest()
    made = {(each["key"]["version"], each["key"]["study"]) for each in others.values()}
    if others and (settings.pool is not None or made != {expected}):
        why = (
            "a pool has one palette for all of its images: name them all"
            if settings.pool is not None
            else "they were made with other settings: use the same, name all images"
        )
        raise ValueError(
            f"{printable(output.folder)} has results of {len(others):,} other images, such as "
            f"{printable(min(others))}, and {why}, or give another folder."
        )
    return {name: ImageResult.from_dict(each["result"]) for name, each in others.items()}


def _kept(
    output: Output, settings: StudySettings, skipped: Iterable[Message], on_message: OnMessage
) -> dict[str, ImageResult]:
    """The results that images that are skipped have of an earlier run with the same settings."""
    if settings.pool is not None:
        return {}
    kept, how = {}, {"version": __version__, "study": settings.digest()}
    for source in (message.source for message in skipped if message.source is not None):
        result = output.recorded(source.name, how)
        if result is not None:
            kept[source.name] = ImageResult.from_dict(result)
            text = "Its results of an earlier run stay in the tables."
            on_message(Message("warning", text, source))
    return kept


def _is_another(record: Mapping[str, Any], source: Source) -> bool:
    """Whether a record is that of another image, which was not merely moved."""
    if record["result"]["location"] == str(source.path.absolute()):
        return False
    try:
        return record["key"]["state"]["image"] != source.state()
    except OSError:
        # It will be skipped, and replaces nothing.
        return False


def _write_tables(
    work: ImageWork, results: Mapping[str, ImageResult], groups: Mapping[str, Mapping[str, str]]
) -> None:
    """Write the tables and the record of all images in the folder, sorted by name."""
    output, settings = work.output, work.settings
    table = shares_table(results, groups)
    # File names need not be valid text.
    how = {"index": False, "lineterminator": "\n", "errors": "backslashreplace"}
    output.write(SHARES_TABLE, lambda path: table.to_csv(path, **how))
    settings.measures.join(output, results, groups)
    output.write(RECORD, Record.of(settings, results, groups).write)


def _groups_of_all(
    results: Mapping[str, ImageResult], groups: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """What each image belongs to, with all columns for all."""
    columns = dict.fromkeys(column for name in results for column in groups.get(name, ()))
    return {name: dict.fromkeys(columns, "") | groups.get(name, {}) for name in results}


def _earlier_groups(output: Output, settings: StudySettings) -> dict[str, Mapping[str, str]]:
    """What images belong to by the record of an earlier run; one of other settings is removed.

    One of the same settings stays until the new one is written: a run that is killed can be run
    again from it.
    """
    try:
        earlier = Record.read(output.folder / RECORD)
    except (OSError, ValueError):
        return {}
    if earlier.settings.digest() != settings.digest():
        output.remove(RECORD)
    return earlier.groups

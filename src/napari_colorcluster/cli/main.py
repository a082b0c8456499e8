"""The command ``napari-colorcluster``: from arguments to a study, progress bars and exit code."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_colorcluster.cli.arguments import command_parser
from napari_colorcluster.cli.dask_client import dask_client
from napari_colorcluster.core.support.reading_files import system_error
from napari_colorcluster.core.support.words import counted

if TYPE_CHECKING:
    from napari_colorcluster.study.driver import Study
    from napari_colorcluster.study.settings import StudySettings
    from napari_colorcluster.study.workers.outcome import Message

_FLAGS = {
    "n_clusters": "-k",
    "random_state": "--seed",
    "color_space": "--space",
    "lightness_weight": "--lightness-weight",
    "min_alpha": "--min-alpha",
    "max_distance": "--max-distance",
}
"""Keywords of `cluster_colors` that the command calls otherwise."""

DONE, SOME_FAILED, STOPPED = 0, 1, 130
"""Exit codes; argparse adds 2 for wrong arguments."""

_BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:.0f} of {total:.0f} [{elapsed}<{remaining}]"
"""Counts images, but shows the percentage of a single large one as well."""

_HOW_TO_CLUSTER = (
    *("k", "method", "space", "standardize"),
    *("lightness_weight", "option", "seed", "pool"),
    *("min_alpha", "calibration", "white"),
)
"""Arguments that say how to cluster, which a saved palette excludes."""

_ALSO_AGAIN = {"images", "output", "resume", "jobs", "dask", "verbose"}
"""Arguments that go with the record of a study; the others are in it."""

_Run = Callable[..., "Study"]
"""A study that is ready to be run: takes the client, the progress and what is told."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default, those that the process was started with.

    Returns
    -------
    int
        0: all images are done; 1: some were skipped, or nothing could be written; 130: interrupted
        from the keyboard. Wrong arguments exit the process with 2.
    """
    # Imported late: --help should not wait for the numerical libraries.
    parser = command_parser()
    given = parser.parse_args(arguments)
    with warnings.catch_warnings():
        warnings.showwarning = _print_warning
        return _run(given, parser)


def _run(given: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    try:
        with ExitStack() as stack:
            try:
                n_images, run = _again(given, parser) if _is_record(given) else _anew(given)
                client = stack.enter_context(dask_client(given.dask))
            except (ValueError, OSError) as error:
                parser.error(_with_flag(_in_words(error)))
            return _report(partial(run, client=client), n_images, given)
    except (ValueError, OSError) as error:
        print(f"napari-colorcluster: {_in_words(error)}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("Stopped; run again with --resume to continue.", file=sys.stderr)
        return STOPPED


def _is_record(given: argparse.Namespace) -> bool:
    return len(given.images) == 1 and given.images[0].lower().endswith(".json")


def _anew(given: argparse.Namespace) -> tuple[int, _Run]:
    """The number of images and the study that the arguments ask for; checked."""
    from napari_colorcluster.study.driver import check_places, run
    from napari_colorcluster.study.inputs.groups import find_groups
    from napari_colorcluster.study.inputs.naming import printable
    from napari_colorcluster.study.inputs.sources import find_sources, only_named

    if given.output is None:
        raise ValueError("the following arguments are required: -o/--output")
    folder = Path(given.output)
    settings = _settings(given)
    sources = find_sources(given.images, recursive=given.recursive, folder=folder)
    check_places(sources.images, folder, "--output")
    if not sources.images:
        where = ", ".join(map(printable, given.images))
        raise ValueError(f"There are no images in {where}. {sources.summary}".rstrip())
    if given.only:
        sources, gone = only_named(sources, given.only)
        _tell_some(given.only, "names {} that are not among the images", gone)

    def tell_unused(rows: list[str]) -> None:
        # A table of the whole study goes with a part of it that was chosen.
        if not given.only:
            _tell_some(given.groups, "has {} that are not among the images", rows)

    groups = find_groups(given.groups, sources.images, tell_unused)
    unknown = [source.name for source in sources.images if source.name not in groups]
    if given.groups:
        _tell_some(given.groups, "does not say what {} of the images belong to", unknown)
    return len(sources.images), partial(run, settings, sources, folder, groups=groups)


def _again(given: argparse.Namespace, parser: argparse.ArgumentParser) -> tuple[int, _Run]:
    """The number of images and the study that a record asks for; checked."""
    from napari_colorcluster.study.record import Record
    from napari_colorcluster.study.run_study import rerun_study

    own = set(vars(given)) - _ALSO_AGAIN
    extra = [_flag(name) for name in own if getattr(given, name) != parser.get_default(name)]
    if extra:
        raise ValueError(
            f"{given.images[0]} says how the images are clustered, and does not go with "
            f"{', '.join(sorted(extra))}."
        )
    path = Path(given.images[0])
    return len(Record.read(path).images), partial(rerun_study, path, given.output)


def _report(run: _Run, n_images: int, given: argparse.Namespace) -> int:
    """Run a study with progress bars; print what happens, and how it ended."""
    from tqdm import tqdm

    from napari_colorcluster.study.inputs.naming import printable
    from napari_colorcluster.study.workers.on_threads import N_JOBS

    bars: dict[str, tqdm] = {}

    def progress(fraction: float, step: str) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            # `disable=None`: no bar unless the output is a terminal.
            bars[step] = tqdm(desc=step, total=n_images, bar_format=_BAR, disable=None)
        bar = bars[step]
        bar.update(fraction * bar.total - bar.n)

    def tell(message: Message) -> None:
        if message.kind != "note" or given.verbose:
            _print(str(message))

    try:
        how = {"resume": given.resume, "n_jobs": given.jobs or N_JOBS}
        study = run(progress=progress, on_message=tell, **how)
    finally:
        for bar in bars.values():
            bar.close()
    done = (
        f"{len(study.done):,} of {counted(n_images, 'image')} written to {printable(study.folder)}"
    )
    _print(done, study.summary)
    return SOME_FAILED if study.skipped else DONE


def _settings(given: argparse.Namespace) -> StudySettings:
    """What is done with each image; raises `ValueError` if arguments do not go together."""
    from napari_colorcluster.core.color.checks import check_color
    from napari_colorcluster.core.files.calibrations import read_calibration
    from napari_colorcluster.core.files.palettes import read_as_clustering
    from napari_colorcluster.study.settings import study_settings

    for flag, folder in (("--objects", given.objects), ("--mask", given.mask)):
        if folder and not Path(folder).is_dir():
            raise ValueError(f"{flag} must be a folder of label images, got {folder}.")
    if given.weights and not given.pool:
        raise ValueError("--weights needs --pool: it says how much each image counts in the pool.")
    if given.cmyk_profile and not given.palette:
        raise ValueError("--cmyk-profile needs --palette: it says what the palette's inks are.")
    study: dict[str, Any] = {
        "format": given.format,
        "ignore": given.ignore,
        "masks": given.mask,
        "max_distance": given.max_distance,
        "objects": given.objects,
        "pattern": given.pattern,
        "pixel_size": given.pixel_size,
        "report": given.report,
        "represent": given.represent,
        "svg": given.svg,
    }
    if given.palette:
        extra = [name for name in _HOW_TO_CLUSTER if getattr(given, name) not in (None, False, [])]
        if extra:
            raise ValueError(
                f"--palette is a saved clustering and does not go with "
                f"{', '.join(_flag(name) for name in extra)}."
            )
        palette = read_as_clustering(given.palette, cmyk_profile=given.cmyk_profile)
        return study_settings(clustering=palette, **study)
    how = {
        "method": given.method,
        "color_space": given.space,
        "standardize": given.standardize,
        "lightness_weight": given.lightness_weight,
        "random_state": given.seed,
        "min_alpha": given.min_alpha,
        "calibration": read_calibration(given.calibration) if given.calibration else None,
        "white": None if given.white is None else check_color(given.white),
        "pool": (given.weights or "pixels") if given.pool else None,
    }
    how = {name: value for name, value in how.items() if value is not None}
    settings = study_settings(**how, **study, **dict(given.option))
    if given.k is None:
        return settings
    if settings.how.build_method().finds_n_clusters:
        raise ValueError(
            f"Method {settings.how.method!r} finds the number of clusters itself: leave out -k, "
            f"got -k {given.k}."
        )
    return replace(settings, n_clusters=given.k)


def _print(*lines: str) -> None:
    from tqdm import tqdm

    for line in filter(None, lines):
        tqdm.write(line, file=sys.stderr)


def _tell_some(table: str, what: str, names: Sequence[str]) -> None:
    """Print what a table says of some images, such as the first; nothing where there are none."""
    from napari_colorcluster.study.inputs.naming import printable

    if names:
        told = f"{printable(table)} {what.format(f'{len(names):,}')}"
        _print(f"{told}, such as {printable(names[0])}.")


def _print_warning(message: Any, *_: Any, **__: Any) -> None:
    """Print what the library warns of as one line, in place of Python's with its source."""
    _print(f"napari-colorcluster: {message}")


def _in_words(error: Exception) -> str:
    """What an error says; of the system's, the file and the reason, without its number."""
    from napari_colorcluster.study.inputs.naming import printable

    if isinstance(error, OSError):
        error = system_error(error)
        if error.strerror and error.filename is not None:
            return f"{printable(error.filename)}: {error.strerror}."
    return str(error)


def _with_flag(message: str) -> str:
    """A message of the library, behind the argument that it is about."""
    keyword = message.partition(" ")[0].partition("=")[0]
    return f"argument {_FLAGS[keyword]}: {message}" if keyword in _FLAGS else message


def _flag(name: str) -> str:
    return "-k" if name == "k" else f"--{name.replace('_', '-')}"

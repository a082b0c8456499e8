"""The command ``napari-colorcluster``: arguments, progress bars and exit code."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS, Settings
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.reading import MIN_ALPHA

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
    from napari_colorcluster.cli.sources import find_sources, only_named

    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        batch = _batch(given)
        sources = find_sources(given.images)
        output = Path(given.output).resolve()
        if any(_would_overwrite(output, source.path) for source in sources):
            raise ValueError(
                f"--output must be another folder than that of the images, got {given.output}: "
                "results could replace images, and the next run would take them for images."
            )
        if not sources:
            raise ValueError(f"There are no images in {', '.join(given.images)}.")
        if given.only:
            sources = only_named(sources, given.only)
    except (ValueError, OSError) as error:
        parser.error(_with_flag(str(error)))
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _print_warning
            return _run(batch, sources)
    except (ValueError, OSError) as error:
        print(f"napari-colorcluster: {error}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("Stopped; run again with --resume to continue.", file=sys.stderr)
        return STOPPED


def _would_overwrite(output: Path, image: Path) -> bool:
    """Whether results in this folder could replace the image, or be written into it, a zarr."""
    resolved = image.resolve()
    return output in (image.parent.resolve(), resolved.parent) or output.is_relative_to(resolved)


def _run(batch: Any, sources: list[Any]) -> int:
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def progress(fraction: float, step: str) -> None:
        if step not in bars:
            for bar in bars.values():
                bar.close()
            # `disable=None`: no bar unless the output is a terminal.
            bars[step] = tqdm(desc=step, total=len(sources), bar_format=_BAR, disable=None)
        bar = bars[step]
        bar.update(fraction * bar.total - bar.n)

    def warn(failure: Any) -> None:
        tqdm.write(f"Skipped {failure.source.path}: {failure.reason}", file=sys.stderr)

    try:
        failures = batch.run(sources, progress, warn)
    finally:
        for bar in bars.values():
            bar.close()
    n_done = len(sources) - len(failures)
    print(f"{n_done} of {len(sources)} images written to {batch.output.folder}", file=sys.stderr)
    return SOME_FAILED if failures else DONE


def _batch(given: argparse.Namespace) -> Any:
    """Make the batch; raises `ValueError` if arguments do not go together."""
    from napari_colorcluster.cli.batch import Batch
    from napari_colorcluster.cli.outputs import Output
    from napari_colorcluster.cli.patterns import Measures
    from napari_colorcluster.core.color.checks import check_color
    from napari_colorcluster.core.files.calibrations import read_calibration
    from napari_colorcluster.core.files.palettes import read_as_clustering
    from napari_colorcluster.core.studies.pooling import check_weights

    clustering = None
    if given.palette:
        extra = [name for name in _HOW_TO_CLUSTER if getattr(given, name) not in (None, False, [])]
        if extra:
            raise ValueError(
                f"--palette is a saved clustering and does not go with "
                f"{', '.join(_flag(name) for name in extra)}."
            )
        clustering = read_as_clustering(given.palette)
        if given.max_distance is not None:
            clustering = clustering.leave_out_beyond(given.max_distance)
    if given.weights and not given.pool:
        raise ValueError("--weights needs --pool: it says how much each image counts in the pool.")
    settings = Settings(
        method=given.method or "kmeans",
        color_space=given.space or "lab",
        standardize=given.standardize,
        lightness_weight=1.0 if given.lightness_weight is None else given.lightness_weight,
        random_state=given.seed or 0,
        options=dict(given.option),
        min_alpha=MIN_ALPHA if given.min_alpha is None else given.min_alpha,
        calibration=read_calibration(given.calibration) if given.calibration else None,
        white=None if given.white is None else check_color(given.white),
        max_distance=given.max_distance,
    )
    if given.pool:
        check_weights(given.weights or "pixels", settings.options)
    n_clusters = DEFAULT_N_CLUSTERS if given.k is None else given.k
    if given.k is not None and settings.build_method().finds_n_clusters:
        raise ValueError(
            f"Method {settings.method!r} finds the number of clusters itself: leave out -k, got "
            f"-k {given.k}."
        )
    if n_clusters != "auto":
        n_clusters = settings.check_n_clusters(n_clusters)
    if given.objects and not Path(given.objects).is_dir():
        raise ValueError(f"--objects must be a folder of label images, got {given.objects}.")
    measures = None
    if given.pattern or given.objects:
        measures = Measures(given.pattern, Path(given.objects) if given.objects else None)
    return Batch(
        Output(Path(given.output)),
        settings,
        n_clusters,
        pool=(given.weights or "pixels") if given.pool else None,
        clustering=clustering,
        resume=given.resume,
        lengths=given.pixel_size,
        on_note=_print_note if given.verbose else None,
        measures=measures,
        report=given.report,
        on_warning=_print_note,
    )


def _print_note(source: Any, note: str) -> None:
    from tqdm import tqdm

    of = "All images together" if source is None else source.path
    tqdm.write(f"{of}: {note}", file=sys.stderr)


def _print_warning(message: Any, *_: Any, **__: Any) -> None:
    """Print what the library warns of as one line, in place of Python's with its source."""
    from tqdm import tqdm

    tqdm.write(f"napari-colorcluster: {message}", file=sys.stderr)


def _with_flag(message: str) -> str:
    """A message of the library, behind the argument that it is about."""
    keyword = message.partition(" ")[0].partition("=")[0]
    return f"argument {_FLAGS[keyword]}: {message}" if keyword in _FLAGS else message


def _flag(name: str) -> str:
    return "-k" if name == "k" else f"--{name.replace('_', '-')}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="napari-colorcluster",
        description="Cluster the colors of images. Writes a quantized image and a labels image for "
        "each, and one table, shares.csv, with the share of each cluster in each image.",
        epilog="Exit code: 0 if all images are done, 1 if some were skipped, 2 if arguments are "
        "wrong.",
    )
    add = parser.add_argument
    add("images", nargs="+", metavar="IMAGE", help="an image, a zarr, or a folder of them")
    add("-o", "--output", required=True, metavar="FOLDER", help="folder for the results")
    add("-k", type=_n_clusters, help=f"number of clusters, or auto (default {DEFAULT_N_CLUSTERS})")
    add("--method", choices=list(METHODS), help="clustering method (default kmeans)")
    add("--space", choices=list(COLOR_SPACES), help="color space in which to cluster (default lab)")
    add("--standardize", action="store_true", help="scale each axis of the space to unit variance")
    add("--lightness-weight", type=float, metavar="X", help="weight of lightness (default 1)")
    add(
        "--option",
        type=_option,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the method, such as linkage=average; can be repeated",
    )
    add(
        "--calibration",
        metavar="FILE",
        help="calibrate the colors of all images, by a color card: a calibration saved as JSON",
    )
    add("--white", metavar="COLOR", help="with --space od: the empty background, such as #f0ebf0")
    add(
        "--min-alpha",
        type=float,
        metavar="X",
        help="least alpha of a pixel that takes part, 0 to 1 (default 0.5)",
    )
    add(
        "--max-distance",
        type=float,
        metavar="X",
        help="leave out colors that differ from that of their cluster by more than this, in "
        "CIEDE2000; also with --palette",
    )
    add("--seed", type=int, help="random seed (default 0)")
    add("--pool", action="store_true", help="one palette for all images, instead of one for each")
    add(
        "--weights",
        choices=["pixels", "equal"],
        help="with --pool: weight images by their pixels (default) or equally",
    )
    add(
        "--palette",
        metavar="FILE",
        help="apply a saved clustering or palette (JSON, CSV, GPL, ASE, ...) to all images",
    )
    add(
        "--pixel-size",
        type=_lengths,
        metavar="X",
        help="side length of a pixel, for areas, instead of that in the files: 0.5, 0.5um, or "
        "0.5x0.5x2um for voxels",
    )
    add(
        "--pattern",
        action="store_true",
        help="measure how the clusters lie: the indices go to pattern.csv, each connected patch to "
        "patches.csv",
    )
    add(
        "--objects",
        metavar="FOLDER",
        help="label images of the same names, in which each number is an object (0: none): shares "
        "of each object go to objects.csv; with --pattern, each object is measured by itself",
    )
    add(
        "--report",
        action="store_true",
        help="write report.html: all images beside their clusters, to look at in a browser, sort "
        "and mark",
    )
    add(
        "--only",
        metavar="FILE",
        help="process only the images that a CSV file names in its column image, such as the marks "
        "saved from a report",
    )
    add("--resume", action="store_true", help="skip images that are done with the same settings")
    add("--verbose", action="store_true", help="print what was done or assumed to read images")
    add("--version", action="version", version=__version__)
    return parser


def _n_clusters(text: str) -> int | str:
    if text == "auto":
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number or auto, got {text!r}") from None


def _lengths(text: str) -> Any:
    from napari_colorcluster.core.files.pictures.lengths import parse_lengths

    try:
        return parse_lengths(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, got {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value

"""The command ``napari-colorcluster``: its arguments, its progress bar, its exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS, Settings
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS

DONE, SOME_FAILED, USAGE, STOPPED = 0, 1, 2, 130
"""What the command exits with."""

_BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:.0f} of {total:.0f} [{elapsed}<{remaining}]"
"""How progress is shown: of images, also where there is but a large one."""

_CLUSTERS = ("k", "method", "space", "standardize", "lightness_weight", "option", "seed", "pool")
"""Arguments that say how to cluster: there is nothing to say where a palette is given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those the process was started with.

    Returns
    -------
    int
        0: all images are done; 1: some were skipped, or nothing could be written; 130: stopped
        from the keyboard. Wrong arguments end the process with 2.
    """
    # Late: asking for help should not take as long as loading the libraries.
    from napari_colorcluster.cli.sources import find_sources

    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        batch = _batch(given)
        sources = find_sources(given.images)
        output = Path(given.output).resolve()
        if any(_is_in_the_way(output, source.path) for source in sources):
            raise ValueError(
                f"--output must be another folder than the images', got {given.output}: results "
                "could replace them, and would be images of the next run."
            )
        if not sources:
            raise ValueError(f"There are no images in {', '.join(given.images)}.")
    except (ValueError, OSError) as error:
        parser.error(str(error))
    try:
        return _run(batch, sources)
    except (ValueError, OSError) as error:
        print(f"napari-colorcluster: {error}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("Stopped. With --resume, what is done is not done again.", file=sys.stderr)
        return STOPPED


def _is_in_the_way(output: Path, image: Path) -> bool:
    """Whether results in this folder could replace the image, or lie within it, a zarr."""
    whole = image.resolve()
    return output in (image.parent.resolve(), whole.parent) or output.is_relative_to(whole)


def _run(batch: Any, sources: list[Any]) -> int:
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def progress(fraction: float, what: str) -> None:
        if what not in bars:
            for bar in bars.values():
                bar.close()
            # Where nobody watches, in a file, there is no bar.
            bars[what] = tqdm(desc=what, total=len(sources), bar_format=_BAR, disable=None)
        bar = bars[what]
        bar.update(fraction * bar.total - bar.n)

    def report(failure: Any) -> None:
        tqdm.write(f"Skipped {failure.source.path}: {failure.reason}", file=sys.stderr)

    try:
        failures = batch.run(sources, progress, report)
    finally:
        for bar in bars.values():
            bar.close()
    n_done = len(sources) - len(failures)
    print(f"{n_done} of {len(sources)} images written to {batch.output.folder}", file=sys.stderr)
    return SOME_FAILED if failures else DONE


def _batch(given: argparse.Namespace) -> Any:
    """What the arguments ask for; raises `ValueError` where they do not go together."""
    from napari_colorcluster.cli.batch import Batch
    from napari_colorcluster.cli.outputs import Output
    from napari_colorcluster.core.clustering.known_colors import clustering_of_file
    from napari_colorcluster.core.studies.pooling import check_weights

    clustering = None
    if given.palette:
        extra = [name for name in _CLUSTERS if getattr(given, name) not in (None, False, [])]
        if extra:
            raise ValueError(
                f"--palette is a clustering already and does not go with "
                f"{', '.join(_flag(name) for name in extra)}."
            )
        clustering = clustering_of_file(given.palette)
    if given.weights and not given.pool:
        raise ValueError("--weights needs --pool: it says how images count in the pool.")
    settings = Settings(
        method=given.method or "kmeans",
        color_space=given.space or "lab",
        standardize=given.standardize,
        lightness_weight=1.0 if given.lightness_weight is None else given.lightness_weight,
        random_state=given.seed or 0,
        options=dict(given.option),
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
    return Batch(
        Output(Path(given.output)),
        settings,
        n_clusters,
        pool=(given.weights or "pixels") if given.pool else None,
        clustering=clustering,
        resume=given.resume,
        lengths=given.pixel_size,
        tell=_tell if given.verbose else None,
    )


def _tell(source: Any, note: str) -> None:
    from tqdm import tqdm

    tqdm.write(f"{source.path}: {note}", file=sys.stderr)


def _flag(name: str) -> str:
    return "-k" if name == "k" else f"--{name.replace('_', '-')}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="napari-colorcluster",
        description="Cluster the colors of images. Writes for each its quantized image and its "
        "labels, and one table, shares.csv, with the share of each cluster in each image.",
        epilog="Exit code: 0 all images are done, 1 some were skipped, 2 wrong arguments.",
    )
    add = parser.add_argument
    add("images", nargs="+", metavar="IMAGE", help="an image, a zarr, or a folder of them")
    add("-o", "--output", required=True, metavar="FOLDER", help="where results are written")
    add("-k", type=_n_clusters, help=f"number of clusters, or auto (default {DEFAULT_N_CLUSTERS})")
    add("--method", choices=list(METHODS), help="how colors are clustered (default kmeans)")
    add("--space", choices=list(COLOR_SPACES), help="where distances are measured (default lab)")
    add("--standardize", action="store_true", help="scale each axis of the space to unit variance")
    add("--lightness-weight", type=float, metavar="X", help="factor on the lightness (default 1)")
    add(
        *("--option",),
        type=_option,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the method's own, such as linkage=average; may be repeated",
    )
    add("--seed", type=int, help="the seed (default 0)")
    add("--pool", action="store_true", help="one palette for all images, not one for each")
    add(
        *("--weights",),
        choices=["pixels", "equal"],
        help="with --pool: an image counts by its pixels (the default), or as any other",
    )
    add(
        "--palette",
        metavar="FILE",
        help="a saved clustering or palette (JSON, CSV, GPL, ASE), for all images",
    )
    add(
        *("--pixel-size",),
        type=_lengths,
        metavar="X",
        help="length of a pixel's side, for the areas, instead of what the files tell: 0.5, "
        "0.5um, or 0.5x0.5x2um for voxels",
    )
    add("--resume", action="store_true", help="skip what is done with the same settings")
    add("--verbose", action="store_true", help="say what was done or assumed to read each image")
    add("--version", action="version", version=__version__)
    return parser


def _n_clusters(text: str) -> int | str:
    if text == "auto":
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number or auto is needed, got {text!r}") from None


def _lengths(text: str) -> Any:
    from napari_colorcluster.core.files.pictures.lengths import parse_lengths

    try:
        return parse_lengths(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"NAME=VALUE is needed, got {text!r}")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value

"""The arguments of the command: their names, help and types."""

from __future__ import annotations

import argparse
import json
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.clustering.parts.representatives import MEAN, OWN_COLORS
from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.files.image_formats import FORMATS, TIFF
from napari_colorcluster.core.methods import METHODS


def command_parser() -> argparse.ArgumentParser:
    """Make the parser of the command's arguments."""
    parser = argparse.ArgumentParser(
        prog="napari-colorcluster",
        # All options would stand before each error, which is to be seen.
        usage="%(prog)s IMAGE [IMAGE ...] -o FOLDER [options], or --help",
        description="Cluster the colors of images. Writes a quantized image and a labels image for "
        "each; one table, shares.csv, with the share of each cluster in each image; and a record, "
        "study.json, from which the same can be run again.",
        epilog="Exit code: 0 if all images are done, 1 if some were skipped, 2 if arguments are "
        "wrong.",
    )
    groups = {
        "files": _add_files,
        "how to cluster": _add_clustering,
        "pixels and objects": _add_pixels,
        "reports": _add_reports,
        "running": _add_running,
    }
    for title, add_arguments in groups.items():
        add_arguments(parser.add_argument_group(title).add_argument)
    return parser


def _add_files(add: Any) -> None:
    add(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="an image, a zarr, a folder of them or a pattern such as 'photos/*.png'; or the "
        "study.json of an earlier run, to run it again",
    )
    add(
        "-o",
        "--output",
        metavar="FOLDER",
        help="folder for the results; what is there already stays, and must have been made with "
        "the same settings",
    )
    add(
        "--recursive",
        action="store_true",
        help="search folders in folders too; the sub-folder is part of an image's name then",
    )
    add(
        "--groups",
        metavar="HOW",
        help="what each image belongs to, as columns of the tables: folder; a pattern for the "
        'name, with the group in parentheses, such as "(*)_*"; or a CSV file with a column image',
    )


def _add_reports(add: Any) -> None:
    add(
        "--format",
        choices=FORMATS,
        default=TIFF,
        help="what labels and quantized images are written as: tiff (default; small quantized "
        "images are PNG), or ome-zarr, one folder with both",
    )
    add(
        "--report",
        action="store_true",
        help="write report.html: all images beside their clusters, to look at in a browser, sort "
        "and mark",
    )
    add(
        "--svg",
        action="store_true",
        help="write quantized images as SVG too, with a path for each cluster",
    )
    add(
        "--only",
        metavar="FILE",
        help="process only the images that a CSV file names in its column image, such as the marks "
        "saved from a report",
    )


def _add_clustering(add: Any) -> None:
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
    add(
        "--white",
        metavar="COLOR",
        help="with --space od: color of the empty slide, such as #f0ebf0",
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
        "--cmyk-profile",
        metavar="FILE",
        help="with --palette: the ICC profile of the inks that its colors in CMYK are for",
    )
    add(
        "--represent",
        choices=[MEAN, *OWN_COLORS],
        help="color that each cluster is shown in: the mean of its pixels (default), the one that "
        "most of them have, or the one nearest to the mean",
    )


def _add_pixels(add: Any) -> None:
    add(
        "--mask",
        metavar="FOLDER",
        help="masks of the same names, and in the same sub-folders: where they are 0, pixels are "
        "left out",
    )
    add(
        "--ignore",
        type=_ignored,
        action="append",
        default=[],
        metavar="COLOR:X[:border]",
        help="leave out colors that differ from this one by at most X in CIEDE2000, such as "
        "'#ffffff:10'; with :border, only where they are connected to the border of the image; "
        "can be repeated",
    )
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


def _add_running(add: Any) -> None:
    add("--resume", action="store_true", help="skip images that are done with the same settings")
    add(
        "--jobs",
        type=_number,
        metavar="N",
        help="number of images that are worked on at a time (default 2)",
    )
    add(
        "--dask",
        metavar="ADDRESS",
        help="work on a dask cluster: the address of its scheduler, the file that it writes, or "
        "local:N for N processes on this machine",
    )
    add("--verbose", action="store_true", help="print what was done or assumed to read images")
    add("--version", action="version", version=__version__)


def _n_clusters(text: str) -> int | str:
    if text == "auto":
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number or auto, got {text!r}") from None


def _number(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a number of at least 1, got {text!r}")
    return number


def _ignored(text: str) -> Any:
    from napari_colorcluster.study.inputs.left_out import Ignored

    try:
        return Ignored.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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

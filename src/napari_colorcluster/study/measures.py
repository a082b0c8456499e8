"""What a study measures besides shares: the pattern of each image, and the objects in it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.files.pictures.lengths import Lengths, spacing_of
from napari_colorcluster.core.pattern.measuring import measure_pattern
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.studies.objects import shares_by_label
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.study.inputs.label_images import find_label_image, read_label_image
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.outputs.output import RECORDS, Output

if TYPE_CHECKING:
    import pandas as pd

PATTERN, PATCHES, OBJECTS = TABLES = ("pattern.csv", "patches.csv", "objects.csv")
"""The file names of the tables."""

MAX_PATCHED = 1 << 28
"""Pixels of a plane in which patches are found: each plane is in memory then."""

_CSV = {"index": False, "lineterminator": "\n", "errors": "backslashreplace"}


@dataclass(frozen=True)
class Measures:
    """What is measured of each image.

    Parameters
    ----------
    pattern : bool, default False
        Whether the pattern is: its indices and its patches; where there are objects, of each.
    objects : pathlib.Path, optional
        A folder with a label image for each image, of the same name: each label is an object, and
        its shares are counted.
    """

    pattern: bool = False
    objects: Path | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that are written."""
        pattern = (PATTERN, PATCHES) if self.pattern else ()
        return (*pattern, OBJECTS) if self.objects is not None else pattern

    def find_objects(self, source: Source) -> Path | None:
        """The label image of an image, or None where there are no objects.

        Raises
        ------
        ValueError
            Where it is missing.
        """
        if self.objects is None:
            return None
        return find_label_image(self.objects, source.path, source.folder)

    def write(
        self,
        output: Output,
        source: Source,
        image: Any,
        labels: Any,
        clustering: ColorClustering,
        mask: Any,
        lengths: Lengths,
        pixel_size: PixelSize | None,
        progress: Progress,
    ) -> list[str]:
        """Measure an image, and write its part of each table.

        Parameters
        ----------
        output : Output
            Where to.
        source : Source
            The image's name.
        image : array, shape (..., 3 or 4)
            The image.
        labels : array, shape (...), integer
            Its labels.
        clustering : ColorClustering
            Its clusters.
        mask : array of bool, shape (...), or None
            True where a pixel takes part.
        lengths : Lengths
            The sides of its pixels, as far as they are known.
        pixel_size : PixelSize or None
            What a pixel covers, where that is known.
        progress : callable
            Told the fraction done.

        Returns
        -------
        list of str
            The files of the parts.

        Raises
        ------
        ValueError
            Where the label image does not fit, or the image is too large for its patches.
        """
        objects = None
        parts: dict[str, pd.DataFrame] = {}
        if (path := self.find_objects(source)) is not None:
            objects = read_label_image(path)
            counted = shares_by_label(
                *(clustering, image, objects, mask),
                pixel_size=pixel_size,
                progress=part(progress, 0.0, 0.3),
            )
            parts[OBJECTS] = counted.rename(columns={"label": "object", "index": "cluster"})
        if self.pattern:
            measuring = part(progress, 0.3, 1.0)
            parts |= _patterns(labels, clustering, lengths, objects, measuring)
        for table, rows in parts.items():
            _write_part(output, source, table, rows)
        return [_part_of(source.name, table) for table in parts]

    def join(
        self,
        output: Output,
        names: Iterable[str],
        groups: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Write each table from the parts of these images, one below the other.

        Parameters
        ----------
        output : Output
            Where the parts are.
        names : iterable of str
            The images.
        groups : mapping of str to mapping, optional
            Columns to add to the rows of each image, by its name.
        """
        names = list(names)
        for table in self.tables:
            parts = {name: output.folder / _part_of(name, table) for name in names}
            there = {name: path for name, path in parts.items() if path.exists()}
            more = [(groups or {}).get(name, {}) for name in there]
            if there:
                write = partial(join_tables, there.values(), more=more)
                output.write(table, write)


def _patterns(
    labels: Any,
    clustering: ColorClustering,
    lengths: Lengths,
    objects: Any,
    progress: Progress,
) -> dict[str, pd.DataFrame]:
    spacing, unit = spacing_of(lengths)
    n_pixels = prod(labels.shape[-2:])
    if n_pixels > MAX_PATCHED:
        raise ValueError(
            f"Patches are found in images of up to {MAX_PATCHED / 1e6:,.0f} megapixels, got "
            f"{n_pixels / 1e6:,.0f}: leave out --pattern."
        )
    pattern = measure_pattern(
        *(labels, clustering.palette),
        spacing=spacing,
        unit=unit,
        objects=objects,
        progress=part(progress, 0.0, 0.4),
    )
    indices = pattern.indices()
    if "object" not in indices:
        indices["object"] = ""
    patches = pattern.patches(progress=part(progress, 0.4, 1.0))
    if "object" not in patches:
        patches.insert(0, "object", "")
    if unit is not None:
        patches["length_unit"] = unit
    return {PATTERN: indices[["object", "index", "value"]], PATCHES: patches}


def join_tables(
    parts: Iterable[Path], path: Path, more: Sequence[Mapping[str, str]] | None = None
) -> None:
    """Write CSV files of any size below each other, with the columns of all.

    Parameters
    ----------
    parts : iterable of pathlib.Path
        The files.
    path : pathlib.Path
        What to write.
    more : sequence of mapping, optional
        For each file, columns to add behind the first, and their value in all of its rows.
    """
    how = {"encoding": "utf-8", "newline": ""}
    parts = list(parts)
    more = [{}] * len(parts) if more is None else more
    heads = []
    for each in parts:
        with each.open(**how) as file:
            heads.append(next(csv.reader(file)))
    columns = list(dict.fromkeys(column for head in heads for column in head))
    columns[1:1] = dict.fromkeys(column for added in more for column in added)
    with path.open("w", **how) as joined:
        writer = csv.DictWriter(joined, columns, lineterminator="\n")
        writer.writeheader()
        for each, head, added in zip(parts, heads, more, strict=True):
            with each.open(**how) as file:
                if head == columns:
                    file.readline()
                    shutil.copyfileobj(file, joined)
                else:
                    writer.writerows(row | added for row in csv.DictReader(file))


def _part_of(name: str, table: str) -> str:
    return f"{RECORDS}/{name}.{table}"


def _write_part(output: Output, source: Source, table: str, rows: pd.DataFrame) -> None:
    rows = rows.copy()
    rows.insert(0, "image", source.name)
    output.write(_part_of(source.name, table), lambda path: rows.to_csv(path, **_CSV))

"""The table of a study: how much of each cluster every image has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.study.outputs.image_result import ImageResult

if TYPE_CHECKING:
    import pandas as pd

SHARES_TABLE = "shares.csv"
"""The file name of the table."""

REASONS = ("masked", "not_finite", "transparent", "too_far", "ignored")
"""Why pixels are left out: a column each."""

OWN_COLUMNS = (
    *("image", "path", "cluster", "name", "hex", "pixels", "fraction"),
    *("area", "area_unit", "volume", "volume_unit", *REASONS),
)
"""The columns that no group may be called."""


def shares_table(
    results: Mapping[str, ImageResult], groups: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Make the table of all images.

    Parameters
    ----------
    results : mapping of str to ImageResult
        The images by name.
    groups : mapping of str to mapping, optional
        What each image belongs to, by its name: a value for each column; empty where it has none.

    Returns
    -------
    pandas.DataFrame
        One row per image and cluster: ``image``, ``path``, the columns of the groups, ``cluster``,
        ``name``, ``hex``, ``pixels``, ``fraction``, ``area``, ``area_unit``; and how many pixels of
        the image were left out: ``masked``, ``not_finite``, ``transparent``, ``too_far`` from the
        color of their cluster, and ``ignored`` for their color. Areas are empty where the pixel
        size is unknown or is a volume; ``volume`` and ``volume_unit`` are there if any image has
        volumes.
    """
    import pandas as pd

    rows = [[name, *row] for name, result in results.items() for row in result.rows]
    table = pd.DataFrame(rows, columns=["image", "cluster", "name", "hex", "pixels"])
    pixels = table["pixels"].to_numpy(np.int64)
    totals = table.groupby("image")["pixels"].transform("sum").to_numpy(np.int64)
    table["fraction"] = pixels / np.maximum(totals, 1)
    of_rows = [(name, result) for name, result in results.items() for _ in result.rows]
    all_sizes = [result.size for _, result in of_rows]
    # The columns of areas are always there, so that tables can be joined.
    for quantity in ("area", "volume"):
        sizes = [size if size and size.quantity == quantity else None for size in all_sizes]
        if quantity == "area" or any(sizes):
            table[quantity] = pixels * np.array([size.size if size else np.nan for size in sizes])
            table[f"{quantity}_unit"] = [size.unit if size else "" for size in sizes]
    for reason in REASONS:
        table[reason] = [result.excluded[reason] for _, result in of_rows]
    table.insert(1, "path", [result.path for _, result in of_rows])
    groups = groups or {}
    columns = dict.fromkeys(column for name in results for column in groups.get(name, ()))
    for at, column in enumerate(columns, start=2):
        table.insert(at, column, [groups.get(name, {}).get(column, "") for name, _ in of_rows])
    return table

"""The table of a batch: how much of each cluster every image has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pixels.pixel_size import PixelSize

if TYPE_CHECKING:
    import pandas as pd

SHARES_TABLE = "shares.csv"
"""The file name of the table."""

Rows = list[list[Any]]
"""Label, name, hex and pixels of each cluster in one image."""


REASONS = ("masked", "not_finite", "transparent", "too_far")
"""Why pixels are left out: a column each."""


def shares_table(
    images: list[tuple[str, Rows, Mapping[str, int], PixelSize | None]],
) -> pd.DataFrame:
    """Make the table of all images.

    Parameters
    ----------
    images : list of (str, list, mapping, PixelSize or None)
        Each image's name, its rows, how many pixels were left out for each reason, and the size of
        its pixels if known.

    Returns
    -------
    pandas.DataFrame
        One row per image and cluster: ``image``, ``cluster``, ``name``, ``hex``, ``pixels``,
        ``fraction``, ``area``, ``area_unit``; and how many pixels of the image were left out:
        ``masked``, ``not_finite``, ``transparent``, and ``too_far`` from the color of their
        cluster. Areas are empty where the pixel size is unknown or is a volume; ``volume`` and
        ``volume_unit`` are there if any image has volumes.
    """
    import pandas as pd

    rows = [[name, *row] for name, rows, _, _ in images for row in rows]
    table = pd.DataFrame(rows, columns=["image", "cluster", "name", "hex", "pixels"])
    pixels = table["pixels"].to_numpy(np.int64)
    totals = table.groupby("image")["pixels"].transform("sum").to_numpy(np.int64)
    table["fraction"] = pixels / np.maximum(totals, 1)
    all_sizes = [size for _, rows, _, size in images for _ in rows]
    # The columns of areas are always there, so that tables can be joined.
    for quantity in ("area", "volume"):
        sizes = [size if size and size.quantity == quantity else None for size in all_sizes]
        if quantity == "area" or any(sizes):
            table[quantity] = pixels * np.array([size.size if size else np.nan for size in sizes])
            table[f"{quantity}_unit"] = [size.unit if size else "" for size in sizes]
    for reason in REASONS:
        table[reason] = [excluded[reason] for _, rows, excluded, _ in images for _ in rows]
    return table

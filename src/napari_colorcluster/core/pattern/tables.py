"""The tables of a pattern that need no pixels: its indices and its boundaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.contrast import (
    Spread,
    boundary_spread,
    circular_spread,
    color_distances,
    color_values,
    michelson_contrasts,
    share_spread,
)
from napari_colorcluster.core.pattern.counts import Counts
from napari_colorcluster.core.pattern.indices import INDICES, QCPA, fractions

if TYPE_CHECKING:
    import pandas as pd

STRENGTH = "Endler, Cole & Kranz 2018"
CONTRAST = "Endler & Mielke 2005"

_Row = tuple[str, float, str, str]
"""Symbol, value, definition and source."""

_DISTANCES = {
    "dE": "color difference ΔE2000",
    "dS": "chromatic distance √(Δa² + Δb²)",
    "dL": "difference of lightness L*",
}


def index_table(
    counts: Counts, shares: str, distances: Mapping[str, Any], values: Mapping[str, Any]
) -> pd.DataFrame:
    """The indices of a pattern; see `Pattern.indices`."""
    import pandas as pd

    rows = [
        *_counted(counts, shares),
        *_strengths(counts, distances),
        *_contrasts(counts, values),
        *_luminances(counts),
    ]
    return pd.DataFrame(rows, columns=["index", "value", "definition", "source"])


def boundary_table(counts: Counts, distances: Mapping[str, Any]) -> pd.DataFrame:
    """The boundaries of a pattern; see `Pattern.boundaries`."""
    import pandas as pd

    first, second = np.triu_indices(counts.n_clusters, 1)
    names = np.array(counts.names, object)
    height, width = counts.spacing
    pairs = counts.pairs[first, second]
    horizontal, vertical = counts.horizontal[first, second], counts.vertical[first, second]
    columns = {
        "first": counts.labels[first],
        "second": counts.labels[second],
        "first_name": names[first],
        "second_name": names[second],
        "pairs": pairs,
        "fraction": fractions(pairs),
        # Between pixels side by side the edge is as long as they are high.
        "length": horizontal * height + vertical * width,
    }
    if counts.unit is not None:
        columns["length_unit"] = counts.unit
    found = _distances(counts, distances)
    return pd.DataFrame(columns | {name: each[first, second] for name, each in found.items()})


def _counted(counts: Counts, shares: str) -> Iterator[_Row]:
    measured = counts.terms(shares)
    unit = counts.unit or "unit of length"
    for index in INDICES:
        if shares == "pairs" or not index.needs_pair_shares:
            definition = index.definition.format(unit=unit)
            yield index.symbol, float(index.formula(measured)), definition, index.source


def _distances(counts: Counts, given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The distances between clusters: of their colors, and those that are given."""
    k = counts.n_clusters
    found = {} if counts.colors is None else color_distances(counts.colors)
    return found | {name: _as_given(name, each, (k, k)) for name, each in given.items()}


def _as_given(name: str, values: Any, shape: tuple[int, ...]) -> np.ndarray:
    values = np.asarray(values, np.float64)
    if values.shape != shape:
        raise ValueError(
            f"{name} of a pattern of {shape[0]} clusters must be of shape {shape}, got "
            f"{values.shape}."
        )
    return values


def _strengths(counts: Counts, given: Mapping[str, Any]) -> Iterator[_Row]:
    for name, matrix in _distances(counts, given).items():
        what = f"{name} as given" if name in given else _DISTANCES[name]
        yield from _spread_rows(name, f"{what} over all boundaries", STRENGTH, _at(counts, matrix))


def _at(counts: Counts, distances: np.ndarray) -> Spread:
    """Mean and spread of distances over the boundaries of a pattern."""
    at = np.triu_indices(counts.n_clusters, 1)
    return boundary_spread(distances[at], fractions(counts.pairs[at]))


def _contrasts(counts: Counts, given: Mapping[str, Any]) -> Iterator[_Row]:
    shares = counts.fractions
    if counts.colors is not None:
        lightness, chroma, hue = color_values(counts.colors)
        for name, values in (("lightness", lightness), ("chroma", chroma)):
            spread = share_spread(values, shares)
            yield from _spread_rows(name, f"{name} over all pixels", CONTRAST, spread)
        mean, deviation, variance = circular_spread(hue, shares)
        yield "m_hue", mean, "Circular mean of hue over all pixels, in degrees", CONTRAST
        yield "s_hue", deviation, "Circular standard deviation of hue, in degrees", CONTRAST
        yield "var_hue", variance, "Circular variance of hue, 0 where all hues are equal", CONTRAST
    for name, values in given.items():
        spread = share_spread(_as_given(name, values, (counts.n_clusters,)), shares)
        yield from _spread_rows(name, f"{name} as given over all pixels", CONTRAST, spread)


def _spread_rows(name: str, what: str, source: str, spread: Spread) -> Iterator[_Row]:
    mean, deviation, variation = spread
    yield f"m_{name}", mean, f"Mean {what}", source
    yield f"s_{name}", deviation, f"Standard deviation of {what}", source
    yield f"cv_{name}", variation, f"Coefficient of variation of {what}", source


def _luminances(counts: Counts) -> Iterator[_Row]:
    if counts.luminances is None:
        return
    mean = share_spread(counts.luminances, counts.fractions).mean
    yield "VCA:ML", mean, "Mean luminance over all pixels", QCPA
    contrast = _at(counts, michelson_contrasts(counts.luminances))
    what = "Michelson contrast of luminance over all boundaries"
    yield "BSA:BML", contrast.mean, f"Mean {what}", QCPA
    yield "BSA:BsL", contrast.deviation, f"Standard deviation of {what}", QCPA

"""The tables of a pattern that need no pixels: its indices and its boundaries.

A pattern is handed over as it is; this module does not know its class.
"""

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
    pattern: Any, shares: str, distances: Mapping[str, Any], values: Mapping[str, Any]
) -> pd.DataFrame:
    """The indices of a pattern; see `Pattern.indices`."""
    import pandas as pd

    rows = [
        *_counted(pattern, shares),
        *_strengths(pattern, distances),
        *_contrasts(pattern, values),
        *_luminances(pattern),
    ]
    return pd.DataFrame(rows, columns=["index", "value", "definition", "source"])


def boundary_table(pattern: Any, distances: Mapping[str, Any]) -> pd.DataFrame:
    """The boundaries of a pattern; see `Pattern.boundaries`."""
    import pandas as pd

    first, second = np.triu_indices(pattern.n_clusters, 1)
    names = np.array(pattern.names, object)
    height, width = pattern.spacing
    pairs = pattern.pairs[first, second]
    horizontal, vertical = pattern.horizontal[first, second], pattern.vertical[first, second]
    columns = {
        "first": pattern.labels[first],
        "second": pattern.labels[second],
        "first_name": names[first],
        "second_name": names[second],
        "pairs": pairs,
        "fraction": fractions(pairs),
        # Between pixels side by side the edge is as long as they are high.
        "length": horizontal * height + vertical * width,
    }
    if pattern.unit is not None:
        columns["length_unit"] = pattern.unit
    found = _distances(pattern, distances)
    return pd.DataFrame(columns | {name: each[first, second] for name, each in found.items()})


def _counted(pattern: Any, shares: str) -> Iterator[_Row]:
    measured = pattern.terms(shares)
    unit = pattern.unit or "unit of length"
    for index in INDICES:
        if shares == "pairs" or not index.needs_pair_shares:
            definition = index.definition.format(unit=unit)
            yield index.symbol, float(index.formula(measured)), definition, index.source


def _distances(pattern: Any, given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The distances between clusters: of their colors, and those that are given."""
    k = pattern.n_clusters
    found = {} if pattern.colors is None else color_distances(pattern.colors)
    return found | {name: _as_given(name, each, (k, k)) for name, each in given.items()}


def _as_given(name: str, values: Any, shape: tuple[int, ...]) -> np.ndarray:
    values = np.asarray(values, np.float64)
    if values.shape != shape:
        raise ValueError(
            f"{name} of a pattern of {shape[0]} clusters must be of shape {shape}, got "
            f"{values.shape}."
        )
    return values


def _strengths(pattern: Any, given: Mapping[str, Any]) -> Iterator[_Row]:
    for name, matrix in _distances(pattern, given).items():
        what = f"{name} as given" if name in given else _DISTANCES[name]
        yield from _spread_rows(name, f"{what} over all boundaries", STRENGTH, _at(pattern, matrix))


def _at(pattern: Any, distances: np.ndarray) -> Spread:
    """Mean and spread of distances over the boundaries of a pattern."""
    at = np.triu_indices(pattern.n_clusters, 1)
    return boundary_spread(distances[at], fractions(pattern.pairs[at]))


def _contrasts(pattern: Any, given: Mapping[str, Any]) -> Iterator[_Row]:
    shares = pattern.fractions
    if pattern.colors is not None:
        lightness, chroma, hue = color_values(pattern.colors)
        for name, values in (("lightness", lightness), ("chroma", chroma)):
            spread = share_spread(values, shares)
            yield from _spread_rows(name, f"{name} over all pixels", CONTRAST, spread)
        mean, deviation, variance = circular_spread(hue, shares)
        yield "m_hue", mean, "Circular mean of hue over all pixels, in degrees", CONTRAST
        yield "s_hue", deviation, "Circular standard deviation of hue, in degrees", CONTRAST
        yield "var_hue", variance, "Circular variance of hue, 0 where all hues are one", CONTRAST
    for name, values in given.items():
        spread = share_spread(_as_given(name, values, (pattern.n_clusters,)), shares)
        yield from _spread_rows(name, f"{name} as given over all pixels", CONTRAST, spread)


def _spread_rows(name: str, what: str, source: str, spread: Spread) -> Iterator[_Row]:
    mean, deviation, variation = spread
    yield f"m_{name}", mean, f"Mean {what}", source
    yield f"s_{name}", deviation, f"Standard deviation of {what}", source
    yield f"cv_{name}", variation, f"Coefficient of variation of {what}", source


def _luminances(pattern: Any) -> Iterator[_Row]:
    if pattern.luminances is None:
        return
    mean = share_spread(pattern.luminances, pattern.fractions).mean
    yield "VCA:ML", mean, "Mean luminance over all pixels", QCPA
    contrast = _at(pattern, michelson_contrasts(pattern.luminances))
    what = "Michelson contrast of luminance over all boundaries"
    yield "BSA:BML", contrast.mean, f"Mean {what}", QCPA
    yield "BSA:BsL", contrast.deviation, f"Standard deviation of {what}", QCPA

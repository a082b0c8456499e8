"""The order of the colors of a palette: by what they are, not by how they lie in an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import COLOR_SPACES

GRAY = 8.0
"""The chroma in CIELAB below which a color has no hue to speak of."""


def ordered_labels(palette: Palette, order: str) -> list[int]:
    """Put the labels of a palette in an order.

    Parameters
    ----------
    palette : Palette
        The palette.
    order : str
        ``"share"``: the largest first. ``"label"``: ascending. ``"lightness"``: the lightest first,
        by L* of CIELAB. ``"hue"``: around the circle of CIELAB from red over yellow, green and
        blue; grays, with a chroma below 8, last and the lightest of them first. ``"name"``: by
        alphabet, whatever the case.

    Returns
    -------
    list of int
        All labels; equal ones are in the order of the labels.

    Raises
    ------
    ValueError
        If the order is unknown.
    """
    if not isinstance(order, str) or order not in ORDERS:
        known = ", ".join(map(repr, ORDERS))
        raise ValueError(f"An order must be one of {known}, got {order!r}.")
    keys = ORDERS[order](palette)
    rows = sorted(range(len(palette)), key=lambda row: (keys[row], palette.labels[row]))
    return palette.labels[rows].tolist()


def _lab(palette: Palette) -> np.ndarray:
    return COLOR_SPACES["lab"].from_srgb(palette.colors)


def _by_hue(palette: Palette) -> list[tuple[bool, float]]:
    lightness, a, b = _lab(palette).T
    hues = np.degrees(np.arctan2(b, a)) % 360
    is_gray = np.hypot(a, b) < GRAY
    keys = np.where(is_gray, -lightness, hues)
    return list(zip(is_gray.tolist(), keys.tolist(), strict=True))


ORDERS: Mapping[str, Callable[[Palette], list]] = MappingProxyType(
    {
        "share": lambda palette: (-palette.pixels).tolist(),
        "label": lambda palette: palette.labels.tolist(),
        "lightness": lambda palette: (-_lab(palette)[:, 0]).tolist(),
        "hue": _by_hue,
        "name": lambda palette: [name.casefold() for name in palette.names],
    }
)
"""The orders by name: each gives a key for every row."""

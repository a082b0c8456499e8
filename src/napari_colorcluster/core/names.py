"""Words for colors: the nearest name of the XKCD color survey, made unique within a palette."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np


@cache
def _vocabulary() -> tuple[tuple[str, ...], np.ndarray]:
    """The survey's names and their colors in CIELAB, shape (949, 3)."""
    from matplotlib.colors import XKCD_COLORS, to_rgb
    from skimage.color import rgb2lab

    names = tuple(name.removeprefix("xkcd:") for name in XKCD_COLORS)
    return names, rgb2lab(np.array([to_rgb(value) for value in XKCD_COLORS.values()]))


def color_names(colors: np.ndarray) -> tuple[str, ...]:
    """Name colors by the nearest of the XKCD survey's.

    Parameters
    ----------
    colors : ndarray, shape (n, 3), uint8
        sRGB.

    Returns
    -------
    tuple of str
        The name at the smallest ΔE2000; a name that is taken already gets a number:
        ``"brown"``, ``"brown 2"``.

    References
    ----------
    R. Munroe, "Color Survey Results" (2010), as shipped with matplotlib.
    """
    from skimage.color import deltaE_ciede2000, rgb2lab

    names, known = _vocabulary()
    asked = rgb2lab(np.asarray(colors).reshape(-1, 1, 3) / 255)
    nearest = [int(np.argmin(deltaE_ciede2000(known, color))) for color in asked]
    return unique_names([names[i] for i in nearest])


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Number the repeats of a name: ``["tan", "tan"]`` becomes ``("tan", "tan 2")``."""
    wanted = Counter(names)
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        candidate = name
        while seen[name] > 1 and (candidate := f"{name} {seen[name]}") in wanted:
            seen[name] += 1
        unique.append(candidate)
    return tuple(unique)

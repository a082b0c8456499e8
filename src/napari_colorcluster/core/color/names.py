"""Words for colors: the nearest name of the XKCD color survey, made unique within a palette."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import count

import numpy as np


@cache
def _vocabulary() -> tuple[tuple[str, ...], np.ndarray]:
    """The survey's names and their colors in CIELAB, shape (949, 3)."""
    from matplotlib.colors import XKCD_COLORS, to_rgb
    from skimage.color import rgb2lab

    names = tuple(name.removeprefix("xkcd:") for name in XKCD_COLORS)
    return names, rgb2lab(np.array([to_rgb(value) for value in XKCD_COLORS.values()]))


def color_names(colors: np.ndarray, given: Mapping[int, str] | None = None) -> tuple[str, ...]:
    """Name colors by the nearest of the XKCD survey's.

    Parameters
    ----------
    colors : ndarray, shape (n, 3), uint8
        sRGB.
    given : mapping of int to str, optional
        Names that are decided already, by the place of their color.

    Returns
    -------
    tuple of str
        The name at the smallest ΔE2000; a name that is taken already gets a number:
        ``"brown"``, ``"brown 2"``.

    References
    ----------
    R. Munroe, "Color Survey Results" (2010), as shipped with matplotlib.
    """
    colors = np.asarray(colors, np.uint8).reshape(-1, 3)
    return unique_names([_nearest(*color) for color in colors.tolist()], given)


@lru_cache(4096)
def _nearest(red: int, green: int, blue: int) -> str:
    # Kept: after an edit most colors are those of before, and their names take longest.
    from skimage.color import deltaE_ciede2000, rgb2lab

    names, known = _vocabulary()
    asked = rgb2lab(np.array([[red, green, blue]]) / 255)
    return names[int(np.argmin(deltaE_ciede2000(known, asked)))]


def unique_names(names: list[str], given: Mapping[int, str] | None = None) -> tuple[str, ...]:
    """Number the repeats of a name: ``["tan", "tan"]`` becomes ``("tan", "tan 2")``.

    Parameters
    ----------
    names : list of str
        Names that may repeat.
    given : mapping of int to str, optional
        By their place, names that stay as they are. The others are numbered as if these had not
        been given, unless a number gives just one of them.
    """
    wanted = Counter(names)
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        candidate = name
        while seen[name] > 1 and (candidate := f"{name} {seen[name]}") in wanted:
            seen[name] += 1
        unique.append(candidate)
    if given:
        for place, name in enumerate(names):
            if place not in given and unique[place] in given.values():
                used = {*unique, *given.values()}
                numbered = (f"{name} {number}" for number in count(2))
                unique[place] = next(each for each in numbered if each not in used)
        unique = [given.get(place, name) for place, name in enumerate(unique)]
    return tuple(unique)

"""The names of the XKCD color survey that are fit for a paper, and their colors."""

from __future__ import annotations

from functools import cache

import numpy as np

_UNFIT = frozenset(
    (
        *("barf", "bile", "booger", "diarrhea", "piss", "poo", "poop", "puke", "shit", "snot"),
        *("vomit", "ugly", "nasty", "sick", "sickly", "gross", "weird", "icky", "blood", "bruise"),
        *("slime", "toxic", "poison", "boring", "bland", "nice", "barney", "pig", "with"),
        *("lighter", "really"),
    )
)
"""Words that disgust, judge, or compare."""

_MISSPELLED = frozenset(
    (
        *("terracota", "terra", "fluro", "forrest", "liliac", "perrywinkle", "lavendar", "toupe"),
        *("ocre", "ocher", "siena", "creme", "kelley", "robin", "urple", "burple"),
        *("blurple", "bluey", "greeny", "browny", "reddy", "orangey", "yellowy", "purpley"),
        *("purply", "pinky", "purpleish", "orangeish", "bluegreen", "bluegrey", "greyblue"),
        *("greenblue", "darkblue", "darkgreen", "lightblue", "lightgreen", "orangered"),
        *("yellowgreen", "camo"),
    )
)
"""Words, in the survey's spelling, that stand for others that it has as well."""

_DIVIDED = ("aqua marine", "egg shell", "golden rod")
"""Names that the survey has in one word as well."""

_ADJECTIVES = frozenset(("dark", "golden", "pale", "royal", "sandy"))
"""Words that name no color by themselves; neither do those in "ish"."""


@cache
def vocabulary() -> tuple[tuple[str, ...], np.ndarray]:
    """The survey's names that are used, and their colors in CIELAB, shape (n, 3).

    Left out are names that disgust or judge, other spellings of a name, words that are said twice
    (``"blue blue"``), and adjectives without a noun (``"reddish"``).
    """
    from matplotlib.colors import XKCD_COLORS, to_rgb
    from skimage.color import rgb2lab

    colors = {name.removeprefix("xkcd:"): to_rgb(value) for name, value in XKCD_COLORS.items()}
    fit = {name.replace("grey", "gray"): color for name, color in colors.items() if _is_fit(name)}
    return tuple(fit), rgb2lab(np.array(list(fit.values())))


def _is_fit(name: str) -> bool:
    words = name.split()
    return (
        _UNFIT.isdisjoint(words)
        and _MISSPELLED.isdisjoint(words)
        and name not in _DIVIDED
        and "/" not in name
        and len(set(words)) == len(words)
        and not (len(words) == 1 and (name in _ADJECTIVES or name.endswith("ish")))
    )

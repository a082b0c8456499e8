"""Words for colors: the nearest name of the XKCD color survey, made unique within a palette."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import combinations, count

import numpy as np

from napari_colorcluster.core.color.shades import NEUTRAL, POSITIVE, comparatives, components, turn

_VULGAR = frozenset(
    ("barf", "bile", "booger", "diarrhea", "piss", "poo", "poop", "puke", "shit", "snot", "vomit")
)
"""Words that keep 29 of the survey's 949 names out of a paper."""

_PLAIN = (
    *("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "grey", "teal"),
    *("olive", "mauve", "tan", "beige", "lavender", "navy", "maroon", "violet", "turquoise"),
    *("khaki", "taupe", "lilac", "salmon", "plum", "slate", "periwinkle", "cyan", "magenta"),
    "charcoal",
)
"""Names of the survey that stand well after another word."""

_MODIFIERS = frozenset(
    (
        *("bright", "cool", "dark", "darker", "deep", "dirty", "dull", "dusky", "dusty", "faded"),
        *("electric", "grey", "hot", "light", "lighter", "medium", "mid", "muddy", "muted", "neon"),
        *("off", "pale", "pastel", "rich", "soft", "strong", "very", "vibrant", "vivid", "warm"),
    )
)
"""Words in names before which only a comparative stands well: ``"lighter dark green"``."""

_FARTHEST = 10.0
"""The ΔE2000 up to which a name says by itself what a color is like."""

_MUCH = 20.0
"""The difference from which on a word may be preceded by "very"."""

_MOST_TURN = np.radians(40)
"""How far a hue may be from that of a name which is to say what a color is like."""


@cache
def _vocabulary() -> tuple[tuple[str, ...], np.ndarray]:
    """The survey's names that are used, and their colors in CIELAB, shape (920, 3)."""
    from matplotlib.colors import XKCD_COLORS, to_rgb

    colors = {name.removeprefix("xkcd:"): to_rgb(value) for name, value in XKCD_COLORS.items()}
    fit = {name: color for name, color in colors.items() if _VULGAR.isdisjoint(name.split())}
    return tuple(fit), _lab(np.array(list(fit.values())))


def color_names(colors: np.ndarray, given: Mapping[int, str] | None = None) -> tuple[str, ...]:
    """Name colors by the nearest of the XKCD survey's, its vulgar ones left out.

    Parameters
    ----------
    colors : ndarray, shape (n, 3), uint8
        sRGB.
    given : mapping of int to str, optional
        Names that are decided already, by the place of their color.

    Returns
    -------
    tuple of str
        The name at the smallest ΔE2000. Where that is above 10, a plain name with a word for what
        is different: ``"grayish plum"``. Of colors that would have one name, the first has it; the
        others get a word for how they differ from the first, ``"light mocha"``, in the comparative
        where that is another of the survey's names, ``"lighter brown"``; and a number where there
        is no such word, ``"brown 2"``. So a name depends on its color, and on those before it that
        would have the same.

    References
    ----------
    R. Munroe, "Color Survey Results" (2010), as shipped with matplotlib.
    """
    colors = np.asarray(colors, np.uint8).reshape(-1, 3)
    names = [_nearest(*color) for color in colors.tolist()]
    return unique_names(_told_apart(names, colors), given)


@lru_cache(4096)
def _nearest(red: int, green: int, blue: int) -> str:
    # Kept: after an edit most colors are those of before, and their names take longest.
    from skimage.color import deltaE_ciede2000

    names, known = _vocabulary()
    asked = _lab(np.array([[red, green, blue]]) / 255)
    differences = deltaE_ciede2000(known, asked)
    nearest = int(np.argmin(differences))
    return names[nearest] if differences[nearest] <= _FARTHEST else _described(asked[0])


def _described(lab: np.ndarray) -> str:
    """A plain name with a word: that which leaves the least difference unsaid."""
    names, known = _vocabulary()
    best, least = "", np.inf
    for name in _PLAIN:
        plain = known[names.index(name)]
        if abs(turn(plain, lab)) > _MOST_TURN and np.hypot(*plain[1:]) > NEUTRAL:
            continue
        differences = components(plain, lab)
        for word, size in comparatives(plain, lab):
            unsaid = np.linalg.norm(differences) ** 2 - size**2
            described = f"{POSITIVE.get(word, word)} {name}"
            if described in names and size > _MUCH:
                described = f"very {described}"
            if unsaid < least and size < 2 * _MUCH and described not in names:
                best, least = described, unsaid
    return best


def _told_apart(names: list[str], colors: np.ndarray) -> list[str]:
    """Put words before the repeats of a name, as far as there are words."""
    if len(set(names)) == len(names):
        return names
    lab = _lab(colors / 255)
    first = {name: place for place, name in reversed(list(enumerate(names)))}
    taken = {*names, *_vocabulary()[0]}
    apart = []
    for place, name in enumerate(names):
        if place != first[name]:
            found = _differing(name, lab[first[name]], lab[place])
            name = next((each for each in found if each not in taken), name)
            taken.add(name)
        apart.append(name)
    return apart


def _differing(name: str, first: np.ndarray, other: np.ndarray) -> Iterator[str]:
    """The names for a color that differs from the first of that name, the best ones first."""
    words = [word for word, _ in comparatives(first, other)]
    if "ish" in name:
        words = [word for word in words if "ish" not in word]
    positive = [POSITIVE.get(word, word) for word in words]
    stands_alone = _MODIFIERS.isdisjoint(name.split()) and "ish" not in name
    if stands_alone:
        yield from (f"{word} {name}" for word in positive)
    yield from (f"{word} {name}" for word in words)
    yield from (f"{one}, {two} {name}" for one, two in combinations(words, 2))


def _lab(srgb: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2lab

    return rgb2lab(srgb)


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

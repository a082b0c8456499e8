"""Words for colors: the nearest name of the XKCD color survey, made unique within a palette."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from functools import lru_cache
from itertools import combinations, count

import numpy as np

from napari_colorcluster.core.color.shades import (
    NEUTRAL,
    POSITIVE,
    comparatives,
    components,
    degrees,
    suits,
    turn,
)
from napari_colorcluster.core.color.vocabulary import vocabulary

_PLAIN = (
    *("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "gray", "teal"),
    *("olive", "mauve", "tan", "beige", "lavender", "navy", "maroon", "violet", "turquoise"),
    *("khaki", "taupe", "lilac", "salmon", "plum", "slate", "periwinkle", "cyan", "magenta"),
    "charcoal",
)
"""Names of the survey that stand well after another word."""

_MODIFIERS = frozenset(
    (
        *("bright", "cool", "dark", "darker", "deep", "dirty", "dull", "dusky", "dusty", "faded"),
        *("electric", "gray", "hot", "light", "lighter", "medium", "mid", "muddy", "muted", "neon"),
        *("off", "pale", "pastel", "rich", "soft", "strong", "very", "vibrant", "vivid", "warm"),
    )
)
"""Words in names before which only a comparative stands well: ``"lighter dark green"``."""

_FARTHEST = 10.0
"""The ΔE2000 up to which a name says by itself what a color is like."""

_NEAR = 5.0
"""The ΔE2000 up to which another name than the nearest may stand for a color."""

_MUCH = 20.0
"""The difference from which on a word may be preceded by "very"."""

_MOST_TURN = np.radians(40)
"""How far a hue may be from that of a name which is to say what a color is like."""


def color_names(colors: np.ndarray, given: Mapping[int, str] | None = None) -> tuple[str, ...]:
    """Name colors by the nearest of the XKCD survey's that are fit for a paper.

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
        where that is another of the survey's names, ``"lighter brown"``, and in further degrees
        where there are more of them: ``"even lighter brown"``, ``"lightest brown"``. Where no such
        word suits the name, as before ``"black"``, they have the next nearest name; and where
        there is nothing to tell, a number, ``"brown 2"``. So a name depends on its color, and on
        the colors before it alone.

    References
    ----------
    R. Munroe, "Color Survey Results" (2010), as shipped with matplotlib.
    """
    colors = np.asarray(colors, np.uint8).reshape(-1, 3)
    return unique_names(_told_apart(colors), given)


@lru_cache(4096)
def _nearest(red: int, green: int, blue: int) -> str:
    # Kept: after an edit most colors are those of before, and their names take longest.
    from skimage.color import deltaE_ciede2000

    names, known = vocabulary()
    asked = _lab(np.array([[red, green, blue]]) / 255)
    differences = deltaE_ciede2000(known, asked)
    nearest = int(np.argmin(differences))
    return names[nearest] if differences[nearest] <= _FARTHEST else _described(asked[0])


def _described(lab: np.ndarray) -> str:
    """A plain name with a word: that which leaves the least difference unsaid."""
    names, known = vocabulary()
    best, least = "", np.inf
    for name in _PLAIN:
        plain = known[names.index(name)]
        if abs(turn(plain, lab)) > _MOST_TURN and np.hypot(*plain[1:]) > NEUTRAL:
            continue
        differences = components(plain, lab)
        for word, size in comparatives(plain, lab):
            if not suits(word, name):
                continue
            unsaid = np.linalg.norm(differences) ** 2 - size**2
            described = f"{POSITIVE.get(word, word)} {name}"
            if described in names and size > _MUCH:
                described = f"very {described}"
            if unsaid < least and size < 2 * _MUCH and described not in names:
                best, least = described, unsaid
    return best


def _told_apart(colors: np.ndarray) -> list[str]:
    """Name colors one after the other: repeats by words, as far as there are words."""
    lab = _lab(colors / 255)
    first: dict[str, int] = {}
    shades: defaultdict[str, _Shades] = defaultdict(_Shades)
    told = []
    for place, color in enumerate(colors.tolist()):
        name = _nearest(*color)
        if name in first:
            words = comparatives(lab[first[name]], lab[place])
            found = shades[name].tell(name, words, first)
            if found is None and words:
                lighter = lab[place, 0] > lab[first[name], 0]
                near = _near_names(*color, name, bool(lighter))
                found = next((each for each in near if each not in first), None)
            name = found or name
        first.setdefault(name, place)
        told.append(name)
    return told


_DEGREES = (1, 2, 3, 4, 0)
"""The order in which `degrees` of a word are taken."""


class _Shades:
    """The colors of one name that are told apart from the first of it, by word and degree."""

    def __init__(self) -> None:
        self._sizes: defaultdict[str, dict[int, float]] = defaultdict(dict)

    def tell(
        self, name: str, comparatives: list[tuple[str, float]], taken: Container[str]
    ) -> str | None:
        """A name for a color that differs so from the first; None where no word is left."""
        words = [(word, size) for word, size in comparatives if suits(word, name)]
        stands_alone = _MODIFIERS.isdisjoint(name.split()) and "ish" not in name
        for degree in _DEGREES:
            for word, size in words:
                described = f"{degrees(word)[degree]} {name}"
                if degree == 1 and (not stands_alone or word not in POSITIVE):
                    continue
                if self._is_free(described, taken) and self._is_in_order(word, degree, size):
                    self._sizes[word][degree] = size
                    return described
        pairs = (f"{one}, {two} {name}" for (one, _), (two, _) in combinations(words, 2))
        return next((pair for pair in pairs if self._is_free(pair, taken)), None)

    @staticmethod
    def _is_free(name: str, taken: Container[str]) -> bool:
        return name not in taken and name not in vocabulary()[0]

    def _is_in_order(self, word: str, degree: int, size: float) -> bool:
        """Whether what is called more is more: "even lighter" than "lighter"."""
        return all(
            (degree > other) == (size > its_size) for other, its_size in self._sizes[word].items()
        )


@lru_cache(4096)
def _near_names(red: int, green: int, blue: int, name: str, lighter: bool) -> tuple[str, ...]:
    """The names, the nearest first, that may stand for a color in place of its own.

    None says too little, nor calls darker what is lighter than another color of that name.
    """
    from skimage.color import deltaE_ciede2000

    names, known = vocabulary()
    if name not in names:
        return ()
    differences = deltaE_ciede2000(known, _lab(np.array([[red, green, blue]]) / 255))
    is_lighter = known[:, 0] > known[names.index(name), 0]
    near = np.flatnonzero((differences <= _NEAR) & (is_lighter == lighter))
    return tuple(names[place] for place in near[np.argsort(differences[near])])


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

"""What is said of a color that differs from another: words, and how much they say."""

from __future__ import annotations

import numpy as np

_NOTICEABLE = 0.5
"""The difference from which on there is a word for it: about half of what can be seen."""

_LIGHTNESS, _CHROMA = (("darker", "lighter"), ("grayer", "more vivid"))
POSITIVE = {"darker": "dark", "lighter": "light", "grayer": "grayish", "more vivid": "vivid"}
"""What is said without comparing."""

_HUES = ((25, "reddish"), (90, "yellowish"), (150, "greenish"), (270, "bluish"), (320, "purplish"))
"""Where hues lie in CIELAB, in degrees, and what is said of a color that tends there."""

_SUPERLATIVES = {
    "darker": "darkest",
    "lighter": "lightest",
    "grayer": "grayest",
    "more vivid": "most vivid",
}

_DULL = ("dull", "faded", "muted", "dusty", "dirty", "dusky", "murky", "muddy", "washed", "drab")
_STRONG = ("bright", "vivid", "vibrant", "electric", "neon", "hot", "strong", "rich", "primary")
_CONTRARY = {
    "lighter": ("black", "white"),
    "darker": ("black", "white"),
    "more vivid": (*_DULL, "soft", "gray", "black", "white"),
    "grayer": (*_STRONG, "pure", "gray", "black", "white"),
    "reddish": ("red", "green"),
    "yellowish": ("yellow", "blue"),
    "greenish": ("green", "red"),
    "bluish": ("blue", "yellow", "orange"),
    "purplish": ("purple", "yellow"),
}
"""The words of names that say the contrary, or the same already."""

NEUTRAL = 8.0
"""The chroma up to which a color is a gray: its hue says nothing."""


def components(first: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The differences in lightness, chroma and hue, weighted as CIE94 does: shape (3,)."""
    chroma, other_chroma = np.hypot(*first[1:]), np.hypot(*other[1:])
    middle = np.sqrt(chroma * other_chroma)
    turned = np.sin(turn(first, other) / 2)
    return np.array(
        [
            other[0] - first[0],
            (other_chroma - chroma) / (1 + 0.045 * middle),
            2 * middle * turned / (1 + 0.015 * middle),
        ]
    )


def turn(first: np.ndarray, other: np.ndarray) -> float:
    """How far the hue is turned, in radians, -π to π."""
    return float(np.radians((_hue(other) - _hue(first) + 180) % 360 - 180))


def comparatives(first: np.ndarray, other: np.ndarray) -> list[tuple[str, float]]:
    """What can be said of a color that differs from another, and how much, the most first."""
    lightness, chroma, turned = components(first, other).tolist()
    said = [(_LIGHTNESS[lightness > 0], abs(lightness))]
    if np.hypot(*first[1:]) > NEUTRAL:
        said.append((_CHROMA[chroma > 0], abs(chroma)))
        said.append((_tendency(first, turned), abs(turned)))
    elif chroma > 0:
        said.append((_tint(other), chroma))
    largest = max(size for _, size in said)
    return sorted(
        (each for each in said if each[0] and each[1] >= max(_NOTICEABLE, largest / 3)),
        key=lambda each: -each[1],
    )


def degrees(word: str) -> tuple[str, ...]:
    """A comparative, from the least that it may say to the most: five of them."""
    if word not in POSITIVE:
        return (f"slightly {word}", f"somewhat {word}", word, f"more {word}", f"most {word}")
    return (f"slightly {word}", POSITIVE[word], word, f"even {word}", _SUPERLATIVES[word])


def suits(word: str, name: str) -> bool:
    """Whether a comparative makes sense before a name: no "lighter black"."""
    words = name.split()
    if word.endswith("ish") or word == "grayer":
        # One tendency is enough: no "reddish brownish gray".
        return "ish" not in name and not set(_CONTRARY[word]) & set(words)
    return not set(_CONTRARY[word]) & set(words)


def _tendency(first: np.ndarray, turned: float) -> str:
    """The hue that a color is turned to; empty where it has that hue already."""
    ahead = [((hue - _hue(first)) * np.sign(turned) % 360, word) for hue, word in _HUES]
    distance, word = min(ahead)
    return word if distance > 15 else ""


def _tint(color: np.ndarray) -> str:
    """The hue that a gray would be tinted with to look like a color."""
    around = [(abs((hue - _hue(color) + 180) % 360 - 180), word) for hue, word in _HUES]
    return min(around)[1]


def _hue(color: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(color[2], color[1])) % 360)

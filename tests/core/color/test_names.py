"""Names of colors, held against the XKCD survey that matplotlib ships."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import XKCD_COLORS, to_rgb
from skimage.color import deltaE_ciede2000, lab2rgb, rgb2lab

from napari_colorcluster.core.color.names import color_names, unique_names

VULGAR = """
barf green, bile, booger, booger green, diarrhea, piss yellow, poo, poo brown, baby poo, poop,
poop brown, poop green, baby poop, baby poop green, puke, puke brown, puke green, puke yellow,
baby puke green, shit, shit brown, shit green, baby shit brown, baby shit green, snot, snot green,
vomit, vomit green, vomit yellow
"""

UNPLEASANT = """
barney, barney purple, bland, blood, blood orange, blood red, boring green, bruise, dried blood,
gross green, icky green, nasty green, nice blue, pig pink, poison green, sick green, sickly green,
sickly yellow, slime green, toxic green, ugly blue, ugly brown, ugly green, ugly pink, ugly purple,
ugly yellow, weird green
"""

SPELLINGS = """
aqua marine, blue blue, blue with a hint of purple, blue/green, blue/grey, blue/purple, bluegreen,
bluegrey, bluey green, bluey grey, bluey purple, blurple, browny green, browny orange, burnt siena,
burple, camo, camo green, creme, darkblue, darkgreen, egg shell, fluro green, forrest green, golden
rod, green/blue, green/yellow, greenblue, greeny blue, greeny brown, greeny grey, greeny yellow,
grey/blue, grey/green, greyblue, kelley green, light lavendar, light light blue, light light green,
light urple, lightblue, lighter green, lighter purple, lightgreen, liliac, ocher, ocre, orangered,
orangey brown, orangey red, orangey yellow, perrywinkle, pink/purple, pinky, pinky purple, pinky
red, purple/blue, purple/pink, purpleish blue, purpleish pink, purpley, purpley blue, purpley grey,
purpley pink, purply, purply blue, purply pink, really light blue, reddy brown, robin egg blue,
terra cotta, terracota, toupe, yellow/green, yellowgreen, yellowy brown, yellowy green
"""

NO_NOUNS = """
bluish, brownish, dark, golden, greenish, greyish, orangeish, orangish, pale, pinkish, purpleish,
purplish, reddish, royal, sandy, tealish, yellowish
"""


def listed(names):
    return " ".join(names.split()).split(", ")


ALL = {name.removeprefix("xkcd:"): to_rgb(value) for name, value in XKCD_COLORS.items()}
UNFIT = [name for names in (VULGAR, UNPLEASANT, SPELLINGS, NO_NOUNS) for name in listed(names)]
SURVEY = {name.replace("grey", "gray"): color for name, color in ALL.items() if name not in UNFIT}
KNOWN = rgb2lab(list(SURVEY.values()))


def as_8bit(srgb):
    return np.rint(255 * np.array(srgb)).astype(np.uint8)


@pytest.mark.parametrize("name", ["brown", "sky blue", "olive", "salmon", "mud", "white", "black"])
def test_a_color_of_the_survey_has_its_own_name(name):
    assert color_names(as_8bit([SURVEY[name]])) == (name,)


def differences(color):
    """The ΔE2000 of a color from each of the survey's that are fit for a paper."""
    return deltaE_ciede2000(KNOWN, np.broadcast_to(rgb2lab(color / 255), KNOWN.shape))


def test_a_name_is_the_nearest_by_ciede2000(thumbnail):
    colors = np.unique(thumbnail.reshape(-1, 3), axis=0)[::150]
    for color in colors[:, np.newaxis]:
        distances = differences(color)
        assert distances.min() <= 10
        assert color_names(color) == (list(SURVEY)[distances.argmin()],)


def test_names_that_are_unfit_for_a_paper_are_left_out():
    assert len(listed(VULGAR)) == 29
    assert len(UNFIT) == len(set(UNFIT)) == 150
    assert len(SURVEY) == len(ALL) - 150 == 799
    for name in UNFIT:
        [other] = color_names(as_8bit([ALL[name]]))
        assert other not in UNFIT


def test_gray_is_spelled_in_one_way():
    grays = np.repeat(np.arange(0, 256, 5, dtype=np.uint8), 3).reshape(-1, 3)
    names = " ".join(color_names(grays))
    assert "gray" in names
    assert "grey" not in names


LIGHTER = {"light": 1, "dark": -1}
STRONGER = {"vivid": 1, "grayish": -1}


@given(arrays(np.uint8, 3))
def test_a_far_name_has_a_word_that_says_how(color):
    [name] = color_names(color[np.newaxis])
    distances = differences(color)
    if distances.min() <= 10:
        assert name == list(SURVEY)[distances.argmin()]
    else:
        assert_helps(name, color)


@pytest.mark.parametrize("seed", range(5))
def test_far_names_have_words_that_say_how(seed):
    # Near gray, where the survey is sparse, one color in fifty is that far.
    rng = np.random.default_rng(seed)
    grays = rng.integers(20, 200, (200, 1)) + rng.integers(-25, 26, (200, 3))
    colors = np.clip(grays, 0, 255).astype(np.uint8)
    far = [color for color in colors if differences(color).min() > 10]
    assert far
    for color in far:
        assert_helps(color_names(color[np.newaxis])[0], color)


def assert_helps(name, color):
    assert name not in SURVEY
    *words, plain = name.split()
    before, after = rgb2lab(np.array([SURVEY[plain], color / 255]))
    chroma_before, chroma_after = np.hypot(*before[1:]), np.hypot(*after[1:])
    for word in words:
        if word in LIGHTER:
            assert (after[0] - before[0]) * LIGHTER[word] > 0
        elif word in STRONGER:
            assert (chroma_after - chroma_before) * STRONGER[word] > 0
        else:
            assert word in ("very", "reddish", "yellowish", "greenish", "bluish", "purplish")


def test_a_repeated_name_gets_a_number_where_there_is_no_difference_to_tell():
    browns = as_8bit([SURVEY["brown"], SURVEY["white"], SURVEY["brown"]])
    assert color_names(browns) == ("brown", "white", "brown 2")


def shade(name, lightness=0, chroma=1):
    """A color of the survey, made lighter or more vivid, 8 bits."""
    lab = rgb2lab(SURVEY[name]) * [1, chroma, chroma] + [lightness, 0, 0]
    return np.rint(255 * lab2rgb(lab)).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("brown", {"lightness": 3}, "lighter brown"),  # "light brown" is another of the survey's
        ("brown", {"lightness": -3}, "darker brown"),
        ("mocha", {"lightness": 1.5}, "light mocha"),
        ("mocha", {"lightness": -3}, "dark mocha"),
        ("mocha", {"chroma": 0.9}, "grayish mocha"),
        ("mocha", {"chroma": 1.1}, "vivid mocha"),
        ("dark green", {"lightness": 1.5}, "lighter dark green"),
    ],
)
def test_shades_of_one_name_are_told_apart_by_words(name, change, expected):
    colors = np.array([shade(name), shade("white"), shade(name, **change)])
    assert color_names(colors[2:]) == (name,)
    assert color_names(colors) == (name, "white", expected)


@pytest.mark.parametrize(
    ("lightnesses", "expected"),
    [
        ((-3, -2, -1, 0, 1), ("", "light ", "lighter ", "even lighter ", "lightest ")),
        ((0, -1, -2, -3), ("", "dark ", "darker ", "even darker ")),
        ((-3, 0, -2), ("", "light ", "slightly lighter ")),
    ],
)
def test_more_shades_are_told_apart_by_degrees(lightnesses, expected):
    names = color_names(np.array([shade("mocha", each) for each in lightnesses]))
    assert names == tuple(f"{word}mocha" for word in expected)


def test_no_word_contradicts_the_name_or_says_it_again():
    names = color_names(np.repeat(np.arange(0, 256, 2, dtype=np.uint8), 3).reshape(-1, 3))
    rng = np.random.default_rng(0)
    for _ in range(40):
        near = rng.integers(20, 235, 3) + rng.integers(-12, 13, (6, 3))
        names += color_names(np.clip(near, 0, 255).astype(np.uint8))
    for name in names:
        assert not re.search(r"(light|dark)\S* (almost )?(black|white)", name)
        assert not re.search(r"vivid \S*(dull|faded|muted|dusty|dirty|gray)", name)
        assert not re.search(r"gray(er|ish|est) \S*(bright|vivid|gray)", name)


def test_a_darker_black_is_not_called_lighter():
    almost = np.array([[20, 20, 20], [22, 22, 22]], np.uint8)
    assert color_names(almost)[0] == "almost black"
    assert color_names(almost)[1] != "black"
    assert color_names(np.array([[0, 0, 0], [5, 5, 5]], np.uint8)) == ("black", "almost black")


def test_many_shades_of_one_name_have_names_of_their_own():
    shades = [shade("mocha"), shade("mocha", 1), shade("mocha", 1.8), shade("mocha", -1, 0.95)]
    names = color_names(np.array(shades))
    assert len(set(names)) == 4
    assert names[:2] == ("mocha", "light mocha")
    assert all(name.endswith("mocha") for name in names)


def test_a_name_depends_on_those_before_it_alone(thumbnail):
    colors = thumbnail.reshape(-1, 3)[::40]
    names = color_names(colors)
    assert color_names(colors[:30]) == names[:30]
    others = np.vstack([colors[:30], as_8bit([SURVEY["magenta"], SURVEY["light brown"]])])
    assert color_names(others)[:30] == names[:30]


def test_no_color_has_no_name():
    assert color_names(np.empty((0, 3), np.uint8)) == ()


@pytest.mark.parametrize(
    ("names", "unique"),
    [
        (["tan", "tan", "tan"], ("tan", "tan 2", "tan 3")),
        (["tan", "tan", "tan 2"], ("tan", "tan 3", "tan 2")),
        (["tan 2", "tan 2", "tan", "tan"], ("tan 2", "tan 2 2", "tan", "tan 3")),
    ],
)
def test_a_number_that_is_taken_is_passed_over(names, unique):
    assert unique_names(names) == unique


@given(st.lists(st.sampled_from(["tan", "tan 2", "tan 3", "tan 2 2", "red"]), max_size=12))
def test_names_are_unique_and_begin_as_they_were(names):
    unique = unique_names(names)
    assert len(set(unique)) == len(names)
    assert all(new.startswith(old) for new, old in zip(unique, names, strict=True))
    assert {name: unique[names.index(name)] for name in names} == {name: name for name in names}


@pytest.mark.parametrize(
    ("names", "given", "unique"),
    [
        (["tan", "tan"], {0: "bone"}, ("bone", "tan 2")),
        (["tan", "red"], {1: "tan"}, ("tan 2", "tan")),
        (["tan", "tan", "red"], {2: "tan 2"}, ("tan", "tan 3", "tan 2")),
        (["tan", "tan", "tan"], {0: "bone", 1: "tan"}, ("bone", "tan", "tan 3")),
    ],
)
def test_names_that_are_given_stay_and_change_no_others_number_without_need(names, given, unique):
    assert unique_names(names, given) == unique


@given(
    st.lists(st.sampled_from(["tan", "tan 2", "red"]), min_size=3, max_size=9),
    st.dictionaries(st.integers(0, 2), st.integers(0, 3), max_size=3).filter(
        lambda given: len(set(given.values())) == len(given)
    ),
)
def test_names_are_unique_whatever_is_given(names, numbers):
    given = {place: f"tan {number}" for place, number in numbers.items()}
    unique = unique_names(names, given)
    assert len(set(unique)) == len(names)
    assert all(unique[place] == name for place, name in given.items())

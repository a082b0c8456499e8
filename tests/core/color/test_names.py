"""Names of colors, held against the XKCD survey that matplotlib ships."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import XKCD_COLORS, to_rgb
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster.core.color.names import color_names, unique_names

SURVEY = {name.removeprefix("xkcd:"): to_rgb(value) for name, value in XKCD_COLORS.items()}


def as_8bit(srgb):
    return np.rint(255 * np.array(srgb)).astype(np.uint8)


@pytest.mark.parametrize("name", ["brown", "sky blue", "olive", "salmon", "poo", "white", "black"])
def test_a_color_of_the_survey_has_its_own_name(name):
    assert color_names(as_8bit([SURVEY[name]])) == (name,)


def test_a_name_is_the_nearest_by_ciede2000(thumbnail):
    colors = np.unique(thumbnail.reshape(-1, 3), axis=0)[::150]
    survey = rgb2lab(list(SURVEY.values()))
    for color in colors[:, np.newaxis]:
        distances = deltaE_ciede2000(survey, rgb2lab(color / 255))
        assert color_names(color) == (list(SURVEY)[distances.argmin()],)


def test_a_repeated_name_gets_a_number():
    browns = as_8bit([SURVEY["brown"], SURVEY["white"], SURVEY["brown"]])
    assert color_names(browns) == ("brown", "white", "brown 2")


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

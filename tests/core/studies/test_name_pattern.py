"""Groups by names, held against `fnmatch` where no group is asked for."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.studies.name_pattern import NamePattern, suggest_pattern


@pytest.mark.parametrize(
    ("pattern", "name", "group"),
    [
        ("(*)_*", "leaf_sun_01", "leaf"),
        ("*_(*)_*", "leaf_sun_01", "sun"),
        ("(*)_??", "leaf_sun_01", "leaf_sun"),
        ("(*)[0-9]*", "leaf12", "leaf"),
        ("*(male|x)*", "a male|x b", "male|x"),
        ("(*)_*", "leaf", None),
        ("(*)_*", "_01", None),
        ("([!_]*)*_*", "a+b_1", "a"),
        ("(*)[^x]", "a^", "a"),
        ("fish.(*).*", "fishXmale.1", None),
        ("(**)_***", "leaf_sun_01", "leaf"),
        ("[*](*)**", "*leaf", "l"),
        # A loop for each star would take a minute.
        ("(*)******x", "a" * 80, None),
    ],
)
def test_the_part_in_parentheses_is_the_group(pattern, name, group):
    assert NamePattern(pattern).group_of(name) == group


@pytest.mark.parametrize("pattern", ["", "*_*", "(*", "*)", "(*)_(*)", "((*))", ")("])
def test_one_pair_of_parentheses_is_needed(refused, pattern):
    with refused("group in parentheses", repr(pattern)):
        NamePattern(pattern)


def test_a_range_must_be_one(refused):
    with refused("as in [0-9]", "'(*)[9-0]'"):
        NamePattern("(*)[9-0]")


letters = st.text("ab_1[]!^-.*?\\\n", max_size=6)


@given(letters, letters, letters)
def test_names_fit_as_file_names_do(before, after, name):
    # A set that is not closed, and ranges that are none, are dealt with in ways of their own.
    if any(set(each) & set("[]\\") for each in (before, after)):
        return
    fits = NamePattern(f"{before}(*){after}").group_of(name) is not None
    assert fits == fnmatch.fnmatchcase(name, f"{before}?*{after}")


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["leaf_1", "leaf_2", "twig_1"], "(*)_*"),
        (["leaf-1", "leaf-2", "twig-1"], "(*)-*"),
        (["leaf1", "leaf2", "twig1"], "(*)[0-9]*"),
        (["leaf", "twig"], "(*)_*"),
        (["leaf_1", "twig_2"], "(*)_*"),
    ],
)
def test_a_pattern_is_suggested_that_tells_groups(names, pattern):
    assert suggest_pattern(names).text == pattern

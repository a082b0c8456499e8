"""Numbers of tests as they are read."""

import pytest

from napari_colorcluster.report.group_test_words import number_words


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("pseudo_f", 1.375, "1.38"),
        ("pseudo_f", 138_891.4, "138,891"),
        ("pseudo_f", 6.5437e20, "6.54e+20"),
        ("dispersion_f", float("inf"), "∞"),
        ("p", float("nan"), "–"),
        ("p", 0.0014, "0.001"),
        ("images", 1200, "1,200"),
    ],
)
def test_numbers_are_short(column, value, words):
    assert number_words(column, value) == words

"""What counts as an integer or a number: of Python or numpy, but no bool."""

from fractions import Fraction

import numpy as np
import pytest

from napari_colorcluster.core.support.numbers import is_integer, is_number


@pytest.mark.parametrize(
    ("value", "integer", "number"),
    [
        (3, True, True),
        (np.uint8(3), True, True),
        (3.0, False, True),
        (np.float32(3), False, True),
        (Fraction(3), False, True),
        (True, False, False),
        (np.True_, False, False),
        (3j, False, False),
        ("3", False, False),
        (None, False, False),
        (np.array(3), False, False),
    ],
)
def test_bools_and_what_is_no_number_are_told_apart(value, integer, number):
    assert (is_integer(value), is_number(value)) == (integer, number)

"""Numbers as text, and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.support.packed import pack, unpack


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=9), st.sampled_from([1, 9]))
def test_numbers_come_back(numbers, level):
    text = pack(np.array(numbers, "<u8"), level)
    assert unpack({"numbers": text}, "numbers", "<u8", len(numbers)).tolist() == numbers


@pytest.mark.parametrize("n", [1, 3])
def test_other_numbers_of_numbers_are_refused(n):
    text = pack(np.arange(2, dtype="<u2"))
    with pytest.raises(ValueError, match=f'"steps" does not hold {n} packed numbers'):
        unpack({"steps": text}, "steps", "<u2", n)


@pytest.mark.parametrize("stored", [{}, {"steps": 3}, {"steps": "!"}, {"steps": "AAAA"}])
def test_other_text_is_refused(stored):
    with pytest.raises(ValueError, match='"steps" does not hold 2 packed numbers'):
        unpack(stored, "steps", "<u2", 2)

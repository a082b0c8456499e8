"""Arrays that nobody may change, in place or as a view."""

import numpy as np
import pytest

from napari_colorcluster.core.support.frozen import frozen, read_only_view


def test_a_frozen_array_is_the_same_and_cannot_be_written_to():
    array = np.zeros(3)
    assert frozen(array) is array
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_what_is_viewed_can_still_be_written_to_by_its_owner():
    array = np.zeros(3)
    view = read_only_view(array)
    array[0] = 1
    assert view[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2

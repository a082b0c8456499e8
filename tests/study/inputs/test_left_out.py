"""What takes no part: masks, and colors to ignore everywhere or at the border alone."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import Picture
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.study.inputs import left_out
from napari_colorcluster.study.inputs.left_out import Ignored, leave_out, touching_border


def test_what_a_person_writes_is_understood():
    for text in ("#ffffff:10", "#0a141e:2.5:border"):
        assert str(Ignored.parse(text)) == text
    assert Ignored.parse("#fff:10") == Ignored.parse("#ffffff:10")


@pytest.mark.parametrize("text", ["#ffffff", "white:3", "#fff:-1", "#fff:x", "#fff:1:edge", ""])
def test_what_is_something_else_is_refused(text):
    with pytest.raises(ValueError, match=r'^Colors to ignore must be "COLOR:DISTANCE"'):
        Ignored.parse(text)


@given(arrays(bool, st.tuples(st.integers(1, 2), st.integers(1, 7), st.integers(1, 7))))
def test_what_touches_the_border_is_what_spreads_from_it(inside):
    for plane, found in zip(inside, touching_border(inside), strict=True):
        rim = np.ones_like(plane)
        rim[1:-1, 1:-1] = False
        np.testing.assert_array_equal(found, ndimage.binary_propagation(rim & plane, mask=plane))


@pytest.mark.parametrize("lazy", [False, True])
def test_near_colors_are_left_out_as_scikit_image_measures_them(thumbnail, lazy):
    color = "#{:02x}{:02x}{:02x}".format(*thumbnail[3, 3])
    near = deltaE_ciede2000(rgb2lab(thumbnail), rgb2lab(thumbnail[3:4, 3:4])) <= 12
    given = da.from_array(thumbnail, chunks=(20, 30, 3)) if lazy else thumbnail
    mask = np.arange(68) > np.full((47, 1), 9)
    for border in (False, True):
        expected = mask & near
        if border:
            rim = np.pad(np.zeros((45, 66), bool), 1, constant_values=True)
            expected = ndimage.binary_propagation(rim & expected, mask=expected)
        ignored = (Ignored.parse(f"{color}:12" + ":border" * border),)
        kept, number = leave_out(Picture(given), mask, ignored, 0.5, None, silent)
        np.testing.assert_array_equal(np.asarray(kept), mask & ~expected)
        assert number == np.count_nonzero(expected) > 0


def test_a_border_is_not_looked_for_in_what_is_too_large(thumbnail, monkeypatch, refused):
    monkeypatch.setattr(left_out, "MAX_CONNECTED", 100)
    with refused("without :border", "#ffffff"):
        leave_out(Picture(thumbnail), None, (Ignored.parse("#fff:9:border"),), 0.5, None, silent)

"""Counts of color ranges: those of a comparison with every pixel."""

import dask.array as da
import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import SphericalRange, count_colors, count_range
from napari_colorcluster.core.color.ranges.counting import RangeCounter

BROWN = SphericalRange("#8c5a32", 20)


@pytest.fixture(scope="module")
def brown(thumbnail):
    lab = rgb2lab(thumbnail)
    return deltaE_ciede2000(lab, rgb2lab(np.array([[[0x8C, 0x5A, 0x32]]]) / 255)) <= 20


def test_pixels_are_counted_as_if_each_were_compared(thumbnail, brown):
    found = count_range(thumbnail, BROWN, return_mask=True)
    assert (found.pixels, found.n_pixels) == (brown.sum(), brown.size)
    assert found.fraction == brown.mean()
    assert found.n_colors == len(np.unique(thumbnail[brown], axis=0))
    assert found.mask.dtype == bool
    np.testing.assert_array_equal(found.mask, brown)
    assert count_range(thumbnail, BROWN.to_dict()).mask is None


def test_what_is_left_out_is_not_counted(thumbnail, brown):
    mask = np.zeros(brown.shape, bool)
    mask[10:30, 5:] = True
    found = count_range(thumbnail, BROWN, mask, return_mask=True)
    assert (found.pixels, found.n_pixels) == ((brown & mask).sum(), mask.sum())
    np.testing.assert_array_equal(found.mask, brown & mask)
    clear = np.dstack([thumbnail, np.where(mask, 255, 40).astype(np.uint8)])
    assert count_range(clear, BROWN).pixels == found.pixels
    assert count_range(clear, BROWN, min_alpha=0.1).pixels == brown.sum()


def test_of_a_dask_image_the_mask_is_lazy(thumbnail, brown):
    lazy = da.from_array(thumbnail, chunks=(20, 30, 3))
    found = count_range(lazy, BROWN, return_mask=True)
    assert found.pixels == brown.sum()
    assert isinstance(found.mask, da.Array)
    np.testing.assert_array_equal(found.mask.compute(scheduler="synchronous"), brown)


def test_a_histogram_is_counted_as_its_image_but_has_no_mask(refused, thumbnail, brown):
    histogram = count_colors(thumbnail)
    assert count_range(histogram, BROWN).pixels == brown.sum()
    with refused("return_mask=True needs an image"):
        count_range(histogram, BROWN, return_mask=True)
    nothing = count_range(thumbnail, BROWN, np.zeros(brown.shape, bool))
    assert (nothing.pixels, nothing.fraction) == (0, 0.0)


def test_true_colors_are_counted_where_there_is_a_calibration(thumbnail, calibration):
    found = count_range(thumbnail, BROWN, calibration=calibration.to_dict(), return_mask=True)
    expected = BROWN(thumbnail.reshape(-1, 3), calibration).reshape(found.mask.shape)
    np.testing.assert_array_equal(found.mask, expected)
    assert found.pixels == expected.sum()


def test_a_counter_measures_once_for_all_radii(thumbnail, monkeypatch):
    counter = RangeCounter(count_colors(thumbnail))
    measured, measure = [], SphericalRange.measure

    def counted(self, *arguments):
        measured.append(self.color)
        return measure(self, *arguments)

    monkeypatch.setattr(SphericalRange, "measure", counted)
    colors = counter.histogram.colors
    for one in (BROWN, SphericalRange("#8c5a32", 4), SphericalRange("#000", 30), BROWN):
        np.testing.assert_array_equal(counter.inside(one), one.holds(measure(one, colors)))
    assert measured == ["#8c5a32", "#000000", "#8c5a32"]

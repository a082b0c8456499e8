"""Profiles that numbers describe, as ITU-T H.273 lists them."""

import pytest

from napari_colorcluster.core.files.pictures.formats.described import HDR, from_cicp


@pytest.mark.parametrize("transfer", [1, 2, 6, 13, 14, 15])
def test_curves_of_video_are_shown_as_srgb(transfer):
    assert from_cicp(1, transfer) == (None, "")
    assert from_cicp(9, transfer) == from_cicp(9, 13)
    assert from_cicp(9, transfer)[1] == "BT.2020"


@pytest.mark.parametrize("transfer", [0, 3, 7, 9, 10, 11, 12, 16, 17, 18, 19])
def test_other_curves_are_named_and_left(transfer):
    assert from_cicp(1, transfer) == from_cicp(9, transfer) == (None, HDR)

"""What is said of a calibration."""

from dataclasses import replace

import numpy as np
import pytest

from napari_colorcluster import Calibration
from napari_colorcluster.widgets.calibration.words import summary, warnings


def test_a_good_fit_has_its_numbers_and_no_warning(calibration):
    n_used = int(calibration.patches["used"].sum())
    text = summary(calibration)
    assert f"{calibration.delta_e_before:.1f} before, {calibration.delta_e:.1f} after" in text
    assert f"Fit of {n_used} patches" in text
    used = tuple(patch for patch in calibration.records if not patch.reason)
    assert warnings(replace(calibration, records=used)) == ""


def test_patches_that_were_left_out_are_named_by_their_reason(calibration):
    reasons = ["clipped", "shaded", "clipped"] + [""] * 21
    records = tuple(
        replace(patch, reason=reason)
        for patch, reason in zip(calibration.records, reasons, strict=True)
    )
    assert warnings(replace(calibration, records=records)).splitlines() == [
        "Left out as clipped: dark skin, blue sky.",
        "Left out as shaded: light skin.",
    ]


@pytest.mark.parametrize(("delta_e", "poor"), [(1.9, False), (2.1, True)])
def test_a_poor_fit_is_called_poor(calibration, delta_e, poor):
    records = tuple(
        replace(patch, delta_e_after=delta_e, reason="") for patch in calibration.records
    )
    expected = "The fit is poor: check the corners, glare and shadows." if poor else ""
    assert warnings(replace(calibration, records=records)) == expected


def test_one_patch_is_a_white_balance():
    calibration = Calibration.from_gray(np.full((1, 3), (120, 100, 90), np.uint8), None, None)
    expected = (
        f"White balance by one patch, which was off by ΔE2000 {calibration.delta_e_before:.1f}."
    )
    assert summary(calibration) == expected
    assert warnings(calibration) == ""


def test_without_patches_nothing_is_claimed():
    calibration = Calibration("white_balance", np.eye(3))
    assert "not known" in summary(calibration)
    assert warnings(calibration) == ""

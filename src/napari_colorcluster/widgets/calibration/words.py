"""What a calibration comes to, in a few short sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.calibration.models import MODELS
from napari_colorcluster.core.color.calibration.records import Patch

POOR = 2.0
"""The mean ΔE2000 above which a fit is called poor."""


def summary(calibration: Calibration) -> str:
    """How far the patches are from their true colors, before and after."""
    before, after = calibration.delta_e_before, calibration.delta_e
    patches = calibration.records
    if not patches:
        return "A calibration without patches: its quality is not known."
    if len(patches) == 1:
        return f"White balance by one patch, which was off by ΔE2000 {before:.1f}."
    used = sum(not patch.reason for patch in patches)
    return (
        f"Mean ΔE2000: {before:.1f} before, {after:.1f} after. "
        f"Fit of {used} patches: {MODELS[calibration.model].title}."
    )


def warnings(calibration: Calibration) -> str:
    """What is wrong with a calibration, a line each; empty where nothing is."""
    return "\n".join(_warnings(calibration))


def _warnings(calibration: Calibration) -> Iterator[str]:
    left_out = sorted((each for each in calibration.records if each.reason), key=_reason)
    for reason, patches in groupby(left_out, _reason):
        yield f"Left out as {reason}: {', '.join(patch.name for patch in patches)}."
    if calibration.delta_e > POOR:
        yield "The fit is poor: check the corners, glare and shadows."


def _reason(patch: Patch) -> str:
    return patch.reason

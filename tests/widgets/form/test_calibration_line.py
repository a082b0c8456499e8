"""The line that says by what colors are calibrated."""

import numpy as np
import pytest

from napari_colorcluster import Calibration
from napari_colorcluster.widgets.form.calibration_line import CalibrationLine


@pytest.fixture
def line(qtbot):
    line = CalibrationLine()
    qtbot.addWidget(line)
    line.heard = []
    line.changed.connect(lambda: line.heard.append("changed"))
    line.chosen.connect(lambda: line.heard.append("chosen"))
    return line


def test_it_is_there_while_there_is_a_calibration(line, calibration):
    assert not line.isVisible()
    line.value = calibration
    assert line.isVisible()
    assert line.label.text() == "Calibrated: ColorChecker Classic"
    assert f"{calibration.delta_e:.1f} after" in line.label.toolTip()
    line.value = None
    assert not line.isVisible()


def test_one_without_patches_has_no_numbers(line):
    line.value = Calibration("white_balance", np.eye(3))
    assert "nan" not in line.label.toolTip() + line.label.text()


def test_what_a_person_chooses_is_told_apart_from_what_is_restored(line, calibration):
    line.value = calibration
    line.value = Calibration.from_dict(calibration.to_dict())
    line.choose(calibration)
    assert line.heard == ["changed"]
    line.button.click()
    assert line.heard == ["changed", "changed", "chosen"]
    line.choose(calibration)
    assert line.heard[3:] == ["changed", "chosen"]

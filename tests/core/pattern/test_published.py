"""Patterns whose indices others have published."""

import json
from pathlib import Path

import numpy as np
import pytest

import napari_colorcluster as ncc

CASES = json.loads((Path(__file__).parent / "data" / "qcpa.json").read_text("utf-8"))["cases"]

NEED_A_VISION_MODEL = {"BSA:BMSL", "BSA:BsSL"}


@pytest.fixture(scope="module")
def checkerboard():
    """That of the tests of pavo: 5 × 5 fields in a picture 10 units wide, corners of color 2."""
    fields = 2 - np.indices((5, 5)).sum(axis=0) % 2
    return np.kron(fields, np.ones((44, 44), int)).astype(np.uint8)


def values_of(table):
    assert table["index"].is_unique
    return table.set_index("index")["value"]


def test_the_checkerboard_of_pavo(checkerboard):
    pattern = ncc.measure_pattern(checkerboard, spacing=10 / 220)
    assert pattern.pixels.tolist() == [23_232, 25_168]
    found = values_of(
        pattern.indices(
            distances={"dS": [[0, 10], [10, 0]], "dL": [[0, 20], [20, 0]]},
            values={"sat": [1, 6], "lum": [1, 10]},
        )
    )
    expected = {
        **{"k": 2, "N": 96_360, "m_r": 0.4, "m_c": 0.4, "m": 0.4, "A": 1, "Sc": 1.996805},
        **{"St": 1, "Jt": 1, "m_dS": 10, "s_dS": 0, "cv_dS": 0, "m_dL": 20, "s_dL": 0, "cv_dL": 0},
        **{"m_sat": 3.6, "m_lum": 5.68},
    }
    for symbol, value in expected.items():
        assert found[symbol] == pytest.approx(value, abs=1e-6), symbol


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_worked_example_of_qcpa(case):
    pattern = ncc.Pattern(case["hAdj"], case["vAdj"], case["area"], luminances=case["lum"])
    np.testing.assert_array_equal(pattern.transitions, case["Adj"])
    found = values_of(pattern.indices(shares="pairs"))
    left_out = set()
    for name, value in case["expect"].items():
        symbol = name.replace(" Hrz", "_x").replace(" Vrt", "_y")
        if symbol in found:
            assert found[symbol] == pytest.approx(value, abs=1e-6), symbol
        else:
            left_out.add(name)
    assert left_out == NEED_A_VISION_MODEL

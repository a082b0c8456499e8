"""Calibrations in files."""

import json

import numpy as np
import pytest

from napari_colorcluster import Calibration, read_calibration


@pytest.fixture
def calibration():
    return Calibration.from_gray(np.full((5, 5, 3), (140, 120, 90), np.uint8))


def test_what_is_written_is_read_again(calibration, tmp_path):
    path = tmp_path / "card.json"
    calibration.write(path)
    assert read_calibration(path) == calibration


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", ["card.json", "line 1 is no JSON"]),
        (b"\xff\xfe\x00", ["card.json", "is no text"]),
        (b"[1]", ["card.json", 'needs "format"']),
        (b'{"format": "napari-colorcluster/1"}', ["got 'napari-colorcluster/1'"]),
    ],
)
def test_other_files_are_refused(data, words, tmp_path, refused):
    path = tmp_path / "card.json"
    path.write_bytes(data)
    with refused("Cannot read", *words):
        read_calibration(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"matrix": "abc"}, ["The matrix of model 'white_balance' needs 3 rows", "got 'abc'"]),
        ({"matrix": [[float("nan")] * 3] * 3}, ["finite numbers, got [[nan"]),
        ({"exponents": ["a", "b", "c"]}, ["exponents must be three numbers above 0", "'a'"]),
        ({"patches": [{"name": "gray"}]}, ["A stored patch needs"]),
    ],
)
def test_what_a_file_says_wrongly_is_told(calibration, change, words, tmp_path, refused):
    path = tmp_path / "card.json"
    path.write_text(json.dumps(calibration.to_dict() | change), "utf-8")
    with refused("Cannot read 'card.json'", *words):
        read_calibration(path)

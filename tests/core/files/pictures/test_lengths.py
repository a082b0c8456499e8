"""Lengths as people write them, and what they make of a pixel."""

import pytest

from napari_colorcluster.core.files.pictures.lengths import (
    parse_lengths,
    pixel_size_of,
    spacing_of,
)
from napari_colorcluster.core.pixels.pixel_size import PixelSize


@pytest.mark.parametrize(
    ("text", "deep", "expected"),
    [
        ("0.5", False, PixelSize(0.25, "")),
        ("0.5", True, PixelSize(0.25, "")),
        ("2um", False, PixelSize(4, "µm²")),
        ("2 µm", False, PixelSize(4, "µm²")),
        ("2 \u03bcm", False, PixelSize(4, "µm²")),
        ("1e-3mm", False, PixelSize(1e-6, "mm²")),
        ("2x3nm", False, PixelSize(6, "nm²")),
        ("2x3x4 nm", True, PixelSize(24, "nm³", 3)),
        ("2x3x4 nm", False, PixelSize(6, "nm²")),
        (".5X2cm", False, PixelSize(1, "cm²")),
    ],
)
def test_a_pixel_has_the_lengths_that_are_written(text, deep, expected):
    assert pixel_size_of(parse_lengths(text), deep) == expected


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "nan", "inf", "um", "1x", "1x2x3x4", "2 parsecs", "1 2", "0x1um", "1in"]
)
def test_what_is_no_length_is_refused(text, refused):
    with refused("A pixel size must be", "as in 0.5, 0.5um", repr(text)):
        parse_lengths(text)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ({}, ((1, 1), None)),
        ({"x": (2, "mm")}, ((1, 1), None)),
        ({"x": (2, "mm"), "y": (3, "mm")}, ((3, 2), "mm")),
        ({"x": (2, "mm"), "y": (3, "cm"), "z": (9, "m")}, ((30, 2), "mm")),
        ({"x": (2, ""), "y": (3, "")}, ((3, 2), None)),
    ],
)
def test_the_sides_along_rows_and_columns_are_in_the_unit_of_x(lengths, expected):
    spacing, unit = spacing_of(lengths)
    assert spacing == pytest.approx(expected[0])
    assert unit == expected[1]

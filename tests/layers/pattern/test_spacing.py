"""The size of a layer's pixels, against what its scale and units say."""

import numpy as np
import pytest
from napari.layers import Labels

from napari_colorcluster.layers.pattern.spacing import spacing_of

LABELS = np.ones((4, 5), int)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({}, ((1, 1), None)),
        ({"scale": (2, 3)}, ((2, 3), None)),
        ({"scale": (0.5, 0.25), "units": ("mm", "mm")}, ((0.5, 0.25), "mm")),
        ({"scale": (500, 0.25), "units": ("um", "mm")}, ((0.5, 0.25), "mm")),
        ({"scale": (0.5, 0.25), "units": ("mm", "pixel")}, ((0.5, 0.25), None)),
        ({"scale": (2, 3), "rotate": 30}, ((2, 3), None)),
        ({"scale": (2, 3), "affine": np.diag([10, 1, 1])}, ((20, 3), None)),
    ],
)
def test_the_sides_are_those_along_rows_and_columns(placed, expected):
    spacing, unit = spacing_of(Labels(LABELS, **placed))
    assert spacing == pytest.approx(expected[0])
    assert unit == expected[1]


def test_of_a_stack_the_plane_counts():
    layer = Labels(np.ones((2, 4, 5), int), scale=(9, 2, 3), units=("s", "um", "um"))
    assert spacing_of(layer) == ((2, 3), "µm")

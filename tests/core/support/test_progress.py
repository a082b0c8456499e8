"""A step's own fractions within those of the whole."""

import pytest

from napari_colorcluster.core.support.progress import part


def test_a_part_of_a_whole_maps_its_fractions_into_its_share():
    told = []
    step = part(part(lambda *report: told.append(report), 0.5, 1.0), 0.2, 0.6)
    for fraction in (0.0, 0.5, 1.0):
        step(fraction, "Step")
    assert [what for _, what in told] == ["Step"] * 3
    assert [fraction for fraction, _ in told] == pytest.approx([0.6, 0.7, 0.8])

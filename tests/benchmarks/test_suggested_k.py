"""Tiny pictures of the study of suggested k, so that it cannot rot."""

from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def known_k(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    import known_k.curves
    import known_k.rules
    import known_k.scenes

    monkeypatch.setattr(known_k.scenes, "SHAPE", (40, 60))
    monkeypatch.setattr(known_k.curves, "N_POINTS", 60)
    return known_k


@pytest.mark.parametrize("which", ["tuning", "hold-out"])
def test_scenes_are_the_same_each_time(known_k, which):
    once, again = (list(known_k.scenes.scenes(which, 1, 4)) for _ in range(2))
    assert [scene.least for scene in once] == [2, 3, 4]
    for one, other in zip(once, again, strict=True):
        assert one.image.shape == (40, 60, 3)
        np.testing.assert_array_equal(one.image, other.image)


def test_each_rule_finds_the_colors_of_a_clear_picture(known_k):
    colors = np.array([[220, 30, 30], [30, 30, 200], [240, 240, 240], [20, 20, 20]])
    noise = np.random.default_rng(0).integers(-3, 4, (40, 60, 3))
    image = (np.repeat(colors, 10, axis=0)[:, np.newaxis] + noise).clip(0, 255).astype(np.uint8)
    curves = known_k.curves.curves_of(image, range(2, 7))
    assert curves.upto(4).sse.tolist() == curves.sse[:4].tolist()
    found = {
        f"{name} {words}": rule(curves)
        for name, rules in known_k.rules.RULES.items()
        for words, rule in rules.items()
    }
    # Beside references that are round, clusters that are not seem to be two.
    assert {name for name, k in found.items() if k != 4} <= {"gap statistic "}

"""The words on a pattern, for all indices that there are."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.layers.pattern.measured import Measured
from napari_colorcluster.widgets.pattern.words import explanation, in_few_words, measured_note

PALETTE = ncc.Palette([[200, 30, 30], [30, 30, 200]], [0, 0], ("a", "b"))
PATTERN = ncc.measure_pattern(np.array([[1, 1, 2], [2, 1, 1]]), PALETTE, spacing=0.5, unit="mm")
INDICES = PATTERN.indices("pairs").set_index("index", drop=False)


@pytest.mark.parametrize("symbol", list(INDICES.index))
def test_an_index_is_named_in_one_line_and_explained_in_full(symbol):
    row = INDICES.loc[symbol]
    words = in_few_words(row["definition"])
    assert words
    assert not set("Σ:") & set(words)
    assert row["definition"].startswith(words.partition(", along")[0])
    assert words.endswith((", along x", ", along y")) == (symbol[-2:] in ("_x", "_y"))
    for part in (symbol, row["definition"], row["source"]):
        assert part in explanation(row)


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("Sc", "Color diversity"),
        ("Hc", "Color entropy (Shannon)"),
        ("St_x", "Transition diversity, along x"),
        ("PT_y", "Patch size, along y"),
        ("m_r", "Transition density along rows"),
    ],
)
def test_formulas_are_left_to_the_explanation(symbol, words):
    assert in_few_words(INDICES.loc[symbol, "definition"]) == words


def test_the_note_says_what_was_measured_and_what_is_left_out():
    patches, numbers = PATTERN.patches(), PATTERN.label_patches()
    assert measured_note(Measured(PATTERN, patches, numbers)) == "Measured in 6 pixels of 0.5 mm."
    bare = ncc.measure_pattern(np.array([[1, 2]]), spacing=(2, 3), unit="µm")
    note = measured_note(Measured(bare, None, None))
    assert note.startswith("Measured in 2 pixels of 3 × 2 µm. ")
    assert "color" in note
    assert "too large for patches" in note

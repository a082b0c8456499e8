"""The rule that suggests a k, on numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.clustering.suggestion import (
    MIN_APART,
    MIN_EXPLAINED,
    Reason,
    suggest,
)

NONE = float("nan")
FAR, CLOSE = 30.0, 3.0


@pytest.mark.parametrize(
    ("rows", "suggested", "reason", "compared"),
    [
        # k: silhouette, explained, closest colors
        (
            {2: (0.8, 0.6, FAR), 3: (0.5, 0.9, FAR), 4: (0.4, 0.95, FAR)},
            *(3, Reason.BEST, (3, 4)),
        ),
        (
            {2: (0.8, 0.9, FAR), 3: (0.5, 0.95, FAR)},
            *(2, Reason.BEST, (2, 3)),
        ),
        (
            {2: (0.4, 0.9, FAR), 3: (0.6, 0.92, CLOSE), 4: (0.5, 0.95, FAR)},
            *(4, Reason.BEST, (2, 4)),
        ),
        (
            {2: (0.8, 0.4, FAR), 3: (0.5, 0.6, FAR), 4: (0.4, 0.9, CLOSE)},
            *(3, Reason.LARGEST, ()),
        ),
        (
            {2: (0.4, 0.9, CLOSE), 3: (0.6, 0.92, CLOSE), 4: (0.5, 0.95, CLOSE)},
            *(3, Reason.CLOSE, (2, 3, 4)),
        ),
        (
            {2: (0.4, 0.9, FAR), 3: (0.6, 0.9, FAR), 4: (0.6, 0.9, FAR)},
            *(3, Reason.BEST, (2, 3, 4)),
        ),
        (
            {2: (0.4, MIN_EXPLAINED, MIN_APART), 3: (0.3, 0.9, MIN_APART)},
            *(2, Reason.BEST, (2, 3)),
        ),
        (
            {1: (NONE, 0.0, NONE), 2: (-0.6, 0.3, CLOSE)},
            *(2, Reason.CLOSE, (2,)),
        ),
        ({1: (NONE, 1.0, NONE)}, *(1, Reason.ONLY, ())),
    ],
)
def test_the_highest_silhouette_of_those_that_explain_enough(rows, suggested, reason, compared):
    found = suggest(list(rows), *np.array(list(rows.values()), float).T)
    assert (found.n_clusters, found.reason, found.compared) == (suggested, reason, compared)


unit = st.floats(0, 1)


@given(st.lists(st.tuples(unit, unit, st.floats(0, 100)), min_size=1, max_size=9))
def test_it_is_one_of_those_tried_and_none_that_passes_has_a_higher_silhouette(rows):
    silhouette, explained, apart = np.array(rows).T
    numbers = np.arange(2, 2 + len(rows))
    found = suggest(numbers, silhouette, explained, apart)
    row = found.n_clusters - 2
    assert 0 <= row < len(rows)
    passes = (explained >= MIN_EXPLAINED) & (apart >= MIN_APART)
    if passes.any():
        assert passes[row]
        assert silhouette[row] == silhouette[passes].max()

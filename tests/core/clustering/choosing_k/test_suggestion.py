"""The rule that suggests a k, on numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.clustering.choosing_k.suggestion import (
    MIN_APART,
    MIN_GAIN,
    Reason,
    suggest,
)

NONE = float("nan")
FAR, CLOSE = 30.0, 3.0


@pytest.mark.parametrize(
    ("rows", "suggested", "reason"),
    [
        # k: explained, closest colors
        ({2: (0.6, FAR), 3: (0.8, FAR), 4: (0.9, CLOSE)}, 3, Reason.LARGEST),
        ({2: (0.6, FAR), 3: (0.8, CLOSE), 4: (0.9, FAR)}, 4, Reason.LARGEST),
        ({2: (0.6, FAR), 3: (0.8, FAR), 4: (0.805, FAR)}, 3, Reason.LARGEST),
        ({2: (0.6, FAR), 3: (0.603, FAR), 4: (0.8, FAR)}, 4, Reason.LARGEST),
        ({2: (0.6, MIN_APART), 3: (0.6 + 1.1 * MIN_GAIN, MIN_APART)}, 3, Reason.LARGEST),
        ({2: (0.6, CLOSE), 3: (0.8, CLOSE)}, 2, Reason.SMALLEST),
        ({5: (0.6, CLOSE), 6: (0.8, CLOSE)}, 5, Reason.SMALLEST),
        # Each of the five clusters that were added explains less.
        ({2: (0.8, FAR), 7: (0.83, FAR)}, 2, Reason.LARGEST),
        ({1: (0.0, NONE), 2: (0.3, FAR)}, 2, Reason.LARGEST),
        ({1: (0.0, NONE), 2: (0.3, CLOSE)}, 2, Reason.SMALLEST),
        ({1: (1.0, NONE)}, 1, Reason.ONLY),
    ],
)
def test_the_largest_with_distinct_colors_that_each_explain_something(rows, suggested, reason):
    found = suggest(list(rows), *np.array(list(rows.values())).T)
    assert (found.n_clusters, found.reason) == (suggested, reason)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 100)), min_size=1, max_size=9))
def test_no_larger_one_passes_and_it_passes_unless_none_does(rows):
    explained, apart = np.array(rows).T
    explained = np.sort(explained)
    found = suggest(np.arange(2, 2 + len(rows)), explained, apart)
    gains = np.diff([0, *explained])
    passes = [k for k, row in enumerate(zip(gains, apart, strict=True), 2) if _passes(*row)]
    assert found.n_clusters == max(passes, default=2)
    assert (found.reason is Reason.LARGEST) == bool(passes)


def _passes(gain, apart):
    return gain >= MIN_GAIN and apart >= MIN_APART

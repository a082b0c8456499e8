"""What is asked of a sweep, and the words of its advice."""

import pandas as pd
import pytest

from napari_colorcluster import sweep_clusters
from napari_colorcluster.core.clustering.choosing_k.suggestion import suggest
from napari_colorcluster.widgets.choose_k.view import ChooseK, advice

NONE = float("nan")


class Sweep:
    """A sweep with these silhouettes, shares explained and ΔE by number of clusters."""

    def __init__(self, rows):
        columns = ["silhouette", "explained_variance_ratio", "min_delta_e"]
        self.table = pd.DataFrame(
            [(k, 1e6 / k, *row, "exact") for k, row in rows.items()],
            columns=["n_clusters", "sse", *columns, "silhouette_method"],
        )
        explained, apart = self.table[columns[1:]].to_numpy().T
        self.suggestion = suggest(list(rows), explained, apart)
        self.suggested = self.suggestion.n_clusters

    def to_dataframe(self):
        return self.table


LARGEST = (
    "Suggested: k = {}, the largest with all colors at least ΔE 11 apart whose last cluster adds "
    "1% or more to the explained variance ({})."
)
SMALLEST = (
    "Suggested: k = {}, the smallest tried: every k has colors closer than ΔE 11, or a last "
    "cluster that adds less than 1% to the explained variance ({})."
)


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (
            Sweep({2: (0.6, 0.7, 30), 3: (0.52, 0.9, 20), 4: (0.5, 0.95, 9)}),
            LARGEST.format(3, "90%"),
        ),
        (
            Sweep({2: (0.6, 0.7, 30), 3: (0.52, 0.9, 20), 4: (0.5, 0.905, 12)}),
            LARGEST.format(3, "90%"),
        ),
        (
            Sweep({2: (0.6, 0.7, 30), 3: (0.52, 0.9, 20)}),
            f"{LARGEST.format(3, '90%')} This is the largest k tried: a larger one may do better.",
        ),
        (
            Sweep({2: (0.6, 0.7, 30), 3: (0.52, 1.0, 20)}),
            LARGEST.format(3, "100%"),
        ),
        (
            Sweep({2: (0.6, 0.7, 3.2), 3: (0.52, 0.9, 1)}),
            SMALLEST.format(2, "70%"),
        ),
        (
            Sweep({4: (0.6, 0.7, 3.2), 5: (0.52, 0.9, 1)}),
            f"{SMALLEST.format(4, '70%')} A smaller one may do better.",
        ),
    ],
)
def test_the_advice_says_why(sweep, said):
    assert advice(sweep) == f"{said} A suggestion, not the truth."


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (
            Sweep({1: (NONE, 0, NONE)}),
            "One cluster cannot be compared: try a larger k.",
        ),
        (
            Sweep({1: (NONE, 0, NONE), 4: (0.5, 0.9, 30)}),
            "Only k = 4 was tried, with a silhouette of 0.50: try others too.",
        ),
        (
            Sweep({4: (0.5, 0.9, 3)}),
            "Only k = 4 was tried, with a silhouette of 0.50 and two colors only ΔE 3.0 apart: try "
            "others too.",
        ),
    ],
)
def test_where_there_is_nothing_to_compare_none_is_suggested(sweep, said):
    assert advice(sweep) == said


def test_a_real_sweep_is_shown_with_its_advice(qtbot, thumbnail):
    choose = ChooseK()
    qtbot.addWidget(choose)
    assert choose.advice.isHidden()
    sweep = sweep_clusters(thumbnail, range(1, 6))
    choose.set_sweep(sweep, 3)
    assert choose.advice.text().startswith(f"Suggested: k = {sweep.suggested}, ")
    assert not choose.advice.isHidden()
    choose.set_sweep(None)
    assert choose.advice.isHidden()

"""What is asked of a sweep, and the words of its advice."""

import numpy as np
import pandas as pd
import pytest

from napari_colorcluster import sweep_clusters
from napari_colorcluster.core.clustering.suggestion import suggest
from napari_colorcluster.widgets.choose_k.view import ChooseK, advice

NONE = float("nan")


class Sweep:
    """A sweep with these silhouettes, shares explained and ΔE by number of clusters."""

    def __init__(self, rows, how="exact"):
        columns = ["silhouette", "explained_variance_ratio", "min_delta_e"]
        self.suggestion = suggest(list(rows), *np.array(list(rows.values())).T)
        self.suggested = self.suggestion.n_clusters
        self.table = pd.DataFrame(
            [(k, 1e6 / k, *row, how) for k, row in rows.items()],
            columns=["n_clusters", "sse", *columns, "silhouette_method"],
        )

    def to_dataframe(self):
        return self.table


BEST = (
    "Suggested: k = {}, the highest silhouette ({}) of those that explain 85 % of the variance "
    "with all colors at least ΔE 10 apart."
)


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (
            Sweep({2: (0.6, 0.7, 30), 3: (0.52, 0.9, 20), 4: (0.5, 0.95, 12)}),
            BEST.format(3, "0.52, exact"),
        ),
        (
            Sweep({2: (0.4, 0.9, 30), 3: (0.52, 0.9, 20), 4: (0.61, 0.95, 2.14)}, "sample of 9"),
            BEST.format(3, "0.52, sample of 9"),
        ),
        (
            Sweep({2: (0.52, 0.6, 3.2), 3: (0.4, 0.9, 1), 4: (0.3, 0.95, 0.5)}),
            "Suggested: k = 2, the highest silhouette (0.52, exact), though with two colors only "
            "ΔE 3.2 apart; every k has some closer than 10.",
        ),
        (
            Sweep({2: (0.6, 0.4, 30), 3: (0.5, 0.724, 20), 4: (0.4, 0.9, 5)}),
            "Suggested: k = 3, the largest with all colors at least ΔE 10 apart; it explains only "
            "72 % of the variance.",
        ),
        (
            Sweep({2: (0.6, 0.4, 30), 3: (0.5, 0.724, 20)}),
            "Suggested: k = 3, the largest with all colors at least ΔE 10 apart; it explains only "
            "72 % of the variance. It is the largest k tried: larger ones may do better.",
        ),
        (
            Sweep(
                {
                    2: (0.52, 0.7, 30),
                    3: (0.521, 0.9, 20),
                    4: (0.519, 0.9, 12),
                    5: (0.519, 0.9, 3),
                    6: (0.52, 0.9, 11),
                }
            ),
            f"{BEST.format(3, '0.52, exact')} k = 4, 6 are as good to two decimals.",
        ),
        (
            Sweep({2: (0.52, 0.9, 30), 3: (0.52, 0.9, 20)}),
            f"{BEST.format(2, '0.52, exact')} k = 3 is as good to two decimals.",
        ),
        (
            Sweep({2: (0.4, 0.9, 30), 3: (0.52, 0.9, 20)}),
            f"{BEST.format(3, '0.52, exact')} It is the largest k tried: larger ones may do "
            "better.",
        ),
        (
            Sweep({4: (0.5, 0.9, 30), 5: (0.4, 0.9, 20)}),
            f"{BEST.format(4, '0.50, exact')} It is the smallest k tried: smaller ones may do "
            "better.",
        ),
        (
            Sweep({2: (0.4, 0.9, 30), 3: (1.0, 1.0, 20)}),
            BEST.format(3, "1.00, exact"),
        ),
    ],
)
def test_the_advice_says_why(sweep, said):
    assert advice(sweep) == f"{said} A suggestion, not the truth."


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (Sweep({1: (NONE, 0, NONE)}), "One cluster has nothing to be compared with: try more."),
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

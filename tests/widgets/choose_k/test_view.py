"""What is asked of a sweep, and the words of its advice."""

import pandas as pd
import pytest

from napari_colorcluster import sweep_clusters
from napari_colorcluster.widgets.choose_k.view import ChooseK, advice

NONE = float("nan")


class Sweep:
    """A sweep with these silhouettes and ΔE by number of clusters."""

    def __init__(self, suggested, rows, how="exact"):
        self.suggested = suggested
        self.table = pd.DataFrame(
            [(k, 1e6 / k, *row, how) for k, row in rows.items()],
            columns=["n_clusters", "sse", "silhouette", "min_delta_e", "silhouette_method"],
        )

    def to_dataframe(self):
        return self.table


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (
            Sweep(3, {2: (0.4, 30), 3: (0.52, 20), 4: (0.5, 9)}),
            "Suggested: k = 3, the highest silhouette (0.52, exact).",
        ),
        (
            Sweep(3, {2: (0.4, 30), 3: (0.52, 20), 5: (0.5, 2.14), 6: (0.4, 1)}, "sample of 9"),
            "Suggested: k = 3, the highest silhouette (0.52, sample of 9); k = 5 would have two "
            "colors only ΔE 2.1 apart.",
        ),
        (
            Sweep(3, {2: (0.4, 30), 3: (0.52, 20), 4: (0.61, 2.14)}),
            "Suggested: k = 3, the highest silhouette (0.52, exact) with all colors at least ΔE 5 "
            "apart; k = 4 has 0.61, but two colors only ΔE 2.1 apart.",
        ),
        (
            Sweep(2, {2: (0.52, 3.2), 3: (0.4, 1), 4: (0.3, 0.5)}),
            "Suggested: k = 2, the highest silhouette (0.52, exact), though with two colors only "
            "ΔE 3.2 apart; every k has some closer than 5.",
        ),
        (
            Sweep(3, {2: (0.4, 30), 3: (0.521, 20), 4: (0.519, 9), 5: (0.519, 3), 6: (0.52, 8)}),
            "Suggested: k = 3, the highest silhouette (0.52, exact); k = 5 would have two colors "
            "only ΔE 3.0 apart. k = 4, 6 are as good to two decimals.",
        ),
        (
            Sweep(2, {2: (0.52, 30), 3: (0.52, 20)}),
            "Suggested: k = 2, the highest silhouette (0.52, exact). k = 3 is as good to two "
            "decimals.",
        ),
        (
            Sweep(3, {2: (0.4, 30), 3: (0.52, 20)}),
            "Suggested: k = 3, the highest silhouette (0.52, exact). It is the largest k tried: "
            "larger ones may do better.",
        ),
        (
            Sweep(4, {4: (0.5, 30), 5: (0.4, 20)}),
            "Suggested: k = 4, the highest silhouette (0.50, exact). It is the smallest k tried: "
            "smaller ones may do better.",
        ),
        (
            Sweep(3, {2: (0.4, 30), 3: (1.0, 20)}),
            "Suggested: k = 3, the highest silhouette (1.00, exact).",
        ),
    ],
)
def test_the_advice_says_why(sweep, said):
    assert advice(sweep) == f"{said} A suggestion, not the truth."


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        (Sweep(1, {1: (NONE, NONE)}), "One cluster has nothing to be compared with: try more."),
        (
            Sweep(4, {1: (NONE, NONE), 4: (0.5, 30)}),
            "Only k = 4 was tried, with a silhouette of 0.50: try others too.",
        ),
        (
            Sweep(4, {4: (0.5, 3)}),
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

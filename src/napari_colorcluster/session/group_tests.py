"""The request to test whether groups of a comparison differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_colorcluster.core.studies.comparison import PaletteComparison
from napari_colorcluster.core.support.progress import Progress

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class GroupTestsRequest:
    """Test the groups of a comparison; a permutation takes little, but there are many."""

    comparison: PaletteComparison

    def do(self, progress: Progress) -> pd.DataFrame:
        """Test them; see `PaletteComparison.group_tests`."""
        return self.comparison.group_tests(progress=progress)

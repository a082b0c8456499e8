"""The layout of a figure in a window, which may be made too small for any."""

from __future__ import annotations

import warnings
from typing import Any

from matplotlib.layout_engine import ConstrainedLayoutEngine


class QuietLayout(ConstrainedLayoutEngine):
    """Matplotlib's constrained layout, without its warning where there is no room for the axes.

    Whoever drags a window to a sliver and back needs no message about it.
    """

    def execute(self, fig: Any) -> Any:
        """Lay out a figure; one without any room stays as it was."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="constrained_layout not applied")
            return super().execute(fig)

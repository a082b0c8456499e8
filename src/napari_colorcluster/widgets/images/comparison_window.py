"""The window that sets images beside each other: shares, distances, and which are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QWidget

from napari_colorcluster.session.requests.many_requests import shown_palettes
from napari_colorcluster.widgets.images.share_window import ShareWindow
from napari_colorcluster.widgets.palette.words import share_text
from napari_colorcluster.widgets.parts.figure_view import FigureView

if TYPE_CHECKING:
    import pandas as pd
    from napari.components import ViewerModel

    from napari_colorcluster.core.studies.comparison import PaletteComparison


CHANGED = "Out of date: press Compare… in the panel to update."


class ComparisonWindow(ShareWindow):
    """A comparison of palettes.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    comparison : PaletteComparison
        What is shown.
    parent : QWidget, optional
        Owner of the window.
    """

    def __init__(
        self, viewer: ViewerModel, comparison: PaletteComparison, parent: QWidget | None = None
    ) -> None:
        from napari_colorcluster.report.comparison_figure import draw_comparison

        self._viewer, self._comparison = viewer, comparison
        figure = FigureView(lambda figure, text: draw_comparison(figure, comparison, text))
        super().__init__(f"Comparison of {len(comparison.images)} images", figure, parent)
        shares = _shares(comparison)
        # As in the figure, where like images stand together; files keep the order of the layers.
        order = comparison.order
        notes = []
        if comparison.left_out:
            notes.append(f"Left out, having no pixels: {', '.join(comparison.left_out)}.")
        if shares is None:
            distances = comparison.distance_table().iloc[order, order]
            self.table.set_table(distances, lambda distance: f"{distance:.2f}")
            notes.append(
                "These images have different clusters, so the table shows the distances between "
                "their palettes (ΔE2000). Apply palette or Pool gives them the same clusters "
                "and a table of shares."
            )
        else:
            palette = next(iter(comparison.palettes.values()))
            self.table.set_table(shares.iloc[order], share_text, palette.hex)
            self.add_save("shares", "shares.csv", "Table", shares.to_csv)
        self.set_note(" ".join(notes))
        self.add_save("distances", "distances.csv", "Table", comparison.distance_table().to_csv)
        self.add_save("figure", "comparison.png", "Picture", figure.save)

    def follow(self) -> None:
        """Say where there are other palettes by now, or other images that have one."""
        there, left_out = shown_palettes(self._viewer), self._comparison.left_out
        compared = {name: each for name, each in there.items() if name not in left_out}
        is_current = compared == dict(self._comparison.palettes) and set(left_out) <= set(there)
        self.set_changed("" if is_current else CHANGED)


def _shares(comparison: PaletteComparison) -> pd.DataFrame | None:
    """The table of shares; None where the images have not the same clusters."""
    try:
        return comparison.shares_table()
    except ValueError:
        return None

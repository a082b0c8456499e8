"""The colors that clusters are shown in, as edits: one given by hand, or one found for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from napari_colorcluster.core.clustering.checks import check_label
from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.editing.registry import edited, registered
from napari_colorcluster.core.clustering.parts.representatives import check_representative
from napari_colorcluster.core.color.checks import check_color


class Colored(Clusters):
    """Clusters that can be shown in other colors; their pixels stay the same."""

    @registered
    def recolor(self, label: int, color: str | Iterable[int]) -> Self:
        """Show a cluster in another color; its pixels stay the same.

        Parameters
        ----------
        label : int
            A label of the palette.
        color : str or three int
            "#rrggbb", "#rgb", or red, green and blue in 0..255; sRGB.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the label is not in the palette, or the color is not valid.
        """
        label, color = check_label(self.row_labels, label), check_color(color)
        edit = ("recolor", label, "#{:02x}{:02x}{:02x}".format(*color))
        return edited(self, edit, given_colors={**self.given_colors, label: color})

    @registered
    def represent(self, by: str) -> Self:
        """Show each cluster in the color that represents it, undoing every `recolor`.

        It lasts: after later edits, clusters are shown in the color that represents what they
        consist of then.

        Parameters
        ----------
        by : {"mean", "mode", "medoid"}
            ``"mean"``, as at first: the mean of its pixels in the working space, which need not be
            the color of any of them. ``"mode"``: the color of most of its pixels; of several, the
            one nearest to the mean. ``"medoid"``: of its colors, that with the least sum of squared
            distances to all its pixels in the working space, which is the one nearest to the mean;
            of several, the one of most pixels. With a calibration, colors are the calibrated ones,
            in 8 bits.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If it is none of these.
        """
        by = check_representative(by)
        return edited(self, ("represent", by), representative=by, given_colors={})

"""The order of the rows of a palette, as an edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from napari_colorcluster.core.clustering.checks import check_label
from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.editing.registry import edited, registered
from napari_colorcluster.core.color.ordering import ordered_labels


class Ordered(Clusters):
    """Clusters whose rows can be put in another order."""

    @registered
    def reorder(self, order: str | Iterable[int]) -> Self:
        """Put the rows of the palette in another order; labels, colors and shares stay.

        The order lasts: after later edits, a cluster that is still there keeps its place, a merged
        one has that of the label it keeps, and new ones come last, the largest first.

        Parameters
        ----------
        order : str or iterable of int
            ``"share"`` is the order at first, the largest first, and makes rows follow later
            changes of the shares again. ``"label"``, ``"lightness"`` (the lightest first),
            ``"hue"`` (from red over yellow, green and blue; grays last) and ``"name"`` are that of
            the colors and names as they are now. Or labels, of which each comes before the next;
            those left out follow in the order they have.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the order is unknown, or a label is not in the palette or given twice.
        """
        if isinstance(order, str):
            labels = tuple(ordered_labels(self.palette, order))
            return edited(self, ("reorder", order), order=() if order == "share" else labels)
        if not isinstance(order, Iterable):
            raise ValueError(f"An order must be labels, such as [2, 1], got {order!r}.")
        labels = tuple(check_label(self.row_labels, label) for label in order)
        if len(set(labels)) < len(labels):
            raise ValueError(f"Each label can have one place only, got {list(labels)}.")
        rest = tuple(label for label in self.row_labels.tolist() if label not in set(labels))
        return edited(self, ("reorder", labels), order=(*labels, *rest))

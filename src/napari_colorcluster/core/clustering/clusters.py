"""The clusters of an image's colors as a value: labels, colors, names and fractions. No image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.clustering.parts.moments import Moments
from napari_colorcluster.core.clustering.parts.partition import Partition
from napari_colorcluster.core.clustering.parts.representatives import MEAN, OWN_COLORS
from napari_colorcluster.core.color.display import as_html, as_text
from napari_colorcluster.core.color.names import color_names
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import label_dtype
from napari_colorcluster.core.pixels.reading import MIN_ALPHA
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.words import counted


@dataclass(frozen=True, eq=False, repr=False)
class Clusters:
    """The state of a clustering; the base of `ColorClustering`, where the fields are described."""

    partition: Partition
    label_of: np.ndarray
    keywords: dict[str, Any]
    edits: tuple[tuple[Any, ...], ...] = ()
    given_colors: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)
    given_names: Mapping[int, str] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    representative: str = MEAN

    def __post_init__(self) -> None:
        label_of = np.array(self.label_of, label_dtype(np.max(self.label_of)))
        object.__setattr__(self, "label_of", frozen(label_of))

    def __reduce__(self) -> tuple[Any, ...]:
        # Cached values are not pickled, and arrays are read-only again on arrival.
        return type(self), tuple(getattr(self, each.name) for each in fields(self))

    def __repr__(self) -> str:
        return as_text(self._title, self.palette.rows)

    def _repr_html_(self) -> str:
        return as_html(self._title, self.palette.rows)

    @property
    def _title(self) -> str:
        method, space = METHODS[self.keywords["method"]], self.partition.space.color_space
        n = len(self.edits)
        edits = f", {counted(n, 'edit')}" if n else ""
        return (
            f"{type(self).__name__}: {counted(self.n_clusters, 'cluster')} by {method.title} in "
            f"{space.title}{edits}, {counted(int(self.pixels.sum()), 'pixel')}"
        )

    @classmethod
    def from_grouping(
        cls,
        histogram: ColorHistogram,
        space: WorkingSpace,
        points: np.ndarray,
        grouping: Grouping,
        keywords: dict[str, Any],
    ) -> Self:
        """Make a clustering of a method's clusters, labeled 1, 2, ... from the largest on.

        Parameters
        ----------
        histogram : ColorHistogram
            The colors.
        space : WorkingSpace
            The space that they were clustered in.
        points : ndarray, shape (n_colors, 3), float64
            The colors in that space.
        grouping : Grouping
            The result of the method.
        keywords : dict
            The keywords of `cluster_colors` that reproduce the result.
        """
        partition = Partition.from_grouping(histogram, space, points, grouping)
        return cls(partition, np.arange(partition.n_parts + 1), keywords)

    @property
    def histogram(self) -> ColorHistogram:
        """The colors that were clustered."""
        return self.partition.histogram

    @property
    def settings(self) -> dict[str, Any]:
        """The keywords that reproduce this result: ``cluster_colors(image, **settings)``.

        All are values of JSON. ``"edits"`` is among them if there are any.
        """
        edits = {"edits": as_json(self.edits)} if self.edits else {}
        return {**self.keywords, **edits}

    @property
    def min_alpha(self) -> float:
        """The least alpha of a pixel that takes part, in [0, 1]."""
        return self.keywords.get("min_alpha", MIN_ALPHA)

    @property
    def max_distance(self) -> float | None:
        """The largest ΔE2000 of a color to that of its cluster, as asked of the method."""
        return self.keywords.get("max_distance")

    @property
    def n_clusters(self) -> int:
        """Number of clusters, without the background."""
        return len(self.row_labels)

    @property
    def n_background(self) -> int:
        """Number of pixels in the background, those that are too far from all colors included."""
        return self.histogram.n_pixels - int(self.pixels.sum())

    @property
    def n_too_far(self) -> int:
        """Number of pixels that are left out for being too far from the color of their cluster.

        By ``max_distance``, or by `leave_out_beyond`.
        """
        beyond = self.partition.beyond
        return int(self.partition.moments.pixels[beyond - 1]) if beyond else 0

    @cached_property
    def labels(self) -> np.ndarray:
        """The label of each color of the histogram, shape (n_colors,); 0 for background."""
        parts = self.partition.parts
        return parts if self._relabels is None else frozen(self._relabels[parts])

    @cached_property
    def _rows(self) -> tuple[np.ndarray, Moments]:
        """The labels of the clusters in their order, and their moments."""
        labels, moments = np.arange(1, self.partition.n_parts + 1), self.partition.moments
        if self._relabels is not None:
            labels, groups = np.unique(self.label_of[1:], return_inverse=True)
            if labels[0] == 0:
                labels, groups = labels[1:], groups - 1
            moments = moments.merged(groups)
        place = {label: at for at, label in enumerate(self.order)}
        places = (
            [place.get(label, len(place)) for label in labels.tolist()] if place else 0 * labels
        )
        order = np.lexsort([labels, -moments.pixels, places])
        return frozen(labels[order].astype(np.int64)), moments.take(order)

    @property
    def row_labels(self) -> np.ndarray:
        """The label of each row of the palette, shape (n_clusters,), int64."""
        return self._rows[0]

    @property
    def pixels(self) -> np.ndarray:
        """Number of pixels in each cluster, shape (n_clusters,), int64; rows as in the palette."""
        return self._rows[1].pixels

    @property
    def sums(self) -> np.ndarray:
        """Sum of the points of each cluster's pixels, shape (n_clusters, 3), float64."""
        return self._rows[1].sums

    @cached_property
    def centers(self) -> np.ndarray:
        """Mean of each cluster in the working space, shape (n_clusters, 3), float64."""
        return frozen(self._rows[1].centers)

    @cached_property
    def inertia(self) -> float:
        """Sum of the squared distances of all pixels to the mean of their cluster (SSE).

        In the working space, for the clusters after all edits, without the background.
        """
        return float(self._rows[1].spread.sum())

    @cached_property
    def explained_variance_ratio(self) -> float:
        """The share of the variance in the working space that the clusters explain, in [0, 1].

        1 - `inertia` / the inertia of a single cluster; 1 where all colors are the same point.
        """
        moments = self._rows[1]
        total = float(moments.merged(np.zeros(len(moments.pixels), np.int64)).spread[0])
        return 1 - self.inertia / total if total > 0 else 1.0

    @cached_property
    def mean_colors(self) -> np.ndarray:
        """The sRGB color of each cluster's mean, shape (n_clusters, 3), uint8."""
        return frozen(self.partition.space.colors(self.centers))

    @cached_property
    def representative_colors(self) -> np.ndarray:
        """The sRGB color that represents each cluster, see `represent`: (n_clusters, 3), uint8."""
        group_of = np.full(int(self.label_of.max()) + 1, -1)
        group_of[self.row_labels] = np.arange(self.n_clusters)
        return frozen(self.represented(group_of, self.centers))

    def represented(self, group_of: np.ndarray, centers: np.ndarray) -> np.ndarray:
        """Find the colors that would represent groups of clusters, each as one cluster.

        Parameters
        ----------
        group_of : ndarray, shape (largest label + 1,), integer
            The group of each label, 0..n_groups - 1, each used; negative for none.
        centers : ndarray, shape (n_groups, 3), float64
            The mean of each group in the working space.

        Returns
        -------
        ndarray, shape (n_groups, 3), uint8
            sRGB.
        """
        if self.representative == MEAN:
            return self.partition.space.colors(centers)
        order, starts = self._by_label
        labels = np.flatnonzero(group_of >= 0)
        rows = np.concatenate([order[starts[label] : starts[label + 1]] for label in labels])
        groups = np.repeat(group_of[labels], np.diff(starts)[labels])
        colors, counts = self.histogram.colors[rows], self.histogram.counts[rows]
        find = OWN_COLORS[self.representative]
        return find(self.partition.space, colors, counts, groups, centers)

    @cached_property
    def _by_label(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows of the histogram by their labels, and where those of each label begin."""
        order = np.argsort(self.labels, kind="stable")
        n_labels = int(self.label_of.max()) + 1
        return order, np.searchsorted(self.labels[order], np.arange(n_labels + 1))

    @cached_property
    def colors(self) -> np.ndarray:
        """The color of each cluster, as represented or recolored: shape (n_clusters, 3), uint8."""
        colors = self.representative_colors.copy()
        for label, color in self.given_colors.items():
            colors[self.row_labels == label] = color
        return frozen(colors)

    @cached_property
    def palette(self) -> Palette:
        """The colors, names and fractions of the clusters, largest first unless reordered."""
        # Computed on first use: finding the names takes longer than a small clustering.
        # Equal names are numbered in the order of the labels, which edits of other clusters keep.
        order = np.argsort(self.row_labels)
        rows = enumerate(self.row_labels[order].tolist())
        given = {row: self.given_names[label] for row, label in rows if label in self.given_names}
        names = np.empty(len(order), object)
        names[order] = color_names(self.colors[order], given)
        return Palette(self.colors, self.pixels, tuple(names), self.row_labels)

    @cached_property
    def _relabels(self) -> np.ndarray | None:
        """The label of each part; None if each part has its own number as its label."""
        unchanged = np.array_equal(self.label_of, np.arange(len(self.label_of)))
        return None if unchanged else self.label_of

    @cached_property
    def label_colors(self) -> np.ndarray:
        """The color of each label, shape (largest label + 1, 3), uint8; black for unused labels."""
        colors = np.zeros((int(self.row_labels.max()) + 1, 3), np.uint8)
        colors[self.row_labels] = self.colors
        return frozen(colors)


def as_json(value: Any) -> Any:
    """Copy edits for JSON, with lists in place of tuples and dicts in place of color ranges."""
    if isinstance(value, ColorRange):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {name: as_json(each) for name, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list | tuple) else value

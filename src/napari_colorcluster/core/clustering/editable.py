"""The edits of a clustering: methods that return another clustering and can be replayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import count, islice
from typing import Any, Self

import numpy as np

from napari_colorcluster.core.clustering.checks import (
    check_fraction,
    check_label,
    check_labels,
    check_name,
    check_pairs,
)
from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.editing.assigning import reassigned
from napari_colorcluster.core.clustering.editing.by_color import ByColor
from napari_colorcluster.core.clustering.editing.colored import Colored
from napari_colorcluster.core.clustering.editing.ordered import Ordered
from napari_colorcluster.core.clustering.editing.registry import (
    edited,
    grouped,
    registered,
    relabeled,
)
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.ranges.records import as_color_range
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.numbers import is_integer


class Editable(ByColor, Colored, Ordered):
    """Clusters with their edits, each of which returns another clustering."""

    @registered
    def merge(self, labels: Iterable[int]) -> Self:
        """Merge several clusters into one.

        It keeps the smallest of their labels, and the color and name if that one was given any;
        otherwise it has the mean color of all and the name of that color.

        Parameters
        ----------
        labels : iterable of int
            Two or more labels of the palette.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If there are fewer than two, or one is not in the palette.
        """
        merged = check_labels(self.row_labels, labels)
        if len(merged) < 2:
            raise ValueError(f"A merge needs at least two different labels, got {labels!r}.")
        label_of = relabeled(self, ((label, merged[0]) for label in merged))
        return edited(self, ("merge", tuple(merged)), label_of=label_of)

    @registered
    def split(self, label: int, n_clusters: int = 2) -> Self:
        """Split a cluster by clustering its colors again, on their own.

        The largest of the new clusters keeps the label; the others get the smallest free labels.
        The method, its options, the working space and the seed are those of the clustering; but
        k-means is used if the method finds the number of clusters itself or finds too few.

        Parameters
        ----------
        label : int
            A label of the palette.
        n_clusters : int, default 2
            The number of new clusters, at most the number of distinct colors of the cluster.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the label is not in the palette, or the cluster has too few colors.
        """
        label = check_label(self.row_labels, label)
        space = self.partition.space
        n_colors = space.n_distinct(space.points(self.histogram.colors[self.labels == label]))
        if n_colors < 2:
            raise ValueError(f"Cluster {label} has a single color and cannot be split.")
        if not is_integer(n_clusters) or not 2 <= n_clusters <= n_colors:
            raise ValueError(
                f"Cluster {label} can be split in 2 to {n_colors:,}, the number of its distinct "
                f"colors, got {n_clusters!r}."
            )
        used, group_of = grouped(self)
        if (n_groups := len(used) + n_clusters - 2) > MAX_LABELS:
            raise ValueError(f"There can be at most {MAX_LABELS:,} clusters, got {n_groups:,}.")
        n_clusters = int(n_clusters)
        partition = self.partition.split(
            group_of,
            int(np.flatnonzero(used == label)[0]),
            n_clusters,
            _method_for_split(self.keywords),
            self.keywords["random_state"],
        )
        added = islice(free_labels(used), n_clusters - 1)
        label_of = np.array([*used, *added])
        edit = ("split", label, n_clusters)
        return edited(self, edit, partition=partition, label_of=label_of)

    @registered
    def assign(
        self,
        color_range: ColorRange | Mapping[str, Any],
        label: int | None = None,
        within: Iterable[int] | None = None,
    ) -> Self:
        """Give the colors of a range to one cluster, or make a cluster of their own of them.

        Colors that were not clustered obey as well where they are in the range. A cluster that has
        no color left is gone: what would belong to it belongs to the one that got its colors.

        Parameters
        ----------
        color_range : SphericalRange, RectangularRange, LassoRange or mapping
            The colors, or what the ``to_dict`` of a range gave. They are true colors where the
            clustering has a calibration.
        label : int, optional
            The label that they get, 0 for the background; by default the smallest free one.
        within : iterable of int, optional
            The labels that the colors are taken from, 0 for the background; by default all.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the range is not valid, a label is not in the palette, no clustered color would get
            a label that is new, or no cluster would be left.
        """
        color_range = as_color_range(color_range)
        known = np.append(self.row_labels, 0)
        if within is not None:
            within = tuple(check_labels(known, within))
        if label is None:
            to = next(free_labels(self.row_labels))
            if to > MAX_LABELS:
                raise ValueError(f"There can be at most {MAX_LABELS:,} clusters, got {to:,}.")
        else:
            to = label = check_label(known, label)
        arguments = (color_range, label, within)
        while arguments[-1] is None:
            arguments = arguments[:-1]
        changes = reassigned(self, color_range, to, within)
        return edited(self, ("assign", *arguments), **changes)

    @registered
    def absorb(self, min_fraction: float) -> Self:
        """Merge each small cluster into the nearest large one.

        A cluster is small if its fraction is below `min_fraction`; the nearest is the one with the
        nearest mean in the working space. The largest cluster always counts as large.

        Parameters
        ----------
        min_fraction : float
            Fraction of the pixels, 0 to 1.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the fraction is not in 0..1.
        """
        fraction = check_fraction("min_fraction", min_fraction)
        keep = self.pixels >= fraction * self.pixels.sum()
        keep[np.argmax(self.pixels)] = True
        edit = ("absorb", fraction)
        return edited(self, edit, label_of=_merged_into_nearest(self, keep))

    @registered
    def give_away(self, labels: Iterable[int]) -> Self:
        """Merge each of some clusters into the nearest of the others, as `absorb` does.

        Parameters
        ----------
        labels : iterable of int
            Labels of the palette, but not all of them.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If one is not in the palette, or no cluster would be left.
        """
        given = check_labels(self.row_labels, labels)
        if len(given) == self.n_clusters:
            raise ValueError(f"A cluster must be left to merge the others into, got {given}.")
        keep = ~np.isin(self.row_labels, given)
        edit = ("give_away", tuple(given))
        return edited(self, edit, label_of=_merged_into_nearest(self, keep))

    @registered
    def set_background(self, labels: int | Iterable[int]) -> Self:
        """Set clusters as background: their pixels get label 0 and do not count in fractions.

        Parameters
        ----------
        labels : int or iterable of int
            One or several labels of the palette, but not all of them.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If a label is not in the palette, or no cluster would be left.
        """
        given = check_labels(self.row_labels, [labels] if is_integer(labels) else labels)
        if len(given) == self.n_clusters:
            raise ValueError(f"A cluster must be left beside the background, got {labels!r}.")
        edit = ("set_background", given[0] if len(given) == 1 else tuple(given))
        return edited(self, edit, label_of=relabeled(self, ((label, 0) for label in given)))

    @registered
    def relabel(
        self,
        mapping: Mapping[int, int] | Iterable[tuple[int, int]],
        names: Mapping[int, str] | Iterable[tuple[int, str]] = (),
    ) -> Self:
        """Change the labels of clusters, which keep the colors and names they were given.

        Parameters
        ----------
        mapping : mapping of int to int, or pairs
            From labels of the palette to new ones, 1..65,535. Other labels stay as they are.
        names : mapping of int to str, or pairs, optional
            Names for labels as they are after the change.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If a label is not in the palette, a new one is not allowed, or two clusters would have
            the same label or name.
        """
        new = {check_label(self.row_labels, old): to for old, to in check_pairs("mapping", mapping)}
        for to in new.values():
            if not is_integer(to) or not 1 <= to <= MAX_LABELS:
                raise ValueError(f"A label must be an integer in 1..{MAX_LABELS:,}, got {to!r}.")
        new = {old: int(to) for old, to in sorted(new.items())}
        all_new = {old: new.get(old, old) for old in self.row_labels.tolist()}
        if len(set(all_new.values())) < len(all_new):
            raise ValueError(
                f"Two clusters cannot have the same label, got {new}: use merge to join them."
            )
        added = {}
        for label, name in check_pairs("names", names):
            if label not in all_new.values():
                raise ValueError(f"No cluster is numbered {label!r} after this change.")
            added[int(label)] = check_name(name)
        given_colors = {all_new[old]: color for old, color in self.given_colors.items()}
        given_names = {all_new[old]: name for old, name in self.given_names.items()} | added
        if len(set(given_names.values())) < len(given_names):
            raise ValueError(f"Two clusters cannot have the same name, got {added}.")
        arguments = (tuple(new.items()), *([tuple(sorted(added.items()))] if added else []))
        return edited(
            self,
            ("relabel", *arguments),
            label_of=relabeled(self, new.items()),
            given_colors=given_colors,
            given_names=given_names,
            order=tuple(all_new[old] for old in self.order),
        )

    @registered
    def renumber(self) -> Self:
        """Label the clusters 1, 2, ... in the order of the rows: the largest first, or as put.

        They keep the colors and names they were given.

        Returns
        -------
        ColorClustering
        """
        mapping = {label: number for number, label in enumerate(self.row_labels.tolist(), 1)}
        return replace(self.relabel(mapping), edits=(*self.edits, ("renumber",)))

    @registered
    def rename(self, label: int, name: str) -> Self:
        """Give a cluster a name, which stays with its label.

        Parameters
        ----------
        label : int
            A label of the palette.
        name : str
            Not empty, and not the name of another cluster.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            If the label is not in the palette, or the name is not allowed.
        """
        label, name = check_label(self.row_labels, label), check_name(name)
        names = zip(self.palette.labels.tolist(), self.palette.names, strict=True)
        for other, other_name in names:
            if other != label and other_name == name:
                raise ValueError(f"Cluster {other} has the name {name!r} already.")
        return edited(self, ("rename", label, name), given_names={**self.given_names, label: name})


def free_labels(used: Iterable[int]) -> Iterator[int]:
    """Yield the labels that are not in use, ascending."""
    used = {int(label) for label in used}
    return (label for label in count(1) if label not in used)


def _merged_into_nearest(clustering: Clusters, keep: np.ndarray) -> np.ndarray:
    """Return `label_of` with each cluster merged into the nearest of those to keep."""
    from scipy.spatial.distance import cdist

    centers, labels = clustering.centers, clustering.row_labels
    nearest = np.argmin(cdist(centers, centers[keep], "sqeuclidean"), axis=1)
    target = np.where(keep, labels, labels[keep][nearest])
    return relabeled(clustering, zip(labels, target, strict=True))


def _method_for_split(keywords: Mapping[str, Any]) -> Any:
    """Return the method of the clustering, or k-means if that one finds the number itself."""
    kind = METHODS[keywords["method"]]
    method = kind(**{option.name: keywords[option.name] for option in fields(kind)})
    return METHODS["kmeans"]() if method.finds_n_clusters else method

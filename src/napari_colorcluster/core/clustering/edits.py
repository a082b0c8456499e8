"""Edits of a clustering: each a method that gives another clustering and can be played again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from inspect import signature
from itertools import count, islice
from numbers import Real
from typing import Any, Self, TypeVar

import numpy as np

from napari_colorcluster.core.clustering.checks import (
    check_color,
    check_label,
    check_name,
    check_pairs,
    check_several,
    is_integer,
)
from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

_Clustering = TypeVar("_Clustering", bound="Editable")

EDITS: dict[str, Callable[..., Any]] = {}
"""The edits by name. A new one is a method of `Editable` that is marked with `_edit`."""


def apply_edits(clustering: _Clustering, edits: Iterable[Any]) -> _Clustering:
    """Play edits one after another.

    Parameters
    ----------
    clustering : ColorClustering
        What is edited.
    edits : iterable
        As in ``settings["edits"]``: each the name of an edit and its arguments, such as
        ``["merge", [2, 3]]``.

    Returns
    -------
    ColorClustering
        Equal to what the methods of these names give.

    Raises
    ------
    ValueError
        Where an edit is none, or cannot be made.
    """
    for name, *arguments in check_edits(edits):
        clustering = EDITS[name](clustering, *arguments)
    return clustering


def check_edits(edits: Any) -> list[Any]:
    """Check that each of these has the form of an edit; whether it can be made shows later."""
    if isinstance(edits, str | Mapping) or not isinstance(edits, Iterable):
        raise ValueError(f"edits must hold edits such as ['merge', [2, 3]], got {edits!r}.")
    edits = list(edits)
    for each in edits:
        if not isinstance(each, list | tuple) or not each or each[0] not in list(EDITS):
            raise ValueError(
                f"An edit must be one of {', '.join(EDITS)} and its arguments, such as "
                f"['merge', [2, 3]], got {each!r}."
            )
        wanted = signature(EDITS[each[0]])
        try:
            wanted.bind(None, *each[1:])
        except TypeError:
            names = ", ".join(list(wanted.parameters)[1:]) or "nothing"
            raise ValueError(f"The edit {each[0]!r} takes {names}, got {each!r}.") from None
    return edits


def _edit(method: Callable[..., Any]) -> Callable[..., Any]:
    EDITS[method.__name__] = method
    return method


class Editable(Clusters):
    """What can be done to a clustering; none of it changes the clustering itself."""

    @_edit
    def merge(self, labels: Iterable[int]) -> Self:
        """Make one cluster of several.

        It has the smallest of their labels, with the color and the name that were given to that
        one; where none were, the mean color of all and its name.

        Parameters
        ----------
        labels : iterable of int
            Two labels of the palette, or more.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where these are fewer than two, or one is not in the palette.
        """
        merged = sorted(
            {check_label(self.row_labels, label) for label in check_several("labels", labels)}
        )
        if len(merged) < 2:
            raise ValueError(f"A merge needs at least two different labels, got {labels!r}.")
        label_of = np.where(np.isin(self.label_of, merged), merged[0], self.label_of)
        return _edited(self, ("merge", tuple(merged)), label_of=label_of)

    @_edit
    def split(self, label: int, n_clusters: int = 2) -> Self:
        """Cluster the colors of one cluster again, by themselves.

        The largest of the new clusters keeps the label, the others have the smallest that are
        free. They are found by the clustering's own method, in its working space, with its seed;
        by k-means where the method finds the number of clusters itself, or finds fewer than asked.

        Parameters
        ----------
        label : int
            A label of the palette.
        n_clusters : int, default 2
            In how many, up to the number of distinct colors it has.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where the label is not in the palette, or the cluster cannot be split in so many.
        """
        label = check_label(self.row_labels, label)
        n_colors = int(np.count_nonzero(self.labels == label))
        if n_colors < 2:
            raise ValueError(f"Cluster {label} has a single color and cannot be split.")
        if not is_integer(n_clusters) or not 2 <= n_clusters <= n_colors:
            raise ValueError(
                f"Cluster {label} can be split in 2 to {n_colors:,}, the number of its distinct "
                f"colors, got {n_clusters!r}."
            )
        n_clusters = int(n_clusters)
        used, groups = np.unique(self.label_of[1:], return_inverse=True)
        if len(used) + n_clusters - 1 > MAX_LABELS:
            raise ValueError(
                f"There can be at most {MAX_LABELS:,} clusters, got {len(used) + n_clusters - 1:,}."
            )
        group = int(np.searchsorted(used, label)) + 1
        partition = self.partition.split(
            np.concatenate([[0], groups + 1]),
            group,
            n_clusters,
            _method_of(self.keywords),
            self.keywords["random_state"],
        )
        new = islice(free_labels(used), n_clusters - 1)
        label_of = np.array([0, *used, *new])
        edit = ("split", label, n_clusters)
        return _edited(self, edit, partition=partition, label_of=label_of)

    @_edit
    def absorb(self, min_fraction: float) -> Self:
        """Give small clusters to the others.

        Each whose share is below `min_fraction` goes to the nearest that is not, as the distance
        between their means in the working space tells. Where all are below, the largest stays.

        Parameters
        ----------
        min_fraction : float
            Share of the pixels, 0 to 1.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where the share is not in 0..1.
        """
        if not isinstance(min_fraction, Real) or isinstance(min_fraction, bool | np.bool_):
            raise ValueError(f"min_fraction must be a number in 0..1, got {min_fraction!r}.")
        if not 0 <= min_fraction <= 1:
            raise ValueError(f"min_fraction must be in 0..1, got {min_fraction:g}.")
        stays = self.pixels >= float(min_fraction) * self.pixels.sum()
        stays[0] = True
        edit = ("absorb", float(min_fraction))
        return _edited(self, edit, label_of=_given_away(self, stays))

    @_edit
    def give_away(self, labels: Iterable[int]) -> Self:
        """Give some clusters to the others, each to the nearest as `absorb` does.

        Parameters
        ----------
        labels : iterable of int
            Labels of the palette, not all of them.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where one is not in the palette, or none would be left.
        """
        given = sorted(
            {check_label(self.row_labels, label) for label in check_several("labels", labels)}
        )
        if len(given) == self.n_clusters:
            raise ValueError(f"A cluster must be left to give others to, got {given}.")
        stays = ~np.isin(self.row_labels, given)
        return _edited(self, ("give_away", tuple(given)), label_of=_given_away(self, stays))

    @_edit
    def set_background(self, labels: int | Iterable[int]) -> Self:
        """Leave clusters out: their pixels have label 0 and no part in the shares any more.

        Parameters
        ----------
        labels : int or iterable of int
            One label of the palette, or several; not all of them.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where a label is not in the palette, or none would be left.
        """
        several = check_several("labels", [labels] if is_integer(labels) else labels)
        left_out = _checked(self, several)
        if len(left_out) == self.n_clusters:
            raise ValueError(f"A cluster must be left beside the background, got {labels!r}.")
        # One by itself is written as it always was.
        edit = ("set_background", left_out[0] if len(left_out) == 1 else tuple(left_out))
        return _edited(self, edit, label_of=_mapped(self, [(label, 0) for label in left_out]))

    @_edit
    def relabel(
        self,
        mapping: Mapping[int, int] | Iterable[tuple[int, int]],
        names: Mapping[int, str] | Iterable[tuple[int, str]] = (),
    ) -> Self:
        """Give clusters other labels; colors and names that were given go along.

        Parameters
        ----------
        mapping : mapping of int to int, or pairs
            From labels of the palette to new ones, 1..65,535. Others stay as they are.
        names : mapping of int to str, or pairs, optional
            Names to give to new labels at once, in place of those they have.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where a label is not in the palette, a new one not allowed, or two would be the same.
        """
        new = {check_label(self.row_labels, old): to for old, to in check_pairs("mapping", mapping)}
        for to in new.values():
            if not is_integer(to) or not 1 <= to <= MAX_LABELS:
                raise ValueError(f"A label must be an integer in 1..{MAX_LABELS:,}, got {to!r}.")
        new = {old: int(to) for old, to in sorted(new.items())}
        all_new = {old: new.get(old, old) for old in self.row_labels.tolist()}
        if len(set(all_new.values())) < len(all_new):
            raise ValueError(
                f"Two clusters cannot have the same label, got {new}: merge makes one of them."
            )
        given_colors = {all_new[old]: color for old, color in self.given_colors.items()}
        given_names = {all_new[old]: name for old, name in self.given_names.items()}
        added = {}
        for label, name in check_pairs("names", names):
            if label not in all_new.values():
                raise ValueError(f"There is no label {label!r} to name after this change.")
            added[int(label)] = check_name(name)
        given_names.update(added)
        if len(set(given_names.values())) < len(given_names):
            raise ValueError(f"Two clusters cannot have the same name, got {added}.")
        pairs = tuple(new.items())
        return _edited(
            self,
            ("relabel", pairs, tuple(sorted(added.items()))) if added else ("relabel", pairs),
            label_of=_mapped(self, pairs),
            given_colors=given_colors,
            given_names=given_names,
        )

    @_edit
    def recolor(self, label: int, color: str | Iterable[int]) -> Self:
        """Paint a cluster in another color; what belongs to it does not change.

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
            Where the label is not in the palette, or the color is none.
        """
        label, color = check_label(self.row_labels, label), check_color(color)
        edit = ("recolor", label, "#{:02x}{:02x}{:02x}".format(*color))
        return _edited(self, edit, given_colors={**self.given_colors, label: color})

    @_edit
    def rename(self, label: int, name: str) -> Self:
        """Give a cluster a name of your own, which stays with its label.

        Parameters
        ----------
        label : int
            A label of the palette.
        name : str
            Not empty, and no other cluster's.

        Returns
        -------
        ColorClustering

        Raises
        ------
        ValueError
            Where the label is not in the palette, or the name is not allowed.
        """
        label, name = check_label(self.row_labels, label), check_name(name)
        palette = self.palette
        for other, taken in zip(palette.labels.tolist(), palette.names, strict=True):
            if other != label and taken == name:
                raise ValueError(f"Cluster {other} has the name {name!r} already.")
        return _edited(self, ("rename", label, name), given_names={**self.given_names, label: name})

    @_edit
    def restore_means(self) -> Self:
        """Paint all clusters in the color of their mean again, whatever `recolor` gave them."""
        return _edited(self, ("restore_means",), given_colors={})


def free_labels(used: Iterable[int]) -> Iterable[int]:
    """All labels that are not in use, ascending."""
    used = {int(label) for label in used}
    return (label for label in count(1) if label not in used)


def _checked(clustering: Clusters, labels: Iterable[Any]) -> list[int]:
    """Labels of the palette, each once, in ascending order."""
    return sorted({check_label(clustering.row_labels, label) for label in labels})


def _edited(clustering: _Clustering, edit: tuple[Any, ...], **changes: Any) -> _Clustering:
    """A clustering with these changes, and the edit on record."""
    used = set(np.unique(changes.get("label_of", clustering.label_of)).tolist())
    for name in ("given_colors", "given_names"):
        given = changes.get(name, getattr(clustering, name))
        changes[name] = {label: value for label, value in given.items() if label in used}
    return replace(clustering, edits=(*clustering.edits, edit), **changes)


def _mapped(clustering: Clusters, pairs: Iterable[tuple[int, int]]) -> np.ndarray:
    """The label of each part, once each old label of the pairs is the new one."""
    new = np.arange(int(clustering.label_of.max()) + 1)
    for old, to in pairs:
        new[old] = to
    return new[clustering.label_of]


def _given_away(clustering: Clusters, stays: np.ndarray) -> np.ndarray:
    """The label of each part, once each row that does not stay has the label of the nearest."""
    from scipy.spatial.distance import cdist

    centers, labels = clustering.centers, clustering.row_labels
    nearest = np.argmin(cdist(centers, centers[stays], "sqeuclidean"), axis=1)
    target = np.where(stays, labels, labels[stays][nearest])
    return _mapped(clustering, zip(labels, target, strict=True))


def _method_of(keywords: Mapping[str, Any]) -> Any:
    """The method that parts a single cluster: the clustering's own, if it can be told how many."""
    kind = METHODS[keywords["method"]]
    method = kind(**{option.name: keywords[option.name] for option in fields(kind)})
    return METHODS["kmeans"]() if method.finds_n_clusters else method

"""What a clustering method takes and gives: the protocol that every method here implements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.progress import Progress

Rule = Callable[[np.ndarray], np.ndarray]
"""Maps points (n, 3), float64, to their clusters (n,), int64 in 0..k-1: how a method treats
colors that it has never seen."""


def option(
    default: Any,
    label: str,
    tooltip: str,
    none: str = "auto",
    choices: Mapping[str, str] | None = None,
) -> Any:
    """Declare an option of a method, with its texts for a form.

    Parameters
    ----------
    default : object
        Its default.
    label : str
        Its name, short enough for a narrow form.
    tooltip : str
        What it does and in what unit, in a sentence, with scikit-learn's name for it where that
        is another one.
    none : str, default "auto"
        What None means, where it may be None; and 0, where that is its default.
    choices : mapping of str to str, optional
        To each of its values, where these are words, what a form calls it.

    Returns
    -------
    dataclasses.Field
        With these texts in its ``metadata``.
    """
    texts = {"label": label, "tooltip": tooltip, "none": none, "choices": choices}
    return field(default=default, metadata=texts)


@dataclass(frozen=True, eq=False)
class Grouping:
    """A clustering of a set of points.

    Attributes
    ----------
    labels : ndarray, shape (n_points,), int64
        The cluster of each point, 0..n_clusters - 1, each used at least once.
    rule : callable
        Assigns any other point to a cluster, by the method's own rule.
    """

    labels: np.ndarray
    rule: Rule


class Prepared(Protocol):
    """A method prepared on its points: call it for one number of clusters after another."""

    def __call__(self, n_clusters: int | None, progress: Progress) -> Grouping:
        """Partition the points into `n_clusters`; None where the method finds the number.

        Only a method whose docstring says so may return fewer clusters.
        """


@runtime_checkable
class HasTree(Protocol):
    """A `Prepared` that has merged its points to a tree, which it cuts."""

    def top(self, n_leaves: int) -> tuple[MergeTree, np.ndarray]:
        """Return the last merges and, of each point, the leaf (n_points,) that it is in.

        There are `n_leaves` leaves, or as many as were merged where these are fewer.
        """


class Method(Protocol):
    """A clustering method: a frozen dataclass whose fields are its options.

    Options are validated in ``__post_init__`` with a `ValueError` that names the value and what
    is allowed. A method sees weighted points only: no image, no color space, no palette.
    """

    name: ClassVar[str]
    """The key in ``METHODS``."""
    title: ClassVar[str]
    """How menus write it."""

    @property
    def finds_n_clusters(self) -> bool:
        """Whether the method, with these options, finds the number of clusters itself."""

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Do the work that is common to every number of clusters.

        Parameters
        ----------
        colors : WeightedPoints
            What to cluster; at least one point.
        random_state : int
            The seed. Equal arguments give equal results, to the bit.
        progress : callable
            Told the fraction done of this step; may raise `Cancelled`.

        Returns
        -------
        callable
            ``prepared(n_clusters, progress)`` gives a `Grouping`.
        """

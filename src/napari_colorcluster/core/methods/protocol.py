"""What a clustering method is: the one shape that every module in this folder has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from napari_colorcluster.core.support.progress import Progress

Rule = Callable[[np.ndarray], np.ndarray]
"""Maps points (n, 3), float64, to their clusters (n,), int64 in 0..k-1: how a method treats
colors that it has never seen."""


def option(default: Any, label: str, tooltip: str, none: str = "auto") -> Any:
    """Declare an option of a method, with the words for it in a form.

    Parameters
    ----------
    default : object
        Its default.
    label : str
        Its name, short enough for a narrow form.
    tooltip : str
        What it does and in what unit, in a sentence.
    none : str, default "auto"
        What None means, where it may be None.

    Returns
    -------
    dataclasses.Field
        With these words in its ``metadata``.
    """
    words = {"label": label, "tooltip": tooltip, "none": none}
    return field(default=default, metadata=words)


@dataclass(frozen=True, eq=False)
class Grouping:
    """One way to part a set of points into clusters.

    Attributes
    ----------
    labels : ndarray, shape (n_points,), int64
        The cluster of each point, 0..n_clusters - 1, each used at least once.
    rule : callable
        The cluster of any other point, by the method's own rule.
    """

    labels: np.ndarray
    rule: Rule


class Prepared(Protocol):
    """A method set on its points: asked for one number of clusters after another."""

    def __call__(self, n_clusters: int | None, progress: Progress) -> Grouping:
        """Part the points into `n_clusters`; None where the method finds the number.

        Fewer come back only where the method leaves a cluster without points, and says so.
        """


class Method(Protocol):
    """A clustering method: a frozen dataclass whose fields are its options.

    Options are validated in ``__post_init__`` with a `ValueError` that names the value and what
    is allowed. A method knows points, weights and codes only: no image, no color space, no palette.
    """

    name: ClassVar[str]
    """The key in ``METHODS``."""
    title: ClassVar[str]
    """How menus write it."""

    @property
    def finds_n_clusters(self) -> bool:
        """Whether the method, with these options, finds the number of clusters itself."""

    def prepare(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Do what is common to every number of clusters.

        Parameters
        ----------
        points : ndarray, shape (n_points, 3), float64
            Distinct points of the working space, in an order that does not depend on the image.
        weights : ndarray, shape (n_points,), float64
            How often each point occurs, > 0.
        codes : ndarray, shape (n_points,), int32
            Numbers that ascend along a curve that fills the space (Z-order): points whose codes
            have the same leading bits are near each other.
        random_state : int
            The seed. Equal arguments give equal results, to the bit.
        progress : callable
            Told the fraction done of this step; may raise `Cancelled`.

        Returns
        -------
        callable
            ``prepared(n_clusters, progress)`` gives a `Grouping`.
        """

"""Whether groups of images differ: ordination, and tests by permutation, of their distances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.natural_order import in_natural_order
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

STEP = "Testing groups"
"""Name of this step in progress reports."""

_ROUNDING = 1e-7
"""Differences of distances to centroids, beside the largest coordinate, that rounding makes."""


@dataclass(frozen=True, eq=False)
class Ordination:
    """Points whose distances are close to given ones; made by `classical_scaling`.

    Attributes
    ----------
    coordinates : ndarray, shape (n_images, n_components), float64
        In the unit of the distances; the first axis is the longest.
    explained : ndarray, shape (n_components,), float64
        The part of the variance along each axis.
    """

    coordinates: np.ndarray
    explained: np.ndarray


@dataclass(frozen=True)
class GroupTest:
    """A test of groups by permutation.

    Attributes
    ----------
    statistic : float
        The pseudo F ratio; infinite where all within the groups are equal and the groups are not,
        not a number where all are equal.
    p_value : float
        The part of the permutations, the order given among them, with at least this ratio; not a
        number where there is no ratio.
    effect : float
        The part of the sum of squares that lies between the groups, R².
    """

    statistic: float
    p_value: float
    effect: float


def classical_scaling(distances: np.ndarray, n_components: int = 2) -> Ordination:
    """Place images as points by their distances: principal coordinates [1]_.

    Parameters
    ----------
    distances : ndarray, shape (n_images, n_images)
        Symmetric, 0 on the diagonal.
    n_components : int, default 2
        The number of axes, at most the number of images.

    Returns
    -------
    Ordination
        The direction of each axis is the one with the larger coordinate above 0. Axes that the
        distances cannot fill, being of no Euclidean space, are 0.

    References
    ----------
    .. [1] J. C. Gower, "Some distance properties of latent root and vector methods used in
       multivariate analysis", Biometrika 53 (1966).
    """
    centered = _centered(distances)
    values, vectors = np.linalg.eigh(centered)
    order = np.argsort(-values, kind="stable")[:n_components]
    values, vectors = np.maximum(values[order], 0.0), vectors[:, order]
    coordinates = vectors * np.sqrt(values)
    largest = coordinates[np.argmax(np.abs(coordinates), axis=0), np.arange(len(order))]
    coordinates = coordinates * np.where(largest < 0, -1.0, 1.0)
    total = np.trace(centered)
    explained = values / total if total > 0 else np.zeros(len(values))
    return Ordination(frozen(coordinates), frozen(explained))


def permanova(
    distances: np.ndarray,
    groups: Sequence[str],
    *,
    n_permutations: int = 999,
    random_state: int = 0,
) -> GroupTest:
    """Test whether images differ more between groups than within: PERMANOVA [1]_.

    Parameters
    ----------
    distances : ndarray, shape (n_images, n_images)
        Symmetric, 0 on the diagonal.
    groups : sequence of str
        The group of each image: two groups or more, one of them with two images or more.
    n_permutations : int, default 999
        How many orders of the groups are drawn. The p-value is no smaller than
        ``1 / (n_permutations + 1)``.
    random_state : int, default 0
        The seed.

    Returns
    -------
    GroupTest

    Raises
    ------
    ValueError
        Where there are too few groups or images.

    Notes
    -----
    A small p-value tells that groups lie at different places or are spread to different widths;
    see `permdisp` for which.

    References
    ----------
    .. [1] M. J. Anderson, "A new method for non-parametric multivariate analysis of variance",
       Austral Ecol. 26 (2001).
    """
    codes = _codes(groups, len(distances))
    squared = np.square(np.asarray(distances, float))
    total = squared.sum() / (2 * len(codes))

    def within(codes: np.ndarray) -> float:
        members = np.eye(codes.max() + 1)[codes]
        return float(((squared @ members) * members / members.sum(axis=0)).sum() / 2)

    def ratio(codes: np.ndarray) -> float:
        inside = within(codes)
        return _f_ratio(total - inside, inside, codes)

    p_value = _p_value(ratio, codes, n_permutations, random_state)
    effect = 1 - within(codes) / total if total > 0 else float("nan")
    return GroupTest(ratio(codes), p_value, effect)


def permdisp(
    distances: np.ndarray,
    groups: Sequence[str],
    *,
    n_permutations: int = 999,
    random_state: int = 0,
) -> GroupTest:
    """Test whether some groups are spread wider than others: PERMDISP [1]_.

    Compared are the distances of the images to the centroid of their group, in all axes of
    `classical_scaling`.

    Parameters
    ----------
    distances, groups, n_permutations, random_state
        As for `permanova`.

    Returns
    -------
    GroupTest

    Raises
    ------
    ValueError
        Where there are too few groups or images.

    References
    ----------
    .. [1] M. J. Anderson, "Distance-based tests for homogeneity of multivariate dispersions",
       Biometrics 62 (2006).
    """
    codes = _codes(groups, len(distances))
    points = classical_scaling(distances, len(distances)).coordinates
    rounding = _ROUNDING * np.abs(points).max()

    def sums(codes: np.ndarray) -> tuple[float, float]:
        members = np.eye(codes.max() + 1)[codes]
        sizes = members.sum(axis=0)
        centroids = members.T @ points / sizes[:, np.newaxis]
        spread = np.linalg.norm(points - centroids[codes], axis=1)
        means = members.T @ spread / sizes
        of_groups, inside = means - spread.mean(), spread - means[codes]
        for apart in (of_groups, inside):
            apart[np.abs(apart) <= rounding] = 0
        return float((sizes * of_groups**2).sum()), float((inside**2).sum())

    def ratio(codes: np.ndarray) -> float:
        return _f_ratio(*sums(codes), codes)

    between, inside = sums(codes)
    p_value = _p_value(ratio, codes, n_permutations, random_state)
    total = between + inside
    return GroupTest(ratio(codes), p_value, between / total if total > 0 else float("nan"))


def group_tests(
    distances: np.ndarray,
    groups: Sequence[str],
    *,
    n_permutations: int = 999,
    random_state: int = 0,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Test all groups together, then each pair of them.

    Parameters
    ----------
    distances, groups, n_permutations, random_state
        As for `permanova`.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    pandas.DataFrame
        One row for all groups and, where there are more than two, one for each pair: the index
        names them. ``images`` is the number of images; ``pseudo_f``, ``r_squared`` and ``p`` are of
        `permanova`; ``dispersion_f`` and ``dispersion_p`` of `permdisp`. ``p_adjusted`` is ``p`` of
        a pair for the false discovery rate among all pairs [1]_. A pair of groups of one image
        each has no test: its values are not numbers.

    Raises
    ------
    ValueError
        Where there are too few groups or images.

    References
    ----------
    .. [1] Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", J. R. Stat. Soc. B
       57 (1995).
    """
    import pandas as pd
    from scipy.stats import false_discovery_control

    codes = _codes(groups, len(distances))
    names = in_natural_order(groups)
    groups = np.asarray(groups, object)
    options = {"n_permutations": n_permutations, "random_state": random_state}

    def row(inside: np.ndarray) -> dict[str, float]:
        of = distances[np.ix_(inside, inside)], groups[inside].tolist()
        images = int(np.count_nonzero(inside))
        if images <= len(set(of[1])):
            return {"images": images}
        places, spread = permanova(*of, **options), permdisp(*of, **options)
        return {
            "images": images,
            "pseudo_f": places.statistic,
            "r_squared": places.effect,
            "p": places.p_value,
            "dispersion_f": spread.statistic,
            "dispersion_p": spread.p_value,
        }

    # Not by name: that of a pair may be a group's or another pair's.
    titles, rows = ["all groups"], [row(np.full(len(codes), True))]
    pairs = list(combinations(names, 2)) if len(names) > 2 else []
    for n_done, (one, other) in enumerate(pairs, start=1):
        progress(n_done / (len(pairs) + 1), STEP)
        titles.append(f"{one} and {other}")
        rows.append(row((groups == one) | (groups == other)))
    table = pd.DataFrame(rows, pd.Index(titles, name="groups"))
    p, adjusted = table["p"].to_numpy(), np.full(len(table), np.nan)
    tested = 1 + np.flatnonzero(~np.isnan(p[1:]))
    if len(tested):
        adjusted[tested] = false_discovery_control(p[tested])
    table.insert(table.columns.get_loc("p") + 1, "p_adjusted", adjusted)
    return table


def _centered(distances: np.ndarray) -> np.ndarray:
    """Gower's matrix of inner products around the centroid, shape (n, n)."""
    squared = -0.5 * np.square(np.asarray(distances, float))
    rows = squared.mean(axis=1, keepdims=True)
    return squared - rows - rows.T + squared.mean()


def _codes(groups: Sequence[str], n_images: int) -> np.ndarray:
    """Check groups, and number them from 0."""
    if len(groups) != n_images:
        raise ValueError(
            f"A group is needed for each of {n_images:,} images, got {len(groups):,} groups."
        )
    names, codes = np.unique(np.asarray(groups, str), return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"Two or more groups are needed for a test, got {', '.join(names)}.")
    if len(names) == n_images:
        raise ValueError(
            f"A group with two images or more is needed for a test, got {n_images:,} groups of one."
        )
    return codes


def _f_ratio(between: float, inside: float, codes: np.ndarray) -> float:
    n_groups = codes.max() + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.float64(max(between, 0.0)) / (n_groups - 1)
        return float(above / (np.float64(inside) / (len(codes) - n_groups)))


def _p_value(
    ratio: Callable[[np.ndarray], float], codes: np.ndarray, n_permutations: int, random_state: int
) -> float:
    if not is_integer(n_permutations) or n_permutations < 1:
        raise ValueError(
            f"n_permutations must be an integer of at least 1, got {n_permutations!r}."
        )
    observed, rng = ratio(codes), np.random.default_rng(random_state)
    if np.isnan(observed):
        return float("nan")
    ratios = np.array([ratio(rng.permutation(codes)) for _ in range(n_permutations)])
    # Equal up to rounding counts as equal: the same groups in another order have other sums.
    reached = (ratios >= observed) | np.isclose(ratios, observed, rtol=1e-9, atol=0)
    return float((np.count_nonzero(reached) + 1) / (n_permutations + 1))

"""Gaussian mixture: clusters with a covariance of their own, by weighted EM."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.methods.kmeans import KMeans
from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.threads import map_in_threads

_TOL = 1e-3
"""Gain in log-likelihood per pixel below which EM ends: scikit-learn's default."""

_MAX_ITER = 100
"""Iterations at most: scikit-learn's default. Photos take 10 to 50."""

_SHARE_OF_VARIANCE = 1e-3
"""What is added in place of a `reg_covar` of 0, as a share of the mean variance."""

_PAIRS_IN_BLOCK = 2**15
"""Pairs of a point and a component in a block: a few arrays of that size stay in the cache. Sums
are added up block by block, so another size would change their last bits."""


@dataclass(frozen=True)
class GaussianMixture:
    """Gaussian mixture on colors weighted by their counts, as scikit-learn's on all pixels.

    Maximizes the log-likelihood of all pixels under a mixture of `n_clusters` normal distributions,
    each with a weight, a mean and a full covariance of its own. EM finds a local maximum, starting
    from the clusters of k-means with the same seed. Then each color, and any other, belongs to the
    component with the highest posterior probability. Unlike those of k-means, clusters may be
    large or small, long or round, and lie within each other.

    A color of weight w adds to the likelihood and to each component what w pixels would, so every
    iteration is scikit-learn's on all pixels, and the stopping rule is scikit-learn's default.

    There are fewer clusters than asked for where a component is the most probable one of no color,
    as may happen to one within a component of larger weight.

    Parameters
    ----------
    reg_covar : float, default 0.0
        Added to the diagonal of each covariance, in squared units of the working space, so that
        no component collapses. 0 takes a thousandth of the mean variance of the pixels along the
        three axes: in a photo about the square of two of 255 levels. With far less (scikit-learn's
        default is 1e-6), components collapse onto the planes of clipped channels, and colors one
        level away fall into other clusters.

    Raises
    ------
    ValueError
        Where `reg_covar` is no number of at least 0.

    Notes
    -----
    Each iteration, of 10 to 50 for a photo, is one pass over the distinct colors for each cluster,
    however many pixels there are.

    References
    ----------
    A. P. Dempster, N. M. Laird and D. B. Rubin, "Maximum likelihood from incomplete data via the
    EM algorithm", J. R. Stat. Soc. B 39 (1977).
    G. J. McLachlan and D. Peel, "Finite mixture models", Wiley 2000.
    """

    name: ClassVar[str] = "gaussian_mixture"
    title: ClassVar[str] = "Gaussian mixture"
    finds_n_clusters: ClassVar[bool] = False

    reg_covar: float = option(
        0.0,
        "Add variance",
        "Added to each cluster's variances, in squared units of the color space. "
        "In scikit-learn: reg_covar.",
    )

    def __post_init__(self) -> None:
        value = self.reg_covar
        if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value < np.inf:
            raise ValueError(f"reg_covar must be a number of at least 0, got {value!r}.")
        object.__setattr__(self, "reg_covar", float(value))

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Prepare the k-means that EM starts from; see `Method.prepare`."""
        start = KMeans().prepare(colors, random_state=random_state, progress=progress)
        return partial(_cluster, colors, start, self.reg_covar)


@dataclass(frozen=True, eq=False)
class MostProbable:
    """The rule of a mixture: a point belongs to its most probable component; on a tie, the first.

    Parameters
    ----------
    mixing_weights : ndarray, shape (n_components,), float64
        Of the components; their sum is 1.
    means : ndarray, shape (n_components, 3), float64
        Of the components.
    factors : ndarray, shape (n_components, 3, 3), float64
        Lower Cholesky factors of their covariances.
    """

    mixing_weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the component of each point: points (n, 3) to (n,), int64."""
        axes = np.ascontiguousarray(points.T, np.float64)
        labels = np.empty(len(points), np.int64)
        for block in _blocks(len(points), len(self.means)):
            deviations = _deviations(axes[:, block], self.means)
            labels[block] = self.log_densities(deviations).argmax(axis=0)
        return labels

    def log_densities(self, deviations: np.ndarray) -> np.ndarray:
        """Logarithm of each component's weighted density, by deviations of points from its mean.

        Axis by axis, since the last bits of a matrix product depend on the threads of BLAS.

        Parameters
        ----------
        deviations : ndarray, shape (3, n_components, n), float64
            From the mean of each component.

        Returns
        -------
        ndarray, shape (n_components, n), float64
        """
        x, y, z = deviations
        rows, columns = np.tril_indices(3)
        xx, yx, yy, zx, zy, zz = self.factors[:, rows, columns].T[:, :, np.newaxis]
        first = x / xx
        second = (y - yx * first) / yy
        third = (z - zx * first - zy * second) / zz
        squares = first * first + second * second + third * third
        at_mean = np.log(self.mixing_weights[:, np.newaxis]) - np.log(xx) - np.log(yy) - np.log(zz)
        return at_mean - 1.5 * np.log(2 * np.pi) - 0.5 * squares

    def only(self, components: np.ndarray) -> MostProbable:
        """Select some of the components."""
        return MostProbable(
            self.mixing_weights[components], self.means[components], self.factors[components]
        )


def fit_mixture(
    points: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    reg_covar: float,
    progress: Progress = silent,
) -> MostProbable:
    """Maximize the likelihood by EM, starting from clusters.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        Distinct points.
    weights : ndarray, shape (n,), float64
        How often each occurs, > 0.
    labels : ndarray, shape (n,), int64
        The cluster of each, 0..n_components - 1, each used.
    reg_covar : float
        As in `GaussianMixture`.
    progress : callable
        Told the fraction of the iterations that are done; may raise `Cancelled`.

    Returns
    -------
    MostProbable
        All components, also those that are the most probable of no point.
    """
    axes = np.ascontiguousarray(points.T)
    total = weights.sum()
    mean = (weights * axes).sum(axis=1) / total
    if reg_covar == 0:
        variance = (weights * (axes - mean[:, np.newaxis]) ** 2).sum() / (3 * total)
        reg_covar = _SHARE_OF_VARIANCE * variance or 1.0  # one color alone has no variance
    n_components = int(labels.max()) + 1
    blocks = _blocks(len(points), n_components)

    means = np.tile(mean, (n_components, 1))
    numbers = np.arange(n_components)[:, np.newaxis]
    moments = [
        _moments((labels[block] == numbers) * weights[block], _deviations(axes[:, block], means))
        for block in blocks
    ]
    mixture = _maximize(sum(moments), means, reg_covar)

    log_likelihood = -np.inf
    for done in range(_MAX_ITER):
        found = map_in_threads(
            lambda block, mixture=mixture: _expect(mixture, axes[:, block], weights[block]),
            blocks,
            part(progress, done / _MAX_ITER, (done + 1) / _MAX_ITER),
            "Fitting the mixture",
        )
        log_likelihoods, moments = zip(*found, strict=True)
        mixture = _maximize(sum(moments), mixture.means, reg_covar)
        before, log_likelihood = log_likelihood, sum(log_likelihoods) / total
        if abs(log_likelihood - before) < _TOL:
            break
    progress(1.0, "Fitting the mixture")
    return mixture


def _cluster(
    colors: WeightedPoints, start: Prepared, reg_covar: float, n_clusters: int, progress: Progress
) -> Grouping:
    points, weights = colors.points, colors.weights
    labels = start(n_clusters, part(progress, 0.0, 0.4)).labels
    mixture = fit_mixture(points, weights, labels, reg_covar, part(progress, 0.4, 1.0))
    used, labels = np.unique(mixture(points), return_inverse=True)
    return Grouping(labels, mixture.only(used))


def _blocks(n_points: int, n_components: int) -> list[slice]:
    size = max(_PAIRS_IN_BLOCK // n_components, 512)  # the moments of all blocks are held
    return [slice(first, first + size) for first in range(0, n_points, size)]


def _deviations(axes: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Points less means: (3, n) and (n_components, 3) to (3, n_components, n)."""
    return axes[:, np.newaxis] - means.T[:, :, np.newaxis]


def _expect(
    mixture: MostProbable, axes: np.ndarray, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """The E-step on a block: its log-likelihood, and its weighted moments for each component."""
    deviations = _deviations(axes, mixture.means)
    responsibilities = mixture.log_densities(deviations)
    highest = responsibilities.max(axis=0)
    responsibilities -= highest
    np.exp(responsibilities, out=responsibilities)
    sums = responsibilities.sum(axis=0)
    responsibilities *= weights / sums
    log_likelihood = (weights * (highest + np.log(sums))).sum()
    return log_likelihood, _moments(responsibilities, deviations)


def _moments(responsibilities: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Weighted sums of 1, of deviations (first row) and of their products: (n_components, 4, 4)."""
    moments = np.zeros((len(responsibilities), 4, 4))
    weighted = responsibilities * deviations
    moments[:, 0, 0] = responsibilities.sum(axis=1)
    moments[:, 0, 1:] = weighted.sum(axis=2).T
    moments[:, 1:, 1:] = np.einsum("ikn,jkn->kij", weighted, deviations)
    return moments


def _maximize(moments: np.ndarray, means: np.ndarray, reg_covar: float) -> MostProbable:
    """The M-step, from moments about the previous means, which avoids cancellation."""
    totals = moments[:, 0, 0] + 10 * np.finfo(float).eps  # as scikit-learn: no division by 0
    shifts = moments[:, 0, 1:] / totals[:, np.newaxis]
    covariances = moments[:, 1:, 1:] / totals[:, np.newaxis, np.newaxis]
    covariances -= shifts[:, :, np.newaxis] * shifts[:, np.newaxis]
    return MostProbable(totals / totals.sum(), means + shifts, _factor(covariances, reg_covar))


def _factor(covariances: np.ndarray, reg_covar: float) -> np.ndarray:
    """Lower Cholesky factors of covariances (k, 3, 3) with `reg_covar` added to the diagonals."""
    remainder = covariances + reg_covar * np.eye(3)
    factors = np.zeros_like(remainder)
    for i in range(3):
        # A pivot is at least `reg_covar`, but for rounding, however flat the covariance is.
        pivots = np.sqrt(np.maximum(remainder[:, i, i], reg_covar))
        column = remainder[:, i:, i] / pivots[:, np.newaxis]
        column[:, 0] = pivots
        factors[:, i:, i] = column
        remainder[:, i:, i:] -= column[:, :, np.newaxis] * column[:, np.newaxis]
    return factors

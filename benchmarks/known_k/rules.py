"""Rules that read a number of colors off the curves of a sweep, each for several parameters.

`RULES` has, by the name of a rule, its parameters in words and a function of `Curves` for each.
"""

from itertools import product

import numpy as np

from napari_colorcluster.core.clustering.choosing_k.suggestion import suggest


def best(curves, values, among=None):
    """The k with the highest value, the smallest in a tie."""
    values = values if among is None else np.where(among, values, -np.inf)
    return int(curves.numbers[np.argmax(values)])


def largest(curves, among):
    """The largest of some k; the smallest of all where there is none."""
    return int(curves.numbers[among][-1]) if among.any() else int(curves.numbers[0])


def silhouette(curves):
    """The highest silhouette (Rousseeuw 1987)."""
    return best(curves, curves.silhouette)


def silhouette_of_distinct(curves):
    """The same, of those without colors closer than ΔE 5."""
    apart = curves.delta_e >= 5
    return best(curves, curves.silhouette, apart if apart.any() else None)


def first_peak(curves):
    """The first k whose silhouette the next one does not reach."""
    falls = np.flatnonzero(np.diff(curves.silhouette) < 0)
    return int(curves.numbers[falls[0] if len(falls) else -1])


def gap(curves):
    """The first k whose gap is within a standard error of the next (Tibshirani et al. 2001)."""
    enough = curves.gap[:-1] >= curves.gap[1:] - curves.gap_error[1:]
    numbers = (1, *curves.numbers)
    return max(int(numbers[np.argmax(enough) if enough.any() else -1]), 2)


def calinski_harabasz(curves):
    """The highest ratio of the variances between and within (Calinski and Harabasz 1974)."""
    return best(curves, curves.calinski_harabasz)


def davies_bouldin(curves):
    """The lowest similarity of each cluster to the one most like it (Davies and Bouldin 1979)."""
    return best(curves, -curves.davies_bouldin)


def elbow(curves, logarithmic):
    """The error's largest distance below its chord from k = 1 (Satopaa et al. 2011)."""
    error = np.log(curves.sse + 1e-9 * curves.sse[0]) if logarithmic else curves.sse
    k = np.array([1, *curves.numbers])
    along, down = (k - 1) / (k[-1] - 1), (error - error[-1]) / (error[0] - error[-1])
    return max(int(k[np.argmax(1 - along - down)]), 2)


def jump(curves, power):
    """The largest jump of the error to a negative power (Sugar and James 2003)."""
    return best(curves, np.diff((curves.sse / curves.sse[0] + 1e-6) ** -power))


def guard(curves, apart):
    """The largest k whose closest colors are this ΔE2000 apart."""
    return largest(curves, curves.delta_e >= apart)


def falling(curves, drop, apart):
    """As long as each step lowers the error by this share of it, without closer colors."""
    steps = (curves.sse[1:] <= (1 - drop) * curves.sse[:-1]) & (curves.delta_e >= apart)
    return largest(curves, np.logical_and.accumulate(steps))


def gaining(curves, gain, apart):
    """The largest k whose last step explains this much of the variance, without closer colors."""
    gains = -np.diff(curves.sse) / curves.sse[0]
    return largest(curves, (gains >= gain) & (curves.delta_e >= apart))


def explaining(curves, explained, apart, measure):
    """The best of those that explain this much of the variance, without closer colors."""
    distinct = curves.delta_e >= apart
    enough = distinct & (curves.explained >= explained)
    if enough.any():
        return best(curves, measure(curves), enough)
    return largest(curves, distinct)


def as_shipped(curves):
    """What `ClusterSweep.suggested` is."""
    return suggest(curves.numbers, curves.explained, curves.delta_e).n_clusters


def _each(rule, **parameters):
    """A rule for each combination of its parameters."""
    rules = {}
    for values in product(*parameters.values()):
        chosen = dict(zip(parameters, values, strict=True))
        words = ", ".join(f"{name} {value}" for name, value in chosen.items())
        rules[words] = lambda curves, chosen=chosen: rule(curves, **chosen)
    return rules


def _by(measure):
    return lambda curves, explained, apart: explaining(curves, explained, apart, measure)


_EXPLAINED, _APART = (0.75, 0.8, 0.85, 0.9, 0.95), (5, 8, 9, 10, 11, 12, 14)

RULES = {
    "highest silhouette": {"": silhouette},
    "highest silhouette, ΔE ≥ 5 (before)": {"": silhouette_of_distinct},
    "first peak of the silhouette": {"": first_peak},
    "gap statistic": {"": gap},
    "Calinski-Harabasz": {"": calinski_harabasz},
    "Davies-Bouldin": {"": davies_bouldin},
    "elbow": _each(elbow, logarithmic=(False, True)),
    "jump": _each(jump, power=(0.25, 0.5, 1, 1.5)),
    "largest with colors apart": _each(guard, apart=_APART),
    "while the error falls": _each(falling, drop=(0.15, 0.2, 0.25, 0.3), apart=_APART),
    "largest that gains": _each(gaining, gain=(0.005, 0.01, 0.015, 0.02), apart=_APART),
    "silhouette of those that explain": _each(
        _by(lambda curves: curves.silhouette), explained=_EXPLAINED, apart=_APART
    ),
    "Davies-Bouldin of those that explain": _each(
        _by(lambda curves: -curves.davies_bouldin), explained=_EXPLAINED, apart=_APART
    ),
    "suggested": {"": as_shipped},
}

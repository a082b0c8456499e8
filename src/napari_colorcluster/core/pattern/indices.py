"""The indices of a pattern: each one entry, with its formula, a line of words and its source.

Sources
-------
J. A. Endler, "A framework for analysing colour pattern geometry: adjacent colours", Biological
Journal of the Linnean Society 107 (2012).
C. P. van den Berg and others, "Quantitative Colour Pattern Analysis (QCPA)", Methods in Ecology
and Evolution 11 (2020).
J. A. Endler, G. L. Cole and A. M. Kranz, "Boundary strength analysis", Methods in Ecology and
Evolution 9 (2018).
J. A. Endler and P. W. Mielke, "Comparing entire colour patterns as birds see them", Biological
Journal of the Linnean Society 86 (2005).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

ENDLER = "Endler 2012"
QCPA = "van den Berg et al. 2020"

_NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Terms:
    """What the formulas are made of, of all pairs of pixels or of those along one axis.

    Attributes
    ----------
    shares : ndarray, shape (k,)
        The share of each cluster.
    pairs : ndarray, shape (k, k)
        Pairs of neighbors, symmetric: each pair of different clusters stands in both places.
    """

    shares: np.ndarray
    pairs: np.ndarray

    @property
    def k(self) -> int:
        """Number of clusters."""
        return len(self.shares)

    @cached_property
    def within(self) -> int:
        """Pairs of one cluster."""
        return int(np.trace(self.pairs))

    @cached_property
    def between(self) -> int:
        """Pairs of two clusters."""
        return int(np.triu(self.pairs, 1).sum())

    @cached_property
    def transitions(self) -> np.ndarray:
        """The share of each two clusters in the pairs of two clusters, shape (k(k − 1)/2,)."""
        return fractions(self.pairs[np.triu_indices(self.k, 1)])


@dataclass(frozen=True, eq=False)
class Measured:
    """The terms of a pattern.

    Attributes
    ----------
    all, x, y : Terms
        Of all pairs, and of those along each axis.
    length_x, length_y : float
        How long all rows are together, and all columns, in the image's units.
    """

    all: Terms
    x: Terms
    y: Terms
    length_x: float
    length_y: float

    @property
    def density_x(self) -> float:
        """Changes of cluster per length along rows."""
        return ratio(self.x.between, self.length_x)

    @property
    def density_y(self) -> float:
        """Changes of cluster per length along columns."""
        return ratio(self.y.between, self.length_y)


@dataclass(frozen=True)
class Index:
    """An index of a pattern.

    Attributes
    ----------
    symbol : str
        How the source writes it.
    definition : str
        What it says, in one line; ``{unit}`` stands for the unit of length.
    source : str
        Where it is from.
    formula : callable
        Its value; not a number where a denominator is 0.
    needs_pair_shares : bool
        Whether it is another one only where shares are counted in pairs.
    """

    symbol: str
    definition: str
    source: str
    formula: Callable[[Measured], float]
    needs_pair_shares: bool = False


def ratio(part: float, whole: float) -> float:
    """One number by another; not a number where that is 0."""
    return part / whole if whole else _NAN


def fractions(counts: np.ndarray) -> np.ndarray:
    """The share of each count in their sum; 0 where that is 0."""
    return counts / max(counts.sum(), 1)


def _diversity(shares: np.ndarray) -> float:
    """Inverse Simpson: how many equal shares would be as diverse."""
    return ratio(1.0, float(np.square(shares).sum()))


def _entropy(shares: np.ndarray) -> float:
    """Shannon, in nats."""
    there = shares[shares > 0]
    return abs(float(there @ np.log(there))) if len(there) else _NAN


def _n_types(terms: Terms) -> int:
    """Pairs of clusters that there can be."""
    return terms.k * (terms.k - 1) // 2


def _log(n: int) -> float:
    return float(np.log(n)) if n > 0 else _NAN


def _color_evenness(terms: Terms) -> float:
    return ratio(_diversity(terms.shares), terms.k)


def _transition_evenness(terms: Terms) -> float:
    return ratio(_diversity(terms.transitions), _n_types(terms))


def _relative_color_entropy(terms: Terms) -> float:
    return ratio(_entropy(terms.shares), _log(terms.k))


def _relative_transition_entropy(terms: Terms) -> float:
    shares = terms.transitions
    return ratio(_entropy(shares), _log(np.count_nonzero(shares)))


def _complexity(terms: Terms) -> float:
    return ratio(terms.between, terms.within + terms.between)


def _patch_size(terms: Terms) -> float:
    return ratio(terms.within, terms.between)


def _aspect(measured: Measured) -> float:
    along_x, along_y = _patch_size(measured.x), _patch_size(measured.y)
    return ratio(along_x, along_x + along_y)


def _along_axes(
    symbol: str,
    definition: str,
    source: str,
    formula: Callable[[Terms], float],
    needs_pair_shares: bool = False,
) -> Iterator[Index]:
    """An index of the pairs along x, and the same along y."""
    yield Index(
        f"{symbol}_x", f"{definition}, along x", source, lambda m: formula(m.x), needs_pair_shares
    )
    yield Index(
        f"{symbol}_y", f"{definition}, along y", source, lambda m: formula(m.y), needs_pair_shares
    )


INDICES: tuple[Index, ...] = (
    Index("k", "Number of clusters", ENDLER, lambda m: m.all.k),
    Index("N", "Number of pairs of neighboring pixels", ENDLER,
          lambda m: m.all.within + m.all.between),
    Index("Sc", "Color diversity: how many equally common clusters would be as diverse, 1/Σp²",
          ENDLER, lambda m: _diversity(m.all.shares)),
    Index("Jc", "Color evenness: Sc divided by the number of clusters, 1 where all are equally "
          "common",
          ENDLER, lambda m: _color_evenness(m.all)),
    Index("St", "Transition diversity: how many equally common types of boundary would be as "
          "diverse, 1/Σt²", ENDLER, lambda m: _diversity(m.all.transitions)),
    Index("Jt", "Transition evenness: St divided by the number of possible types of boundary",
          ENDLER, lambda m: _transition_evenness(m.all)),
    Index("Hc", "Color entropy (Shannon), −Σp ln p", QCPA, lambda m: _entropy(m.all.shares)),
    Index("Qc", "Relative color entropy: Hc divided by the largest possible, ln k", QCPA,
          lambda m: _relative_color_entropy(m.all)),
    Index("Ht", "Transition entropy (Shannon), −Σt ln t", QCPA,
          lambda m: _entropy(m.all.transitions)),
    Index("Qt", "Relative transition entropy: Ht divided by the logarithm of the number of types "
          "of boundary that occur", QCPA, lambda m: _relative_transition_entropy(m.all)),
    Index("Scpl", "Evenness of colors and transitions together: the mean of Jc and Jt", QCPA,
          lambda m: (_color_evenness(m.all) + _transition_evenness(m.all)) / 2),
    Index("Qcpl", "Relative entropy of colors and transitions together: the mean of Qc and Qt",
          QCPA, lambda m: (_relative_color_entropy(m.all) + _relative_transition_entropy(m.all))
          / 2),
    Index("C", "Complexity: the share of pairs that lie across a boundary", QCPA,
          lambda m: _complexity(m.all)),
    Index("PT", "Patch size: pairs within clusters per pair across boundaries", QCPA,
          lambda m: _patch_size(m.all)),
    *_along_axes("PT", "Patch size: pairs within clusters per pair across boundaries", QCPA,
                 _patch_size),
    Index("Asp", "Aspect of patches: PT_x divided by the sum of PT_x and PT_y, above 0.5 where "
          "patches are wide", QCPA, _aspect),
    Index("m_r", "Transition density along rows: changes of cluster per {unit}", ENDLER,
          lambda m: m.density_x),
    Index("m_c", "Transition density along columns: changes of cluster per {unit}", ENDLER,
          lambda m: m.density_y),
    Index("m", "Transition density: the mean of m_r and m_c, changes of cluster per {unit}", ENDLER,
          lambda m: (m.density_x + m.density_y) / 2),
    Index("A", "Aspect of transitions: m_r / m_c, below 1 where patches are wide", ENDLER,
          lambda m: ratio(m.density_x, m.density_y)),
    *_along_axes("Sc", "Color diversity, 1/Σp²", QCPA, lambda terms: _diversity(terms.shares),
                 needs_pair_shares=True),
    *_along_axes("St", "Transition diversity, 1/Σt²", QCPA,
                 lambda terms: _diversity(terms.transitions)),
    *_along_axes("C", "Complexity: the share of pairs that lie across a boundary", QCPA,
                 _complexity),
)  # fmt: skip
"""The indices that are made of counts alone, in the order of tables."""

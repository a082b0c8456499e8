"""How much a search by the genetic algorithm tries."""

from typing import NamedTuple


class Plan(NamedTuple):
    """How many solutions are tried."""

    population: int
    """Solutions at first."""
    parents: int
    """The best solutions of each generation, of which every pair is crossed."""
    generations: int
    """At most; it ends once all pairs of parents have been crossed."""

    @property
    def n_passes(self) -> int:
        """How often all distances of the points from the centers are computed, about."""
        pairs = self.parents * (self.parents - 1) // 2
        return 3 * self.population + 5 * self.generations * pairs

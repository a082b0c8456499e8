"""The transport problem: the least cost of turning some shares into others, solved exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array


class Transport(NamedTuple):
    """One transport problem.

    Attributes
    ----------
    costs : ndarray, shape (n, m)
        Cost of moving one unit from each source to each sink, at least 0.
    supply, demand : ndarray, shape (n,) and (m,)
        Amounts at the sources and sinks, at least 0, with equal sums.
    """

    costs: np.ndarray
    supply: np.ndarray
    demand: np.ndarray


def transport_costs(problems: Sequence[Transport]) -> np.ndarray:
    """Solve transport problems.

    Parameters
    ----------
    problems : sequence of Transport
        The problems, of any sizes. Some thirty at once are solved several times as fast as one
        after the other, as the blocks of one sparse linear program.

    Returns
    -------
    ndarray, shape (n_problems,), float64
        The least cost of each.
    """
    from scipy.optimize import linprog
    from scipy.sparse import block_diag

    costs = np.zeros(len(problems))
    # With one source or one sink there is but one way.
    is_open = np.array([1 not in problem.costs.shape for problem in problems], bool)
    for at in np.flatnonzero(~is_open):
        problem = problems[at]
        moved = problem.supply[:, np.newaxis] * problem.demand
        costs[at] = (problem.costs * moved).sum() / problem.demand.sum()
    if not is_open.any():
        return costs
    blocks = [problems[at] for at in np.flatnonzero(is_open)]
    solution = linprog(
        np.concatenate([block.costs.ravel() for block in blocks]),
        A_eq=block_diag([_balance(*block.costs.shape) for block in blocks], format="csc"),
        b_eq=np.concatenate([np.r_[block.supply, block.demand[:-1]] for block in blocks]),
        method="highs",
    )
    if solution.x is None:
        raise ArithmeticError(f"The transport problem was not solved: {solution.message}")
    ends = np.cumsum([block.costs.size for block in blocks])
    amounts = np.split(solution.x, ends[:-1])
    found = [block.costs.ravel() @ each for block, each in zip(blocks, amounts, strict=True)]
    costs[is_open] = np.maximum(found, 0.0)
    return costs


def _balance(n: int, m: int) -> csc_array:
    """What leaves each source and reaches each sink but the last, of the amounts of all pairs."""
    # One variable per pair of a source and a sink, which enters the balance of both.
    rows = np.stack([np.repeat(np.arange(n), m), n + np.tile(np.arange(m), n)], axis=1)
    # The last sink's balance follows from the others; kept, rounding could make it infeasible.
    kept = rows < n + m - 1
    column_ends = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    return csc_array((np.ones(column_ends[-1]), rows[kept], column_ends), shape=(n + m - 1, n * m))

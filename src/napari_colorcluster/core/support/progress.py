"""How a long computation reports and is stopped: a callable that is told the fraction done."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called as ``progress(fraction, what)``: the fraction done in [0, 1] and the step in words.

It is called from the thread that computes, at the grain of a chunk of work. Raising `Cancelled`
in it stops the computation; nothing is left half done, since results are built last.
"""


class Cancelled(Exception):
    """Raised by a `Progress` to stop the computation that reports to it."""


def silent(fraction: float, what: str) -> None:
    """Report nothing."""


def part(progress: Progress, start: float, stop: float) -> Progress:
    """Map a step's own 0..1 into ``start..stop`` of the whole.

    Parameters
    ----------
    progress : callable
        Receives the fractions of the whole.
    start, stop : float
        Where in the whole the step begins and ends, in [0, 1].

    Returns
    -------
    callable
        A `Progress` for the step alone.
    """
    return lambda fraction, what: progress(start + (stop - start) * fraction, what)

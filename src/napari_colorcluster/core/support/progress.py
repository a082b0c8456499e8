"""Progress and cancelling of long computations: a callable that receives the fraction done."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called as ``progress(fraction, what)``: the fraction done in [0, 1] and the step in words.

It is called from the computing thread, after each chunk of work. If it raises `Cancelled`, the
computation stops. Nothing is left half done, since results are built last.
"""


class Cancelled(Exception):
    """Raised by a ``progress`` callable, to stop the computation that reports to it."""


def silent(fraction: float, what: str) -> None:
    """Report nothing."""


def part(progress: Progress, start: float, stop: float) -> Progress:
    """Return the progress of one step of a computation.

    Parameters
    ----------
    progress : callable
        The progress of the whole computation.
    start, stop : float
        The fractions of the whole at which the step begins and ends, in [0, 1].

    Returns
    -------
    callable
        A `Progress` whose 0..1 is ``start..stop`` of the whole.
    """
    return lambda fraction, what: progress(start + (stop - start) * fraction, what)

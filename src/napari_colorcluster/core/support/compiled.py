"""How loops are compiled: without the interpreter's lock, and no more of it than is called.

Where numba has no cache yet, the first clustering waits for the compiler. Most of its time goes
into ways to call a loop that nobody takes, and into the creation of arrays: so loops are told who
calls them, and those of the first clustering are handed the arrays that they fill.

In loops of the first clustering, minima and squares are written out: `min` and `**` are functions
that are compiled for each type. And integers that they change begin with `ZERO`.

Loops take arrays, numbers and plain tuples of these. A named tuple would be named in numba's cache
on disk, and a later version that has no such class could not read that cache, nor so much as find
it outdated. Also numba takes two classes with equal fields for each other, which then costs each
call more than most loops take.
"""

import gc
from typing import Any

import numpy as np
from numba import njit
from numba.core.event import Event, Listener, register
from numba.core.options import DefaultOptions


class _Uncollected(Listener):
    """Holds Python's garbage collector while loops of this package are compiled.

    It would look through numba's objects again and again as they become more, and find hardly any
    to collect: an eighth of the time that compiling takes.
    """

    def __init__(self) -> None:
        self._held_for: Any = None

    def on_start(self, event: Event) -> None:
        """Hold it, unless somebody does already: to compile a loop may compile others."""
        loop = event.data["dispatcher"]
        # What is made by exec() may have no module.
        module = loop.py_func.__module__ or ""
        if gc.isenabled() and module.startswith(f"{__package__}."):
            self._held_for = loop
            gc.disable()

    def on_end(self, event: Event) -> None:
        """Let it go on, whether or not the loop has been compiled."""
        if event.data["dispatcher"] is self._held_for:
            self._held_for = None
            gc.enable()


register("numba:compile", _Uncollected())

ZERO = np.int64(0)
"""Where an integer begins that a loop changes. A plain 0 has a type of its own, which becomes that
of integers once all that is done with it has been typed; then all is typed once more."""

_ALL: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}

_HANDED = dict(_ALL)
if hasattr(DefaultOptions, "_nrt"):
    # Callers hold the arrays that they hand over, so loops need not count references to them: to
    # compile that takes a sixth of the time. Numba may do away with the option, which is not
    # documented; all works without.
    _HANDED["_nrt"] = False

entry = njit(cache=True, **_HANDED)
"""Decorates a loop that is called from Python, and handed all arrays that it fills."""

inner = njit(no_cpython_wrapper=True, **_HANDED)
"""Decorates a loop that other loops alone call, likewise."""

total = njit(no_cpython_wrapper=True, fastmath={"reassoc", "contract"}, **_HANDED)
"""Decorates an inner loop that sums up, in whatever order is fastest for vector registers."""

making_entry = njit(cache=True, **_ALL)
"""Decorates a loop that is called from Python and makes arrays to work in."""

making_inner = njit(no_cpython_wrapper=True, **_ALL)
"""Decorates such a loop that other loops alone call."""

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

from typing import Any

import numpy as np
from numba import njit

ZERO = np.int64(0)
"""Where an integer begins that a loop changes. A plain 0 has a type of its own, which becomes that
of integers once all that is done with it has been typed; then all is typed once more."""

_ALL: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}

entry = njit(cache=True, **_ALL)
"""Decorates a loop that is called from Python."""

inner = njit(no_cpython_wrapper=True, **_ALL)
"""Decorates a loop that other loops alone call."""

total = njit(no_cpython_wrapper=True, fastmath={"reassoc", "contract"}, **_ALL)
"""Decorates an inner loop that sums up, in whatever order is fastest for vector registers."""

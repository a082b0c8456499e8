"""How loops are compiled: serial, without the interpreter's lock, and kept on disk.

Loops take arrays, numbers and plain tuples of these. A named tuple would be named in numba's cache
on disk, and a later version that has no such class could not read that cache.

The first clustering on a fresh installation waits for the compiler. So in its loops minima and
squares are written out (`min` and `**` are functions that are compiled for each type), and integers
that a loop changes begin with `ZERO`.
"""

from typing import Any

import numpy as np
from numba import njit

ZERO = np.int64(0)
"""Where an integer begins that a loop changes. A plain 0 has a type of its own, which becomes that
of integers once all that is done with it has been typed; then all is typed once more."""

_ALL: dict[str, Any] = {"nogil": True, "error_model": "numpy"}

entry = njit(cache=True, **_ALL)
"""Decorates a loop that is called from Python."""

inner = njit(**_ALL)
"""Decorates a loop that only other loops call; it is kept on disk with them."""

total = njit(fastmath={"reassoc", "contract"}, **_ALL)
"""Decorates an inner loop that sums up, in whatever order is fastest for vector registers."""

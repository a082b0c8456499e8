"""Decorators for compiled loops: serial, without the GIL, and cached on disk.

Loops take arrays, numbers and plain tuples of these. No named tuples: numba's cache would refer to
their classes, and could not be read by a later version without them.

The first clustering on a fresh installation waits for the compiler. To shorten that, its loops
write out minima and squares (`min` and `**` are functions, compiled for each type), and start
integer variables that change from `ZERO`.
"""

from typing import Any

import numpy as np
from numba import njit

ZERO = np.int64(0)
"""The start of an integer variable that a loop changes. The literal 0 has a type of its own, which
numba must first unify with int64: it would infer the types of the whole loop twice."""

_ALL: dict[str, Any] = {"nogil": True, "error_model": "numpy"}

entry = njit(cache=True, **_ALL)
"""Decorates a loop that is called from Python."""

inner = njit(**_ALL)
"""Decorates a loop that only other loops call; it is cached with them."""

total = njit(fastmath={"reassoc", "contract"}, **_ALL)
"""Decorates an inner loop that computes a sum, which may be reordered so that it is vectorized."""

minimum = njit(fastmath={"nnan", "nsz", "reassoc"}, **_ALL)
"""Decorates an inner loop that finds a minimum, for the same reason."""

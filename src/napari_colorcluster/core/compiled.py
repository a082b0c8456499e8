"""How loops are compiled: without the interpreter's lock, and no more of it than is called.

Where numba has no cache yet, the first clustering waits for the compiler. Most of its time goes
into ways to call a loop that nobody takes, and into the creation of arrays: so loops are told who
calls them, and are handed the arrays that they fill.

They take arrays, numbers and plain tuples of these. A named tuple would be named in numba's cache
on disk, and a later version that has no such class could not read that cache, nor so much as find
it outdated. Also numba takes two classes with equal fields for each other, which then costs each
call more than most loops take.
"""

from numba import njit

entry = njit(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True)
"""Decorates a loop that is called from Python."""

inner = njit(
    nogil=True,
    cache=True,
    error_model="numpy",
    no_cfunc_wrapper=True,
    no_cpython_wrapper=True,
)
"""Decorates a loop that other loops alone call."""

total = njit(
    nogil=True,
    cache=True,
    error_model="numpy",
    no_cfunc_wrapper=True,
    no_cpython_wrapper=True,
    fastmath={"reassoc", "contract"},
)
"""Decorates an inner loop that sums up, in whatever order is fastest for vector registers."""

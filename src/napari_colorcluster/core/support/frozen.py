"""Read-only arrays, for values that must not change."""

import numpy as np


def frozen(array: np.ndarray) -> np.ndarray:
    """Make an array read-only, in place, and return it."""
    array.setflags(write=False)
    return array


def read_only_view(array: np.ndarray) -> np.ndarray:
    """Return a read-only view of an array.

    Numba has a type of its own for read-only arrays: with a view, one loop compiled for that type
    serves all arrays.
    """
    view = array.view()
    view.setflags(write=False)
    return view

"""Arrays that values hold: nobody may change them."""

import numpy as np


def frozen(array: np.ndarray) -> np.ndarray:
    """Make an array read-only, in place, and return it."""
    array.setflags(write=False)
    return array


def read_only_view(array: np.ndarray) -> np.ndarray:
    """A view for compiled loops, which would be compiled again for what can be written to."""
    view = array.view()
    view.setflags(write=False)
    return view

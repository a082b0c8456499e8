"""The edits of pixels by name: each makes another label image of the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CORRECTIONS: dict[str, Callable[..., Any]] = {}
"""By name, a function of a label image, numpy or dask, and of what the person has chosen. It
returns another label image of the same shape, or the same one where nothing changes. A new
correction is a function in a module of this room, and its name in this line."""

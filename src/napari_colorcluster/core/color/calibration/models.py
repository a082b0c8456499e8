"""The functions that a calibration chooses from: linear light in, linear light out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Model:
    """A function of linear light: a matrix applied to features of it.

    Attributes
    ----------
    name : str
        The key in ``MODELS``.
    title : str
        How menus write it.
    features : callable
        Linear light (n, 3), not negative, to features (n, n_features).
    free : tuple of tuple of bool, n_features by 3
        Which entries of the matrix are fitted; the others are 0.
    """

    name: str
    title: str
    features: Callable[[np.ndarray], np.ndarray]
    free: tuple[tuple[bool, bool, bool], ...]

    @property
    def n_parameters(self) -> int:
        """How many numbers are fitted."""
        return sum(map(sum, self.free))


def _itself(linear: np.ndarray) -> np.ndarray:
    return linear


def _with_one(linear: np.ndarray) -> np.ndarray:
    return np.vstack([linear.T, np.ones(len(linear))]).T


def _with_roots(linear: np.ndarray) -> np.ndarray:
    red, green, blue = linear.T
    roots = np.sqrt(red * green), np.sqrt(green * blue), np.sqrt(red * blue)
    return np.vstack([linear.T, *roots]).T


_ALL = (True, True, True)

_MODELS = (
    Model(
        "white_balance",
        "white balance",
        _itself,
        ((True, False, False), (False, True, False), (False, False, True)),
    ),
    Model("3x3", "3 × 3", _itself, (_ALL,) * 3),
    Model("affine", "affine", _with_one, (_ALL,) * 4),
    # G. D. Finlayson, M. Mackiewicz and A. Hurlbert, "Color correction using root-polynomial
    # regression", IEEE Transactions on Image Processing 24 (2015); degree 2. Like the 3 × 3 matrix
    # it does not depend on how much light there is.
    Model("root_polynomial", "root-polynomial", _with_roots, (_ALL,) * 6),
)

MODELS: Mapping[str, Model] = MappingProxyType({model.name: model for model in _MODELS})
"""The models by name, from the simplest."""


def find_model(name: Any) -> Model:
    """Find a model by its name or title.

    Raises
    ------
    ValueError
        Where there is none of that name.
    """
    wanted = str(name).lower().replace(" × ", "x").replace("×", "x")
    wanted = wanted.replace("-", "_").replace(" ", "_")
    if wanted not in MODELS:
        raise ValueError(f"Unknown model {name!r}; known are {', '.join(map(repr, MODELS))}.")
    return MODELS[wanted]

"""What a user asks of a clustering, besides the image and the number of clusters; checked here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from numbers import Real
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.checks import check_max_distance
from napari_colorcluster.core.color.calibration.calibration import Calibration, as_calibration
from napari_colorcluster.core.color.spaces import (
    COLOR_SPACES,
    ColorSpace,
    checked_white,
    color_space,
)
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.methods.protocol import Method
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.pixels.reading import MIN_ALPHA, check_min_alpha
from napari_colorcluster.core.support.numbers import is_integer

DEFAULT_N_CLUSTERS = 5
"""The number of clusters where none is asked for."""

_MOST_LIGHTNESS = 1_000_000
"""By far more than makes lightness all that counts; squares of much larger numbers overflow."""


@dataclass(frozen=True)
class Settings:
    """How colors are clustered.

    Parameters
    ----------
    method : str, default "kmeans"
        A key of ``METHODS``.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``.
    standardize : bool, default False
        Scale each axis of the space to unit variance.
    lightness_weight : float, default 1.0
        Factor on the lightness axis of a space that has one; greater than 0, up to 1,000,000.
    random_state : int, default 0
        The seed, 0..2**32 - 1.
    options : mapping, optional
        The method's own options.
    min_alpha : float, default 0.5
        The least alpha of a pixel that takes part, in [0, 1].
    calibration : Calibration or mapping, optional
        What makes true colors of the image's; or what `Calibration.to_dict` made of it.
    white : three numbers, optional
        The color of the empty slide, 8-bit sRGB, for a space that asks for it ("od").
    max_distance : float, optional
        The largest ΔE2000 between a color and that of its cluster; colors beyond are left out.

    Raises
    ------
    ValueError
        Where a value is not allowed; it says which are.
    """

    method: str = "kmeans"
    color_space: str = "lab"
    standardize: bool = False
    lightness_weight: float = 1.0
    random_state: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    min_alpha: float = MIN_ALPHA
    calibration: Calibration | Mapping[str, Any] | None = None
    white: tuple[float, float, float] | None = None
    max_distance: float | None = None

    def __post_init__(self) -> None:
        check_choice("method", self.method, METHODS)
        check_choice("color_space", self.color_space, COLOR_SPACES)
        if self.white is not None:
            object.__setattr__(self, "white", checked_white(self.white))
            color_space(self.color_space, white=self.white)
        object.__setattr__(self, "calibration", as_calibration(self.calibration))
        if self.max_distance is not None:
            limit = check_max_distance("max_distance", self.max_distance)
            object.__setattr__(self, "max_distance", limit)
        seed = self.random_state
        if not is_integer(seed) or not 0 <= seed < 2**32:
            raise ValueError(f"random_state must be an integer in 0..2**32 - 1, got {seed!r}.")
        if not isinstance(self.standardize, bool | np.bool_):
            raise ValueError(f"standardize must be True or False, got {self.standardize!r}.")
        weight = self.lightness_weight
        if not isinstance(weight, Real) or not 0 < weight <= _MOST_LIGHTNESS:
            raise ValueError(
                "lightness_weight must be a number greater than 0 and up to "
                f"{_MOST_LIGHTNESS:,}, got {weight!r}."
            )
        if weight != 1 and self.space.lightness_axis is None:
            with_lightness = [n for n, s in COLOR_SPACES.items() if s.lightness_axis is not None]
            raise ValueError(
                f"lightness_weight={weight:g} needs a color space with a lightness axis "
                f"({_listed(with_lightness)}), got {self.color_space!r}."
            )
        known = [option.name for option in fields(METHODS[self.method])]
        for option in self.options:
            if option not in known:
                raise ValueError(
                    f"{option!r} is no option of method {self.method!r}, "
                    + (f"which has {_listed(known)}." if known else "which has none.")
                )
        object.__setattr__(self, "standardize", bool(self.standardize))
        object.__setattr__(self, "lightness_weight", float(weight))
        object.__setattr__(self, "min_alpha", check_min_alpha(self.min_alpha))
        object.__setattr__(self, "random_state", int(seed))
        # The defaults are written out, so that a stored result does not change with them.
        object.__setattr__(self, "options", asdict(self.build_method()))

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Settings:
        """Take from the keywords that `to_dict` gave all but the number of clusters and edits."""
        own = {each.name for each in fields(cls)} - {"options"}
        options = {k: v for k, v in stored.items() if k not in {*own, "n_clusters", "edits"}}
        return cls(**{k: v for k, v in stored.items() if k in own}, options=options)

    @property
    def space(self) -> ColorSpace:
        """The color space."""
        return color_space(self.color_space, white=self.white)

    def working_space(self, histogram: ColorHistogram) -> WorkingSpace:
        """The color space with its axes scaled to an image's colors."""
        return WorkingSpace.for_histogram(
            self.space,
            histogram,
            standardize=self.standardize,
            lightness_weight=self.lightness_weight,
            calibration=self.calibration,
        )

    def build_method(self) -> Method:
        """The method with its options."""
        return METHODS[self.method](**self.options)

    def check_n_clusters(self, n_clusters: Any, n_colors: int | None = None) -> int | None:
        """Check a number of clusters for the method: None where that finds the number itself.

        Parameters
        ----------
        n_clusters : int or None
            What is asked. `DEFAULT_N_CLUSTERS` counts as not asked where the method finds it.
        n_colors : int, optional
            How many distinct colors there are, if they are counted already.

        Returns
        -------
        int or None
            What to give the method: no more than there are colors.

        Raises
        ------
        ValueError
            Where a number is missing, or given to a method that finds it; or is not allowed.
        """
        if self.build_method().finds_n_clusters:
            if n_clusters is None or n_clusters == DEFAULT_N_CLUSTERS:
                return None
            raise ValueError(
                f"Method {self.method!r} finds the number of clusters itself: n_clusters must be "
                f"None, got {n_clusters!r}."
            )
        return check_n_clusters(n_clusters, n_colors)

    def to_dict(self, n_clusters: int | None) -> dict[str, Any]:
        """All keywords with which `cluster_colors` gives a result again, as JSON can hold them."""
        return {
            "n_clusters": n_clusters,
            "method": self.method,
            "color_space": self.color_space,
            "standardize": self.standardize,
            "lightness_weight": self.lightness_weight,
            "random_state": self.random_state,
            **({} if self.min_alpha == MIN_ALPHA else {"min_alpha": self.min_alpha}),
            **({} if self.calibration is None else {"calibration": self.calibration.to_dict()}),
            **({} if self.white is None else {"white": list(self.white)}),
            **({} if self.max_distance is None else {"max_distance": self.max_distance}),
            **self.options,
        }


def check_n_clusters(n_clusters: Any, n_colors: int | None = None) -> int:
    """Check a number of clusters, and limit it to the number of colors where that is known.

    Raises
    ------
    ValueError
        Where it is no integer, below 1, or above `MAX_LABELS`.
    """
    if not is_integer(n_clusters) or n_clusters < 1:
        raise ValueError(f"n_clusters must be an integer of at least 1, got {n_clusters!r}.")
    if n_colors is not None:
        n_clusters = min(n_clusters, max(n_colors, 1))
        if n_clusters > MAX_LABELS:
            raise ValueError(f"n_clusters must be at most {MAX_LABELS:,}, got {n_clusters:,}.")
    return int(n_clusters)


def check_choice(what: str, value: Any, known: Collection[str]) -> None:
    """Check that `value` is one of the `known` names, and list them where it is not."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"Unknown {what} {value!r}; known are {_listed(known)}.")


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in names)

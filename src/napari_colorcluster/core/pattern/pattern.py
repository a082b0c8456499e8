"""The pattern: how clusters lie beside each other, as counts of pixels and of their neighbors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.indices import Measured, Terms, fractions
from napari_colorcluster.core.pattern.label_image import LabelImage
from napari_colorcluster.core.pattern.patches import measure_patches, summarize_patches
from napari_colorcluster.core.pattern.tables import boundary_table, index_table
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

SHARES = ("pixels", "pairs")
"""What the share of a cluster can be counted in."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """How the clusters of an image lie beside each other.

    Made by `measure_pattern`, or of published counts. Patterns of one set of clusters add up.

    Parameters
    ----------
    horizontal, vertical : array-like, shape (k, k), int64
        Pairs of neighboring pixels along x and along y. On the diagonal, those of one cluster; off
        it, those of two in either order: [i, j] and [j, i] are one and the same count.
    pixels : array-like, shape (k,), int64
        Number of pixels in each cluster.
    colors : array-like, shape (k, 3), uint8, optional
        sRGB color of each cluster. Without, what needs colors is left out.
    spacing : float or (float, float), default 1.0
        Size of a pixel along rows and columns of the array, (y, x), as in scikit-image.
    unit : str, optional
        The unit of that length.
    labels : array-like, shape (k,), int64, optional
        Label of each cluster; 1..k by default.
    names : sequence of str, optional
        Name of each cluster; its label by default.
    luminances : array-like, shape (k,), float, optional
        Luminance of each cluster, as a camera or a vision model gives it.
    image : LabelImage, optional
        Where it was counted. Patches are found there when they are asked for.

    Raises
    ------
    ValueError
        Where the counts are no such matrices, or the lengths differ.
    """

    horizontal: np.ndarray
    vertical: np.ndarray
    pixels: np.ndarray
    colors: np.ndarray | None = None
    spacing: tuple[float, float] = (1.0, 1.0)
    _: KW_ONLY
    unit: str | None = None
    labels: np.ndarray | None = None
    names: tuple[str, ...] | None = None
    luminances: np.ndarray | None = None
    image: LabelImage | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        pixels = _counts("pixels", self.pixels)
        k = len(pixels)
        labels = np.arange(1, k + 1) if self.labels is None else self.labels
        labels = np.array(labels, np.int64)
        values = {
            "horizontal": _pairs("horizontal", self.horizontal, k),
            "vertical": _pairs("vertical", self.vertical, k),
            "pixels": _shaped("pixels", pixels, (k,)),
            "labels": _shaped("labels", labels, (k,)),
            "spacing": as_spacing(self.spacing),
        }
        if self.colors is not None:
            values["colors"] = _shaped("colors", np.array(self.colors, np.uint8), (k, 3))
        if self.luminances is not None:
            luminances = np.array(self.luminances, np.float64)
            values["luminances"] = _shaped("luminances", luminances, (k,))
        names = map(str, labels.tolist() if self.names is None else self.names)
        values["names"] = tuple(names)
        if len(values["names"]) != k:
            raise ValueError(f"A pattern of {k} clusters needs {k} names, got {self.names}.")
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        return _made, ({each.name: getattr(self, each.name) for each in fields(self)},)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pattern):
            return NotImplemented
        counts = ("horizontal", "vertical", "pixels")
        return self._describes_as(other) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in counts
        )

    __hash__ = None

    def _describes_as(self, other: Pattern) -> bool:
        """Whether the clusters and the pixels mean the same, whatever their counts."""
        arrays = ("labels", "colors", "luminances")
        return (self.names, self.spacing, self.unit) == (
            other.names, other.spacing, other.unit
        ) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in arrays
        )  # fmt: skip

    def __add__(self, other: Pattern) -> Pattern:
        """Both images as one, side by side: the counts add up, and there are no patches."""
        if not isinstance(other, Pattern):
            return NotImplemented
        if not self._describes_as(other):
            raise ValueError(
                "Only patterns of the same clusters, colors and pixel size can be added: measure "
                "both with one palette and one spacing."
            )
        return self._with(
            horizontal=self.horizontal + other.horizontal,
            vertical=self.vertical + other.vertical,
            pixels=self.pixels + other.pixels,
            image=None,
        )

    def _with(self, **changed: Any) -> Pattern:
        return _made({each.name: getattr(self, each.name) for each in fields(self)} | changed)

    @property
    def n_clusters(self) -> int:
        """Number of clusters, k."""
        return len(self.pixels)

    @property
    def fractions(self) -> np.ndarray:
        """Share of each cluster in the pixels, shape (k,)."""
        return fractions(self.pixels)

    @cached_property
    def pairs(self) -> np.ndarray:
        """Pairs of neighbors along both axes, shape (k, k), int64."""
        return frozen(self.horizontal + self.vertical)

    @property
    def transitions(self) -> pd.DataFrame:
        """Pairs of neighbors as a table: a row and a column for each cluster, by their names."""
        import pandas as pd

        names = pd.Index(self.names, name="cluster")
        return pd.DataFrame(self.pairs.copy(), names, names.rename("neighbor"))

    def terms(self, shares: str = "pixels") -> Measured:
        """What the formulas of indices are made of.

        Parameters
        ----------
        shares : "pixels" or "pairs"
            As for `indices`.
        """
        if shares not in SHARES:
            raise ValueError(f"shares must be 'pixels' or 'pairs', got {shares!r}.")

        def terms(pairs: np.ndarray) -> Terms:
            in_pixels = shares == "pixels"
            return Terms(self.fractions if in_pixels else fractions(np.diagonal(pairs)), pairs)

        height, width = self.spacing
        n_pixels = int(self.pixels.sum())
        return Measured(
            terms(self.pairs), terms(self.horizontal), terms(self.vertical),
            n_pixels * width, n_pixels * height,
        )  # fmt: skip

    def indices(
        self,
        shares: str = "pixels",
        *,
        distances: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """The indices of the pattern, a row each.

        With N all pairs, t the share of two clusters in the pairs of two different ones, and p the
        share of a cluster. Where a denominator is 0, as with one cluster, not a number.

        Parameters
        ----------
        shares : "pixels" or "pairs", default "pixels"
            What p is the share of: of all pixels, as in Endler (2012), or of the pairs within
            clusters, as in van den Berg et al. (2020).
        distances : mapping of str to array-like, shape (k, k), optional
            Distances between clusters that are known better than from their colors, such as those
            of a vision model. Each gives the boundary strength under its name: ``{"dS": ...}`` the
            rows ``m_dS``, ``s_dS`` and ``cv_dS``, in place of those of CIELAB.
        values : mapping of str to array-like, shape (k,), optional
            Values of clusters, such as saturations, whose mean and spread over all pixels is asked
            for: ``{"sat": ...}`` gives ``m_sat``, ``s_sat`` and ``cv_sat``.

        Returns
        -------
        pandas.DataFrame
            Columns ``index`` (the symbol), ``value``, ``definition`` (one line) and ``source``.
            ``_x`` and ``_y`` are of pairs along x and y. ``Sc_x`` and ``Sc_y`` are there where
            shares are counted in pairs. With colors, boundary strength (``m_dE``, ``s_dE``,
            ``cv_dE``, and the same of ``dS`` and ``dL``; see `boundaries`) and overall contrast
            (mean, standard deviation and coefficient of variation of lightness, chroma and hue in
            CIELAB; of hue the circular ones, and the circular variance). With luminances, QCPA's
            ``VCA:ML``, ``BSA:BML`` and ``BSA:BsL``.

        Raises
        ------
        ValueError
            Where `shares` is neither, or distances or values are of another shape.
        """
        return index_table(self, shares, distances or {}, values or {})

    def boundaries(self, distances: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The boundaries between each two clusters, a row each.

        Parameters
        ----------
        distances : mapping of str to array-like, shape (k, k), optional
            As for `indices`.

        Returns
        -------
        pandas.DataFrame
            Columns ``first``, ``second`` (labels), ``first_name``, ``second_name``, ``pairs``,
            ``fraction`` (of all pairs of two clusters), ``length`` along the edges of pixels, and
            ``length_unit`` where it is known. With colors also ``dE`` (ΔE2000), ``dS`` (chromatic,
            √(Δa² + Δb²)) and ``dL`` (achromatic, the absolute ΔL), in CIELAB.
        """
        return boundary_table(self, distances or {})

    def patches(self, connectivity: int = 1, *, progress: Progress = silent) -> pd.DataFrame:
        """The connected patches of the clusters, a row each, in the order of their first pixels.

        Parameters
        ----------
        connectivity : 1 or 2, default 1
            1: pixels are connected by edges (4 neighbors); 2: by corners as well (8 neighbors).
        progress : callable, optional
            Told the fraction done, plane by plane.

        Returns
        -------
        pandas.DataFrame
            Columns ``label`` (the number of the patch, as `label_patches` paints it), ``cluster``
            (its label), ``name``, ``pixels``, and under scikit-image's names ``area``,
            ``perimeter``, ``centroid-0``, ``centroid-1``, ``bbox-0`` .. ``bbox-3`` (in pixels),
            ``axis_major_length``, ``axis_minor_length``, ``orientation``, ``eccentricity`` and
            ``solidity``, as `skimage.measure.regionprops_table` defines them, with the spacing. The
            perimeter is not a number unless pixels are square. Of stacks, ``frame`` comes first.

        Raises
        ------
        ValueError
            Where the pattern was made of counts alone, or the connectivity is neither.
        """
        return measure_patches(self._source(), self._clusters, self.spacing, connectivity, progress)

    def patch_summary(self, connectivity: int = 1, *, progress: Progress = silent) -> pd.DataFrame:
        """The patches of each cluster in a row.

        Parameters
        ----------
        connectivity, progress
            As for `patches`.

        Returns
        -------
        pandas.DataFrame
            Columns ``cluster``, ``name``, ``patches`` (their number), ``density`` (patches per area
            of the whole), ``mean_area``, ``median_area`` and ``coverage`` (share of the area).
        """
        return summarize_patches(
            self._source(), self._clusters, self.spacing, connectivity, progress
        )

    @property
    def _clusters(self) -> dict[int, str]:
        return dict(zip(self.labels.tolist(), self.names, strict=True))

    def _source(self) -> LabelImage:
        if self.image is None:
            raise ValueError(
                "This pattern is made of counts alone, so its patches are not known: "
                "measure_pattern keeps the labels."
            )
        return self.image


def as_spacing(spacing: Any) -> tuple[float, float]:
    """Check the size of a pixel: one number above 0, or two for row and column."""
    sizes = np.array(spacing, np.float64)
    if sizes.shape not in ((), (2,)) or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError(
            f"spacing must be a number above 0, or two for row and column, got {spacing!r}."
        )
    return tuple(np.broadcast_to(sizes, 2).tolist())


def _made(values: dict[str, Any]) -> Pattern:
    return Pattern(**values)


def _counts(what: str, counts: Any) -> np.ndarray:
    given = np.array(counts)
    exact = given.astype(np.int64)
    if not np.array_equal(given, exact) or (exact < 0).any():
        raise ValueError(f"{what} must be whole numbers from 0 on, got {given.tolist()}.")
    return exact


def _pairs(what: str, pairs: Any, k: int) -> np.ndarray:
    pairs = _shaped(what, _counts(what, pairs), (k, k))
    if not np.array_equal(pairs, pairs.T):
        raise ValueError(
            f"{what} must be symmetric, a pair of two clusters counted in both places, got "
            f"{pairs.tolist()}."
        )
    return pairs


def _shaped(what: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if array.shape != shape:
        raise ValueError(
            f"A pattern of {shape[0]} clusters needs {what} of shape {shape}, got {array.shape}."
        )
    return frozen(array)

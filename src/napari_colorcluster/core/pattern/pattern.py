"""The pattern: how clusters lie beside each other, as counts of pixels and of their neighbors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.counts import Counts
from napari_colorcluster.core.pattern.label_image import LabelImage
from napari_colorcluster.core.pattern.patches import (
    label_patches,
    measure_patches,
    summarize_patches,
)
from napari_colorcluster.core.pattern.tables import boundary_table, index_table
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.words import counted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Pattern(Counts):
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
        Luminance of each cluster, as a camera or a vision model gives it. `dataclasses.replace`
        adds them to a pattern that was measured.
    image : LabelImage, optional
        Where it was counted. Patches are found there when they are asked for.

    Raises
    ------
    ValueError
        Where the counts are no such matrices, or the lengths differ.
    """

    def __repr__(self) -> str:
        n_pixels, n_pairs = int(self.pixels.sum()), int(np.triu(self.pairs).sum())
        return (
            f"Pattern of {counted(self.n_clusters, 'cluster')}, {counted(n_pixels, 'pixel')}, "
            f"{counted(n_pairs, 'pair')} of neighbors"
        )

    @property
    def transitions(self) -> pd.DataFrame:
        """Pairs of neighbors as a table: a row and a column for each cluster, by their names."""
        import pandas as pd

        names = pd.Index(self.names, name="cluster")
        return pd.DataFrame(self.pairs.copy(), names, names.rename("neighbor"))

    def indices(
        self,
        shares: str = "pixels",
        *,
        distances: Mapping[str, Any] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """The indices of the pattern, one per row.

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
        """The boundaries between each two clusters, one per row.

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
        """The connected patches of the clusters, one per row, in the order of their first pixels.

        Parameters
        ----------
        connectivity : 1 or 2, default 1
            1: pixels are connected by edges (4 neighbors); 2: by corners as well (8 neighbors).
        progress : callable, optional
            Told the fraction done, plane by plane.

        Returns
        -------
        pandas.DataFrame
            Columns ``label`` (the number of the patch, as in `label_patches`), ``cluster`` (its
            label), ``name``, ``pixels``, and under scikit-image's names ``area``,
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

    def label_patches(self, connectivity: int = 1, *, progress: Progress = silent) -> np.ndarray:
        """The number of the patch that each pixel is in.

        Parameters
        ----------
        connectivity, progress
            As for `patches`.

        Returns
        -------
        ndarray, shape (..., height, width), int32
            As in the column ``label`` of `patches`; 0 where there is none.
        """
        return label_patches(self._source(), connectivity, progress)

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

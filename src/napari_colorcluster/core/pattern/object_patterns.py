"""The patterns of all objects of a label image, and their tables below each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.label_image import LabelImage
from napari_colorcluster.core.pattern.patches import (
    label_patches,
    measure_patches,
    summarize_patches,
)
from napari_colorcluster.core.pattern.pattern import Pattern
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.words import counted

if TYPE_CHECKING:
    import pandas as pd


class ObjectPatterns(Mapping[int, Pattern]):
    """The pattern of each object, by its number in the label image.

    Made by `measure_pattern` with objects. The tables are those of `Pattern`, with the column
    ``object`` first.

    Parameters
    ----------
    patterns : mapping of int to Pattern
        In the order of tables; all of the same clusters.
    image : LabelImage
        Where they were counted.
    """

    def __init__(self, patterns: Mapping[int, Pattern], image: LabelImage) -> None:
        self._patterns = MappingProxyType(dict(patterns))
        self._image = image

    def __getitem__(self, number: int) -> Pattern:
        return self._patterns[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._patterns)

    def __len__(self) -> int:
        return len(self._patterns)

    def __repr__(self) -> str:
        return f"<patterns of {counted(len(self), 'object')}>"

    def indices(self, shares: str = "pixels", **given: Any) -> pd.DataFrame:
        """The indices of each object, a row for each object and index; see `Pattern.indices`."""
        return self._below_each_other(lambda pattern: pattern.indices(shares, **given))

    def boundaries(self, distances: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The boundaries in each object; see `Pattern.boundaries`."""
        return self._below_each_other(lambda pattern: pattern.boundaries(distances))

    def patches(self, connectivity: int = 1, *, progress: Progress = silent) -> pd.DataFrame:
        """The patches of all objects, found in one pass; see `Pattern.patches`.

        A patch ends where its object does. The rows are in the order of the patches' first pixels.
        """
        return self._measured(measure_patches, connectivity, progress)

    def patch_summary(self, connectivity: int = 1, *, progress: Progress = silent) -> pd.DataFrame:
        """The patches of each cluster in each object; see `Pattern.patch_summary`."""
        return self._measured(summarize_patches, connectivity, progress, list(self))

    def label_patches(self, connectivity: int = 1, *, progress: Progress = silent) -> np.ndarray:
        """The number of the patch that each pixel is in; see `Pattern.label_patches`."""
        return label_patches(self._image, connectivity, progress)

    def _measured(self, measure: Callable[..., pd.DataFrame], *asked: Any) -> pd.DataFrame:
        if not self:
            raise ValueError("There is no object here: all pixels of the objects' labels are 0.")
        any_pattern = next(iter(self.values()))
        names = dict(zip(any_pattern.labels.tolist(), any_pattern.names, strict=True))
        return measure(self._image, names, any_pattern.spacing, *asked)

    def _below_each_other(self, table_of: Callable[[Pattern], pd.DataFrame]) -> pd.DataFrame:
        import pandas as pd

        if not self:
            raise ValueError("There is no object here: all pixels of the objects' labels are 0.")
        tables = {number: table_of(pattern) for number, pattern in self.items()}
        return (
            pd.concat(tables, names=["object", None]).reset_index("object").reset_index(drop=True)
        )

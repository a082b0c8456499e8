"""The indices of a pattern, as they are measured."""

import numpy as np

from from_code.markdown import MarkdownDirective, table
from napari_colorcluster import Palette, measure_pattern


class IndexTable(MarkdownDirective):
    """A row for each index: those of a small pattern."""

    def markdown(self) -> str:
        labels = np.array([[1, 2], [2, 2]])
        palette = Palette(np.array([[200, 30, 30], [30, 30, 200]]), np.array([1, 3]), ("a", "b"))
        pattern = measure_pattern(labels, palette, unit="unit of length")
        indices = pattern.indices(shares="pairs")[["index", "definition", "source"]]
        return table(list(indices.columns), indices.itertuples(index=False))

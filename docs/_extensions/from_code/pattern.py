"""The indices of a pattern, as they are measured."""

from from_code.markdown import MarkdownDirective, table
from napari_colorcluster.core.pattern.indices import INDICES


class IndexTable(MarkdownDirective):
    """A row for each index."""

    def markdown(self) -> str:
        rows = (
            [index.symbol, index.definition.format(unit="unit of length"), index.source]
            for index in INDICES
        )
        return table(["index", "definition", "source"], rows)

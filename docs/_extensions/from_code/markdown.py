"""Markdown that code writes: tables, lists, and the directive that puts it on a page."""

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class MarkdownDirective(SphinxDirective):
    """A directive whose place takes the Markdown that it writes."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Parse the Markdown as a part of the page."""
        return self.parse_text_to_nodes(self.markdown(), allow_section_headings=True)

    def markdown(self) -> str:
        """Write it."""
        raise NotImplementedError


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell is written as it is."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in lines)


def definitions(items: Iterable[tuple[str, str]]) -> str:
    """A list of terms, each with its explanation below it."""
    return "\n\n".join(f"{term}\n: {text}" for term, text in items)


def code(text: object) -> str:
    """Text as code."""
    return f"`{text}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

"""The papers that a docstring names, each as a paragraph of its own."""

from typing import Any

from sphinx.application import Sphinx


def part_references(
    app: Sphinx, what: str, name: str, object_: Any, options: Any, lines: list[str]
) -> None:
    """Put a blank line behind each entry: in a docstring, one follows the other."""
    heads = [at for at, line in enumerate(lines) if line.strip() == "References"]
    if not heads or any(line.lstrip().startswith(".. [") for line in lines[heads[0] :]):
        return
    first = heads[0] + 2
    for at in range(len(lines) - 1, first - 1, -1):
        if lines[at].endswith("."):
            lines.insert(at + 1, "")

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
    entries = []
    for line in lines[first:]:
        begins = not entries or not entries[-1]
        # Escaped, as an initial at the start of a paragraph would begin a list.
        entries.append(f"\\{line}" if begins and line else line)
        if line.endswith("."):
            entries.append("")
    lines[first:] = entries

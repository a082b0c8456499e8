"""Parts of pages that are made from the code when the site is built, so that they stay true."""

from typing import Any

from sphinx.application import Sphinx

from from_code.command_line import CommandLine, CommandSummary
from from_code.files import CardTable, PaletteFormatTable, PictureSuffixes
from from_code.methods import ColorSpaceTable, MethodList, MethodTable
from from_code.panel import Panel
from from_code.pattern import IndexTable
from from_code.references import part_references
from from_code.rooms import Rooms
from from_code.signatures import plain_defaults

DIRECTIVES = {
    "command-line": CommandLine,
    "command-summary": CommandSummary,
    "method-table": MethodTable,
    "method-list": MethodList,
    "color-space-table": ColorSpaceTable,
    "index-table": IndexTable,
    "palette-format-table": PaletteFormatTable,
    "picture-suffixes": PictureSuffixes,
    "card-table": CardTable,
    "panel": Panel,
    "rooms": Rooms,
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directives, and of what it is to do with docstrings."""
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    # Before numpydoc, which comes at the usual place, 500.
    app.connect("autodoc-process-docstring", part_references, priority=400)
    app.connect("autodoc-process-signature", plain_defaults)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

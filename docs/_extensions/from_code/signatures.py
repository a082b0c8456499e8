"""Signatures as they would be written by hand."""

import re
from typing import Any

from sphinx.application import Sphinx


def plain_defaults(
    app: Sphinx,
    what: str,
    name: str,
    object_: Any,
    options: Any,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Give a function that is a default by its name, and by dots what has none."""
    if signature:
        signature = re.sub(r"<function <lambda>>|<factory>", "...", signature)
        signature = re.sub(r"<function (\w+)>", r"\1", signature)
    return signature, returns

"""Edits as values, which settings and files hold: the name of a method and its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any, TypeVar

from napari_colorcluster.core.clustering.editable import Editable
from napari_colorcluster.core.clustering.editing.registry import EDITS

__all__ = ["EDITS", "apply_edits", "check_edits"]

_Clustering = TypeVar("_Clustering", bound=Editable)


def apply_edits(clustering: _Clustering, edits: Iterable[Any]) -> _Clustering:
    """Apply edits, one after another.

    Parameters
    ----------
    clustering : ColorClustering
        What is edited.
    edits : iterable
        As in ``settings["edits"]``: the name and the arguments of each, such as
        ``["merge", [2, 3]]``.

    Returns
    -------
    ColorClustering
        The same as the methods of these names return.

    Raises
    ------
    ValueError
        If one is not an edit or cannot be made.
    """
    for name, *arguments in check_edits(edits):
        clustering = EDITS[name](clustering, *arguments)
    return clustering


def check_edits(edits: Any) -> list[Any]:
    """Check the form of edits, without applying them: each a known name and its arguments."""
    if isinstance(edits, str | Mapping) or not isinstance(edits, Iterable):
        raise ValueError(f"edits must hold edits such as ['merge', [2, 3]], got {edits!r}.")
    edits = list(edits)
    for edit in edits:
        # What JSON holds in place of a name may not be hashable.
        if not isinstance(edit, list | tuple) or not edit or edit[0] not in list(EDITS):
            raise ValueError(
                f"An edit must be one of {', '.join(EDITS)} and its arguments, such as "
                f"['merge', [2, 3]], got {edit!r}."
            )
        name, *arguments = edit
        parameters = signature(EDITS[name])
        try:
            parameters.bind(None, *arguments)
        except TypeError:
            expected = ", ".join(list(parameters.parameters)[1:]) or "nothing"
            raise ValueError(f"The edit {name!r} takes {expected}, got {edit!r}.") from None
    return edits

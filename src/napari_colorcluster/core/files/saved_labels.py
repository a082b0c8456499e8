"""What is saved with labels: their palette, and how they were made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import json_file


class SavedLabels(NamedTuple):
    """What a file says of its labels.

    Attributes
    ----------
    palette : Palette
        Their colors, names and shares.
    made : mapping, optional
        How they were made, as JSON can hold it.
    """

    palette: Palette
    made: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """A dict that JSON can hold: that of a palette's file, and ``"made"``."""
        more = {} if self.made is None else {"made": dict(self.made)}
        return json_file.described(self.palette) | more

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> SavedLabels:
        """Take what `to_dict` gave.

        Raises
        ------
        ValueError
            Where it has no palette.
        """
        made = content.get("made")
        return cls(json_file.palette_from_json(content), made if isinstance(made, dict) else None)

"""``study.json``: all that a study was made of and by, from which it can be run again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.support.reading_files import in_a_sentence
from napari_colorcluster.study.inputs.naming import printable
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.outputs.image_result import ImageResult
from napari_colorcluster.study.settings import StudySettings

RECORD = "study.json"
"""The file name of the record."""

_FORMAT = "napari-colorcluster study"


@dataclass(frozen=True)
class Record:
    """What a study was made of and by.

    Attributes
    ----------
    settings : StudySettings
        What was done with each image.
    images : mapping of str to mapping
        For each image by name: its ``"path"`` as it was given, and its ``"location"`` from the root
        of the file system on, the ``"checksums"`` of what went in, the ``"notes"`` on how it was
        read, and the ``"folder"`` that it was found in and the ``"groups"`` that it belongs to, if
        any.
    """

    settings: StudySettings
    images: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(
        cls,
        settings: StudySettings,
        results: Mapping[str, ImageResult],
        groups: Mapping[str, Mapping[str, str]],
    ) -> Record:
        """Make the record of results."""
        images = {}
        for name, result in results.items():
            image = {"path": result.path, "location": result.location}
            image |= {"checksums": result.checksums, "notes": result.notes}
            more = {"folder": result.folder, "groups": dict(groups.get(name, {}))}
            images[name] = image | {what: value for what, value in more.items() if value}
        return cls(settings, images)

    @property
    def groups(self) -> dict[str, Mapping[str, str]]:
        """What each image belongs to, by its name."""
        return {name: image["groups"] for name, image in self.images.items() if "groups" in image}

    def sources(self) -> tuple[Source, ...]:
        """The images, by the names that they had."""
        return tuple(
            Source(_path_of(image), name, image.get("folder", ""))
            for name, image in self.images.items()
        )

    def write(self, path: Path) -> None:
        """Write the record to a file."""
        head = {"format": _FORMAT, "version": __version__}
        content = {**head, "settings": self.settings.to_dict(), "images": self.images}
        # Names need not be valid text: those are escaped, as all that is not ASCII.
        path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Record:
        """Read a record.

        Raises
        ------
        ValueError
            Where it is none.
        OSError
            Where it cannot be read.
        """
        with in_a_sentence(path):
            data = path.read_bytes()
        try:
            content = json.loads(data.decode())
            if content["format"] != _FORMAT:
                raise KeyError("format")
            return cls(StudySettings.from_dict(content["settings"]), content["images"])
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError):
            raise ValueError(f"{printable(path)} is no record of a study.") from None


def _path_of(image: Mapping[str, Any]) -> Path:
    """The path of an image as it was given, where it leads there from here as well."""
    given, location = Path(image["path"]), Path(image["location"])
    return given if given.absolute() == location else location

"""The output folder of a study: complete files only, and records of the images that are done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from napari_colorcluster.core.pixels.histogram import ColorHistogram, Excluded
from napari_colorcluster.core.support.whole_file import remove, whole_file
from napari_colorcluster.study.outputs.folder_lock import locked

RECORDS = ".colorcluster"
"""The subfolder for what is kept of the images that are done."""

_UNFINISHED, _LOCK = ".unfinished", ".lock"
"""What else is in there; no image has such a name, nor is in a folder that has."""


@dataclass(frozen=True)
class Output:
    """The folder that a study writes to.

    Parameters
    ----------
    folder : pathlib.Path
        Created if it does not exist. Its subfolder ``.colorcluster`` holds records of the images
        that are done, cached histograms and unfinished files; no results.
    """

    folder: Path

    @property
    def _records(self) -> Path:
        return self.folder / RECORDS

    @property
    def unfinished(self) -> Path:
        """The folder of files that are not complete yet."""
        return self._records / _UNFINISHED

    @contextmanager
    def opened(self, on_wait: Callable[[str], None]) -> Iterator[None]:
        """Have the folder for oneself, once no other run has it, and clean up behind both.

        Parameters
        ----------
        on_wait : callable
            Told once which process has it, where one has to wait.
        """
        self._records.mkdir(parents=True, exist_ok=True)
        with locked(self._records / _LOCK, on_wait):
            self.prepare()
            try:
                yield
            finally:
                self.close()

    def prepare(self) -> None:
        """Create the folders, and remove unfinished files of a run that was killed."""
        shutil.rmtree(self.unfinished, ignore_errors=True)
        self.unfinished.mkdir(parents=True)

    def close(self) -> None:
        """Remove unfinished files."""
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def make_folders(self, names: Iterable[str]) -> None:
        """Create the sub-folders of images with these names."""
        for folder in {name.rpartition("/")[0] for name in names} - {""}:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            (self._records / folder).mkdir(parents=True, exist_ok=True)

    def write(self, name: str, write: Callable[[Path], None]) -> None:
        """Call `write` with a temporary path, then rename the complete file to `name`."""
        with self.writing(self.folder / name) as unfinished:
            write(unfinished)

    def writing(self, path: Path) -> AbstractContextManager[Path]:
        """A context that gives a path to write to, which becomes that of the complete file."""
        return whole_file(path, self.unfinished)

    def remove(self, name: str) -> None:
        """Remove a file, or the folder of a zarr, if it exists."""
        remove(self.folder / name)

    def cache_histogram(self, name: str, key: dict[str, Any], histogram: ColorHistogram) -> None:
        """Save the histogram of an image, for its results and for a pool that is resumed."""
        # The smallest type that holds the counts: few images need 8 bytes.
        counts = histogram.counts.astype(np.min_scalar_type(int(histogram.counts.max(initial=0))))
        content = {
            "colors": histogram.colors,
            "counts": counts,
            "excluded": astuple(histogram.excluded),
        }
        with whole_file(self._records / f"{name}.npz", self.unfinished) as unfinished:
            np.savez(unfinished, key=json.dumps(key), **content)

    def cached_histogram(self, name: str, key: dict[str, Any]) -> ColorHistogram | None:
        """The histogram that was saved with this key, or None."""
        try:
            with np.load(self._records / f"{name}.npz") as content:
                if json.loads(str(content["key"])) != key:
                    return None
                excluded = Excluded(*content["excluded"].tolist())
                return ColorHistogram(content["colors"], content["counts"], excluded=excluded)
        except (OSError, ValueError, KeyError, BadZipFile):
            return None

    def record(
        self, name: str, key: dict[str, Any], files: list[str], result: dict[str, Any]
    ) -> None:
        """Record that an image is done: its result, its files and the key they were made with."""
        sizes = {file: _size_of(self.folder / file) for file in files}
        text = json.dumps({"key": key, "files": sizes, "result": result})
        with whole_file(self._records / f"{name}.json", self.unfinished) as unfinished:
            unfinished.write_text(text, "utf-8")

    def forget(self, name: str) -> list[str] | None:
        """Remove the record of an image whose files are about to change.

        Returns
        -------
        list of str or None
            The files that it told of; None if there was none.
        """
        path = self._records / f"{name}.json"
        try:
            files = list(json.loads(path.read_text("utf-8"))["files"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            files = []
        path.unlink()
        return files

    def recorded(self, name: str, key: dict[str, Any]) -> dict[str, Any] | None:
        """The result recorded with this key, or with all that this part of one says.

        Returns
        -------
        dict or None
            None if there is none or a file is missing.
        """
        try:
            record = json.loads((self._records / f"{name}.json").read_text("utf-8"))
            files = record["files"].items()
            complete = all(_size_of(self.folder / file) == size for file, size in files)
            same = all(record["key"][part] == value for part, value in key.items())
            return record["result"] if complete and same else None
        except (OSError, ValueError, KeyError):
            return None

    def records(self) -> dict[str, dict[str, Any]]:
        """The records of all images, by name; those that cannot be read are passed over."""
        found = {}
        for path in sorted(self._records.rglob("*.json")):
            try:
                record = json.loads(path.read_text("utf-8"))
            except (OSError, ValueError):
                continue
            name = path.relative_to(self._records).as_posix().removesuffix(".json")
            if isinstance(record, dict) and record.keys() >= {"key", "files", "result"}:
                found[name] = record
        return found


def _size_of(path: Path) -> int:
    """The bytes of a file, or of all files of a zarr together."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())

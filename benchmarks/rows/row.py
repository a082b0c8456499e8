"""A row of the table of targets, the options of a run, and the formatting of figures."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from photos import resized

MET = {True: "yes", False: "no", None: "not measured"}


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None if nothing was measured."""

    what: str
    target: str
    measured: str
    met: bool | np.bool_ | None


def markdown(rows):
    lines = ["| what | target | measured | met |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.target} | {row.measured} | {MET[row.met]} |" for row in rows]
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class Options:
    """The photos, and how often to measure; `scale` is a factor on the pixels of each image."""

    photos: dict
    k: list
    repeats: int
    starts: int
    cache: Path
    scale: float
    slow: bool

    def megapixels(self, size):
        return size * self.scale

    def size(self, size):
        """A size in words."""
        number = self.megapixels(size)
        return f"{number:g} megapixel{'s' if number != 1 else ''}"

    def photos_of(self, size):
        return {name: resized(image, self.megapixels(size)) for name, image in self.photos.items()}

    @property
    def photo(self):
        """The first photo, for rows that need only one."""
        return next(iter(self.photos.values()))

    @property
    def cup_height(self):
        """Height of the coffee cup, 185 at full scale; see `photos.cup`."""
        return max(12, round(185 * self.scale**0.5))

    @property
    def cup(self):
        """The size of the coffee cup in words."""
        return f"{self.cup_height} × {round(self.cup_height * 272 / 185)} photo"

    @cached_property
    def folder(self):
        """A temporary folder for files that other processes read, deleted with the options."""
        return TemporaryDirectory(prefix="colorcluster-", ignore_cleanup_errors=True)

    def stored(self, size):
        """The first photo, resized, in a file for `numpy.load`."""
        path = Path(self.folder.name) / f"{size}.npy"
        if not path.exists():
            np.save(path, resized(self.photo, self.megapixels(size)))
        return str(path)


def spread(values, form=".2f"):
    """Median and range of several cases, as text."""
    values = np.asarray(values)
    middle = f"{np.median(values):{form}}"
    if len(values) == 1:
        return middle
    return f"{middle} ({values.min():{form}} to {values.max():{form}}, {len(values)} cases)"


def times(ratio):
    return f"{ratio:.0f} ×" if ratio >= 10 else f"{ratio:.2f} ×"

"""A request to save what is shown of an image as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.svgs import write_svg
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState


@dataclass(frozen=True, eq=False)
class SvgRequest(Request):
    """Save the quantized image as SVG.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    notices : Notices
        Where it is told what has been saved.
    """

    path: Path
    notices: Notices

    def resolve(self, state: SessionState) -> Work:
        """Take what is shown by now, as it is; painting may go on meanwhile."""
        result = results.last(self.image)
        if result is None:
            raise ValueError(f"{self.image.name!r} has no clusters to save any more.")
        return partial(self._do, result.painted.kept_labels(), result.palette)

    def _do(self, labels: Any, palette: Palette, shown: Shown, progress: Progress) -> int:
        try:
            return write_svg(self.path, labels, palette)
        except OSError as error:
            raise ValueError(
                f"The SVG could not be saved as {self.path}: {error.strerror or error}."
            ) from error

    def finish(self, state: SessionState, result: int) -> None:
        """Tell where it is, and how large."""
        size = f"{result / 1e6:,.1f} MB" if result >= 1e6 else f"{max(result / 1e3, 1):.0f} kB"
        self.notices.say(f"The SVG was saved as {self.path} ({size}).")

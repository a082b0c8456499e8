"""All files of one result, in a folder of its own: whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.files.results import SavedResult, write_result
from napari_colorcluster.core.pixels.passes import as_source
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.file_names import as_file_name, unused_path
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.whole_file import whole_folder
from napari_colorcluster.report.image_files import LabeledImage, write_images
from napari_colorcluster.report.result_figure import draw_result, small_plane

_STEP = "Writing files"

_WIDTH, _PALETTE_HEIGHT = 8.0, 1.5
"""Inches of a figure: both pictures side by side, and the palette below them."""


@dataclass(frozen=True, eq=False)
class ResultFiles:
    """One result as all files that can be made of it.

    Parameters
    ----------
    name : str
        The image's.
    picture : Picture
        The image.
    labeled : LabeledImage
        Its labels.
    saved : SavedResult
        What gives the labels again.
    script : str, optional
        Python that makes the result again.
    pixel_size : PixelSize, optional
        What a pixel covers: the table has areas then, or volumes.
    """

    name: str
    picture: Picture
    labeled: LabeledImage
    saved: SavedResult
    script: str | None = None
    pixel_size: PixelSize | None = None

    def write(self, parent: Path, progress: Progress = silent) -> Path:
        """Write all files to a new folder.

        Parameters
        ----------
        parent : pathlib.Path
            Where the folder is made. It is called after the image, ``leaf colors``, and is numbered
            where that is taken: nothing is overwritten.
        progress : callable, optional
            Called with the fraction done; what it raises stops the writing, and nothing is left.

        Returns
        -------
        pathlib.Path
            The folder. For an image ``leaf`` it has ``leaf-labels.tif`` and ``leaf-quantized.png``
            (others where it is no picture that PNG can hold: see `write_images`);
            ``leaf.colors.csv``, the table; ``leaf.colors.json``, the whole result; ``leaf.png``, a
            figure; and ``leaf.py``, the script, where there is one.

        Raises
        ------
        OSError
            Where it cannot be written.
        """
        name = as_file_name(self.name)
        folder = unused_path(Path(parent) / f"{name} colors")
        with whole_folder(folder) as unfinished:
            write_images(unfinished, name, self.labeled, part(progress, 0.0, 0.7))
            self.labeled.palette.write(unfinished / f"{name}{OWN}.csv", self.pixel_size)
            progress(0.75, _STEP)
            write_result(self.saved, unfinished / f"{name}{OWN}.json")
            progress(0.85, _STEP)
            if self.script is not None:
                (unfinished / f"{name}.py").write_text(self.script, "utf-8")
            self._draw(unfinished / f"{name}.png")
            progress(1.0, _STEP)
        return folder

    def _draw(self, path: Path) -> None:
        from matplotlib.figure import Figure

        source = as_source(self.picture, None)
        pixels = small_plane(source.image)
        finite = np.nan_to_num(pixels.reshape(-1, pixels.shape[-1]))
        picture = source.reading.as_8bit(finite).reshape(pixels.shape)
        labels = small_plane(self.labeled.labels[..., np.newaxis])[..., 0]
        quantized = self.labeled.clustering.paint(labels, alpha=True)
        height, width = labels.shape
        size = _WIDTH, float(np.clip(_WIDTH / 2 * height / width, 1, 10)) + _PALETTE_HEIGHT
        figure = Figure(figsize=size, dpi=150, layout="constrained")
        draw_result(figure, picture, quantized, self.labeled.palette)
        figure.savefig(path, facecolor="white")

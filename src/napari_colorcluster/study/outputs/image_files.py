"""The files of one image: its labels, and the quantized image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.files.image_formats import TIFF
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.svgs import svg_of
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.report.image_files import LabeledImage, write_images
from napari_colorcluster.study.outputs.output import Output

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering
    from napari_colorcluster.core.color.palette import Palette


def write_image(
    output: Output,
    name: str,
    labels: Any,
    clustering: ColorClustering,
    transparent: bool,
    progress: Progress = silent,
    lengths: Lengths | None = None,
    palette: Palette | None = None,
    made: Mapping[str, Any] | None = None,
    format: str = TIFF,
) -> list[str]:
    """Write the labels and the quantized image.

    Parameters
    ----------
    output : Output
        Where to.
    name : str
        The beginning of the file names.
    labels : array, shape (...), integer
        Its labels; a dask array is written chunk by chunk.
    clustering : ColorClustering
        The clustering that they are of.
    transparent : bool
        Whether some pixels have label 0; the quantized image shows them transparent.
    progress : callable, optional
        Called with the fraction done.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels, as far as they are known, to be written into the files.
    palette : Palette, optional
        The shares of this image; by default those of the clustering.
    made : mapping, optional
        How the labels were made, as `LabeledImage` takes it.
    format : {"tiff", "ome-zarr"}
        As for `write_images`.

    Returns
    -------
    list of str
        The file names, as `write_images` gives them.
    """
    shown = clustering.palette if palette is None else palette
    labeled = LabeledImage(labels, clustering, shown, transparent, lengths or {}, made)
    return write_images(output.folder, name, labeled, progress, output.writing, format)


def write_image_as_svg(output: Output, name: str, labels: Any, palette: Palette) -> list[str]:
    """Write the quantized image as SVG.

    Parameters
    ----------
    output : Output
        Where to.
    name : str
        The beginning of the file name, which ends in ``-quantized.svg``.
    labels : array, shape (Y, X), integer
        The labels; numpy or dask.
    palette : Palette
        Their colors and names.

    Returns
    -------
    list of str
        The file name.

    Raises
    ------
    ValueError
        As `write_svg` does, such as where it is no plane; nothing is written then.
    """
    file = f"{name}-quantized.svg"
    data = svg_of(labels, palette, name.rpartition("/")[2])
    output.write(file, lambda path: path.write_bytes(data))
    return [file]

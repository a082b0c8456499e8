"""A result as a folder of files for other programs: images, labels and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.choosing_k.sweep import ClusterSweep
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.files.label_tiffs import label_tags
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pictures.marks import png_marks, tiff_sizes


def write_folder(
    folder: Path,
    image: Any,
    clustering: ColorClustering,
    sweep: ClusterSweep | None = None,
    lengths: Lengths | None = None,
) -> list[Path]:
    """Write a clustering as files.

    Parameters
    ----------
    folder : path-like
        Created if it does not exist. Existing files of the same names are replaced.
    image : array, shape (Y, X, 3 or 4)
        The image.
    clustering : ColorClustering
        Its clustering.
    sweep : ClusterSweep, optional
        A sweep over numbers of clusters of the same image.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels, as far as they are known, to be written into the files.

    Returns
    -------
    list of pathlib.Path
        The files: ``quantized.png``, ``labels.tif``, ``palette.csv``, ``palette.png``; with a sweep
        also ``sweep.png`` and ``sweep.csv``.
    """
    import tifffile
    from PIL import Image

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.asarray(clustering.predict(image))
    colors = Image.fromarray(clustering.paint(labels, alpha=not labels.all()))
    colors.save(folder / "quantized.png", **png_marks(lengths or {}))
    tags = label_tags(clustering.palette, labels.dtype) | tiff_sizes(lengths or {})
    tifffile.imwrite(folder / "labels.tif", labels, compression="zlib", **tags)
    clustering.palette.to_dataframe().to_csv(folder / "palette.csv", index=False)
    Image.fromarray(clustering.palette.bar(600, 80)).save(folder / "palette.png", **png_marks({}))
    written = ["quantized.png", "labels.tif", "palette.csv", "palette.png"]
    if sweep is not None:
        from matplotlib.figure import Figure

        from napari_colorcluster.report.sweep_figure import draw_sweep

        figure = Figure(figsize=(6, 4), dpi=150, layout="constrained")
        draw_sweep(figure, sweep, clustering.n_clusters)
        figure.savefig(folder / "sweep.png", facecolor="white")
        sweep.to_dataframe().to_csv(folder / "sweep.csv", index=False)
        written += ["sweep.png", "sweep.csv"]
    return [folder / name for name in written]

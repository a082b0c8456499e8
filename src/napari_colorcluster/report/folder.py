"""A result as a folder of files for other programs: images, labels and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.sweep import ClusterSweep


def write_folder(
    folder: Path, image: Any, clustering: ColorClustering, sweep: ClusterSweep | None = None
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

    Returns
    -------
    list of pathlib.Path
        The files: ``quantized.png``, ``labels.tif``, ``palette.csv``, ``palette.png``; with a sweep
        also ``sweep.png`` and ``sweep.csv``.
    """
    import imageio.v3 as iio
    import tifffile

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.asarray(clustering.predict(image))
    iio.imwrite(folder / "quantized.png", clustering.paint(labels, alpha=not labels.all()))
    tifffile.imwrite(folder / "labels.tif", labels, compression="zlib")
    clustering.palette.to_dataframe().to_csv(folder / "palette.csv", index=False)
    iio.imwrite(folder / "palette.png", clustering.palette.bar(600, 80))
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

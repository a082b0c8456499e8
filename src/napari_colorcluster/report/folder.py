"""A result as a folder of files that other programs open: pictures, labels and a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.sweep import ClusterSweep


def write_folder(
    folder: Path, image: Any, clustering: ColorClustering, sweep: ClusterSweep | None = None
) -> list[Path]:
    """Write all that there is to show of a clustering.

    Parameters
    ----------
    folder : path-like
        Made if it is not there; files of the same names in it are replaced.
    image : array, shape (Y, X, 3 or 4)
        The image.
    clustering : ColorClustering
        Its clustering.
    sweep : ClusterSweep, optional
        Its sweep.

    Returns
    -------
    list of pathlib.Path
        What was written: ``quantized.png``, ``labels.tif``, ``palette.csv``, ``palette.png``, and
        of a sweep ``sweep.png`` and ``sweep.csv``.
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

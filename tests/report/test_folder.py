"""A result as a folder: what other programs read there is what the clustering holds."""

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest
import tifffile

from napari_colorcluster import cluster_colors, sweep_clusters
from napari_colorcluster.report.folder import write_folder


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 4)


def test_every_file_says_what_the_clustering_does(tmp_path, thumbnail, clustering):
    folder = tmp_path / "new" / "result"
    written = write_folder(folder, thumbnail, clustering)
    assert sorted(written) == sorted(folder.iterdir())
    labels = clustering.predict(thumbnail)
    np.testing.assert_array_equal(tifffile.imread(folder / "labels.tif"), labels)
    quantized = iio.imread(folder / "quantized.png")
    np.testing.assert_array_equal(quantized, clustering.paint(labels))
    palette = iio.imread(folder / "palette.png")
    np.testing.assert_array_equal(palette, clustering.palette.bar(600, 80))
    table = pd.read_csv(folder / "palette.csv")
    pd.testing.assert_frame_equal(table, clustering.palette.to_dataframe(), check_dtype=False)


def test_what_took_no_part_is_transparent(tmp_path, thumbnail):
    image = np.dstack([thumbnail, np.full(thumbnail.shape[:2], 255, np.uint8)])
    image[:5, :, 3] = 0
    clustering = cluster_colors(image, 3)
    write_folder(tmp_path, image, clustering)
    alpha = iio.imread(tmp_path / "quantized.png")[..., 3]
    np.testing.assert_array_equal(alpha, image[..., 3])


def test_a_sweep_is_written_with_it(tmp_path, thumbnail, clustering):
    sweep = sweep_clusters(thumbnail, (2, 3, 4))
    written = write_folder(tmp_path, thumbnail, clustering, sweep)
    assert [path.name for path in written[-2:]] == ["sweep.png", "sweep.csv"]
    table = pd.read_csv(tmp_path / "sweep.csv")
    assert table["n_clusters"].tolist() == [2, 3, 4]
    np.testing.assert_allclose(table["sse"], sweep.to_dataframe()["sse"])
    assert iio.imread(tmp_path / "sweep.png").std() > 0

"""A result as a folder: of images of every kind, with what other programs read there."""

import dask.array as da
import numpy as np
import pandas as pd
import pytest
import tifffile
from matplotlib.figure import Figure
from PIL import Image

from napari_colorcluster import cluster_colors, read_clustering
from napari_colorcluster.core.files.label_tiffs import read_label_tiff
from napari_colorcluster.core.files.results import SavedResult
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.progress import Cancelled
from napari_colorcluster.report.image_files import LabeledImage
from napari_colorcluster.report.result_figure import MAX_NAMES, draw_result
from napari_colorcluster.report.result_folder import ResultFiles


def files_of(pixels, n_clusters=3, name="leaf", **look):
    picture = Picture(pixels, **look)
    clustering = cluster_colors(picture, n_clusters)
    labels = clustering.predict(picture)
    labeled = LabeledImage(labels, clustering, clustering.palette, False)
    return ResultFiles(name, picture, labeled, SavedResult(clustering), "pass\n")


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("kind", ["8 bits", "12 bits", "stack", "many"])
def test_images_of_every_kind(tmp_path, thumbnail, kind, lazy):
    pixels, look, n_clusters = thumbnail, {}, 3
    if kind == "12 bits":
        pixels, look = thumbnail.astype(np.uint16) * 16, {"contrast_limits": (0, 4080)}
    elif kind == "stack":
        pixels = np.stack([thumbnail, thumbnail[::-1]])
    elif kind == "many":
        n_clusters = 300
    given = da.from_array(pixels, chunks=(1, 20, 20, 3)[-pixels.ndim :]) if lazy else pixels
    files = files_of(given, n_clusters, **look)
    folder = files.write(tmp_path)
    assert folder == tmp_path / "leaf colors"
    expected = np.asarray(files.labeled.labels)
    stack = ".colors.ome.tif" if lazy else ".tif"
    labels = folder / f"leaf-labels{stack if kind == 'stack' else '.tif'}"
    written = tifffile.imread(labels)
    assert written.dtype == expected.dtype
    np.testing.assert_array_equal(written, expected)
    palette = files.labeled.clustering.palette
    assert read_label_tiff(labels).palette == palette
    assert read_clustering(folder / "leaf.colors.json").palette == palette
    table = pd.read_csv(folder / "leaf.colors.csv")
    assert table["pixels"].tolist() == palette.pixels.tolist()
    suffix = stack if kind == "stack" else ".png"
    assert (folder / f"leaf-quantized{suffix}").exists()
    assert (folder / "leaf.py").read_text() == "pass\n"
    with Image.open(folder / "leaf.png") as figure:
        assert np.asarray(figure).std() > 0
    assert len(list(folder.iterdir())) == 6


def test_nothing_is_left_of_what_is_stopped(tmp_path, thumbnail):
    reported = []

    def stop(fraction, step):
        reported.append(fraction)
        if fraction > 0.8:
            raise Cancelled

    with pytest.raises(Cancelled):
        files_of(thumbnail).write(tmp_path, stop)
    assert reported == sorted(reported)
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_an_image_need_not_be_one_of_a_file(tmp_path, thumbnail):
    first, second = (files_of(thumbnail, name="a/b: c").write(tmp_path) for _ in range(2))
    assert (first.name, second.name) == ("a_b_ c colors", "a_b_ c colors 2")
    assert (first / "a_b_ c-labels.tif").exists()


def test_the_figure_shows_both_pictures_and_names_the_colors(thumbnail):
    clustering = cluster_colors(thumbnail, 30)
    quantized = clustering.quantize(thumbnail)
    figure = Figure(layout="constrained")
    draw_result(figure, thumbnail, quantized, clustering.palette)
    left, right, bar = figure.axes
    np.testing.assert_array_equal(left.images[0].get_array(), thumbnail)
    np.testing.assert_array_equal(right.images[0].get_array(), quantized)
    np.testing.assert_array_equal(bar.images[0].get_array(), clustering.palette.bar(1000, 1))
    [legend] = figure.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert len(texts) == MAX_NAMES
    first = clustering.palette.rows[0]
    assert texts[0] == f"1 {first.name}, {100 * first.fraction:.1f} %"


def test_areas_are_written_where_they_are_known(tmp_path, thumbnail):
    files = files_of(thumbnail)
    size = PixelSize(0.5, "mm²")
    known = ResultFiles(files.name, files.picture, files.labeled, files.saved, None, size)
    folder = known.write(tmp_path)
    table = pd.read_csv(folder / "leaf.colors.csv")
    assert table["area"].to_numpy() == pytest.approx(table["pixels"] / 2)
    assert not (folder / "leaf.py").exists()

"""Labels and quantized images in levels by way of napari's own viewer."""

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image, Labels
from napari.settings import get_settings
from npe2 import PluginManager

import napari_colorcluster as ncc
from napari_colorcluster.core.files.pyramids.lazy import LazyArray
from napari_colorcluster.layers.contributions.own_files import PATTERNS, claim_own_files
from napari_colorcluster.layers.images.layer_data import is_source
from napari_colorcluster.layers.result.provenance import restored
from napari_colorcluster.report import image_files
from napari_colorcluster.report.image_files import LabeledImage, write_images

LENGTHS = {"x": (0.5, "µm"), "y": (0.25, "µm")}


@pytest.fixture
def viewer():
    PluginManager.instance().discover()
    return ViewerModel()


@pytest.fixture
def write(tmp_path, monkeypatch, thumbnail):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 16)
    monkeypatch.setattr(image_files, "SMALLEST", 20)
    clustering = ncc.cluster_colors(thumbnail, 4)

    def write(format, image=thumbnail):
        labels = clustering.predict(image)
        lazy = da.from_array(labels, chunks=(1,) * (labels.ndim - 2) + (16, 16))
        made = {"image": "leaf", "settings": clustering.settings}
        labeled = LabeledImage(lazy, clustering, clustering.palette, False, LENGTHS, made)
        files = write_images(tmp_path, "leaf", labeled, format=format)
        return labels, clustering, [str(tmp_path / file) for file in files]

    return write


def check(layers, labels, clustering):
    """That these are the quantized image and the labels, where they should be."""
    quantized, clusters = layers
    assert isinstance(quantized, Image)
    assert isinstance(clusters, Labels)
    assert [layer.name for layer in layers] == ["leaf quantized", "leaf clusters"]
    for layer in layers:
        assert layer.multiscale
        assert all(isinstance(level, LazyArray) for level in layer.data)
        np.testing.assert_array_equal(layer.scale[-2:], [0.25, 0.5])
        assert set(map(str, layer.units[-2:])) == {"micrometer"}
        assert layer.axis_labels[-2:] == ("y", "x")
    np.testing.assert_array_equal(clusters.data[0], labels)
    np.testing.assert_array_equal(quantized.data[0], clustering.paint(labels))
    palette = clustering.palette
    assert clusters.features["name"].tolist() == list(palette.names)
    assert clusters.features["fraction"].tolist() == palette.fractions.tolist()
    np.testing.assert_allclose(clusters.get_color(1)[:3] * 255, palette.colors[0], atol=1e-3)
    assert restored(clusters).settings["n_clusters"] == 4
    assert not is_source(quantized)
    assert restored(quantized) is None


def test_tiffs_open_as_files_dropped_on_the_window(viewer, write):
    labels, clustering, paths = write("tiff")
    claim_own_files()
    assert set(PATTERNS) <= set(get_settings().plugins.extension2reader)
    # The image first: the labels belong above it.
    layers = [layer for path in reversed(paths) for layer in viewer.open(path, plugin=None)]
    check(layers, labels, clustering)


def test_a_zarr_opens_by_the_library(viewer, write):
    labels, clustering, [path] = write("ome-zarr")
    check(ncc.open_layers(viewer, path), labels, clustering)
    with pytest.raises(FileNotFoundError, match="There is no file none"):
        ncc.open_layers(viewer, "none.colors.ome.zarr")


@pytest.mark.parametrize("format", ["tiff", "ome-zarr"])
def test_a_stack_is_read_plane_by_plane(viewer, write, thumbnail, format):
    image = np.stack([thumbnail, thumbnail[::-1], thumbnail // 2])
    labels, clustering, paths = write(format, image)
    layers = [layer for path in reversed(paths) for layer in ncc.open_layers(viewer, path)]
    check(layers, labels, clustering)
    viewer.dims.set_point(0, 2)
    shown = layers[1]._slice.image.raw
    level = layers[1].data_level
    np.testing.assert_array_equal(shown, labels[2, :: 2**level, :: 2**level])


def test_napari_is_told_of_no_other_files_and_of_no_folders():
    PluginManager.instance().discover()
    manifest = PluginManager.instance().get_manifest("napari-colorcluster")
    readers = manifest.contributions.readers
    assert not any(reader.accepts_directories for reader in readers)
    patterns = {pattern for reader in readers for pattern in reader.filename_patterns}
    assert {each for each in patterns if "tif" in each or "zarr" in each} == {"*.colors.ome.tif"}

"""Palette files by way of napari's own viewer: opened, refused, saved."""

import json

import numpy as np
import pandas as pd
import pytest
from napari.components import ViewerModel
from napari.layers import Image, Labels, Points
from npe2 import PluginManager, PluginManifest

import napari_colorcluster as ncc
from napari_colorcluster import Palette, read_palette
from napari_colorcluster.core.files.palettes import FORMATS
from napari_colorcluster.layers.contributions.palette_io import (
    add_palette_file,
    get_palette_reader,
    palette_of_layer,
)

COLORS = [[107, 63, 42], [239, 227, 200], [0, 0, 255]]


@pytest.fixture
def viewer():
    PluginManager.instance().discover()
    return ViewerModel()


@pytest.fixture
def palette():
    return Palette(COLORS, [50, 30, 20], ["brown", "bone", "blue"], [2, 7, 1])


@pytest.fixture
def clusters(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=4)
    return viewer.layers["photo clusters"]


@pytest.mark.parametrize("suffix", [".colors.json", ".gpl", ".ase", ".aco"])
def test_a_palette_opens_as_its_bar(viewer, palette, tmp_path, suffix):
    path = tmp_path / f"leaf{suffix}"
    palette.write(path)
    (layer,) = viewer.open(path, plugin=None)  # as a file dropped on the window
    assert isinstance(layer, Image)
    assert layer.name == "leaf"
    assert layer.rgb
    assert palette_of_layer(layer) == read_palette(path)
    json.dumps(layer.metadata)
    widths = [np.count_nonzero((layer.data[0] == color).all(axis=-1)) for color in COLORS]
    assert widths == ([150, 90, 60] if suffix == ".colors.json" else [100, 100, 100])


def test_a_table_opens_where_it_is_asked_for(viewer, palette, tmp_path):
    path = tmp_path / "leaf.colors.csv"
    palette.write(path)
    (layer,) = viewer.open(path, plugin="napari-colorcluster")
    assert palette_of_layer(layer) == palette
    assert layer.name == "leaf"


@pytest.mark.parametrize("name", ["map.json", "my palette.csv"])
def test_json_and_csv_of_others_are_left_to_others(name):
    readers = PluginManager.instance().iter_compatible_readers([name])
    assert "napari-colorcluster" not in {reader.plugin_name for reader in readers}


@pytest.mark.parametrize("name", ["old.json", "any.csv"])
def test_a_file_of_any_name_can_be_added(viewer, palette, tmp_path, name):
    palette.write(tmp_path / name)
    layer = add_palette_file(viewer, str(tmp_path / name))
    assert layer in viewer.layers
    assert palette_of_layer(layer) == palette


def test_tables_of_points_stay_napari_s(viewer, tmp_path):
    path = tmp_path / "cells.csv"
    viewer.add_points([[1, 2], [3, 4]]).save(str(path))
    (layer,) = viewer.open(path, plugin=None)
    assert isinstance(layer, Points)
    assert palette_of_layer(layer) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("palette.csv", "index,axis-0,axis-1\n0,1,2\n"),
        ("other.json", '{"type": "FeatureCollection"}'),
        ("model.ase", "*3DSMAX_ASCIIEXPORT\t200\n"),
        ("licence.gpl", "GNU General Public License\n"),
        ("palette.txt", "GIMP Palette\n1 2 3\n"),
    ],
)
def test_other_files_are_declined(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert get_palette_reader(str(path)) is None
    assert get_palette_reader([str(path)]) is None


def test_a_malformed_palette_is_told_with_its_line(viewer, tmp_path):
    path = tmp_path / "wrong.gpl"
    path.write_text("GIMP Palette\n1 2 999\n")
    with pytest.raises(Exception, match="Tried opening") as caught:
        viewer.open(path, plugin=None)
    assert "line 2 has blue '999'" in str(caught.value.__cause__)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_clusters_layer_is_saved_as_its_palette(viewer, clusters, tmp_path, suffix):
    path = tmp_path / f"palette{suffix}"
    assert clusters.save(str(path)) == [str(path)]
    expected = ncc.cluster_colors(viewer.layers["photo"].data, 4).palette
    palette = read_palette(path)
    assert palette.hex == expected.hex
    assert palette.names == expected.names or suffix == ".hex"
    if suffix in (".csv", ".json"):
        assert palette == expected


def test_a_layer_without_a_palette_is_refused(viewer, tmp_path):
    layer = viewer.add_labels(np.ones((4, 4), np.uint8), name="cells")
    with pytest.raises(TypeError, match="Layer 'cells' has no palette to save"):
        layer.save(str(tmp_path / "palette.gpl"))
    assert list(tmp_path.iterdir()) == []


def test_labels_saved_without_a_suffix_are_still_a_picture(clusters, tmp_path):
    (path,) = clusters.save(str(tmp_path / "clusters"))
    assert path.endswith(".tif")
    assert isinstance(clusters, Labels)


def test_the_manifest_knows_all_formats():
    manifest = PluginManifest.from_distribution("napari-colorcluster").contributions
    (reader,) = (each for each in manifest.readers if each.command.endswith("read_palette"))
    (writer,) = manifest.writers
    # Style sheets and lists are others' far more often.
    web = {".css", ".tailwind.css", ".scss", ".hex"}
    assert {pattern.rpartition(".")[2] for pattern in reader.filename_patterns} == {
        suffix.removeprefix(".") for suffix in set(FORMATS) - web
    }
    assert set(FORMATS) | {".colors.csv", ".colors.json"} == set(writer.filename_extensions)


def test_a_saved_table_has_areas_where_the_layer_has_units(viewer, clusters, tmp_path):
    clusters.save(str(tmp_path / "plain.csv"), plugin="napari-colorcluster")
    clusters.units, clusters.scale = ("mm", "um"), (2, 3)
    clusters.save(str(tmp_path / "sized.csv"), plugin="napari-colorcluster")
    table = pd.read_csv(tmp_path / "sized.csv")
    assert table["area"].to_numpy() == pytest.approx(6000 * table["pixels"])
    assert set(table["area_unit"]) == {"µm²"}
    assert "area" not in pd.read_csv(tmp_path / "plain.csv")
    assert read_palette(tmp_path / "sized.csv") == read_palette(tmp_path / "plain.csv")

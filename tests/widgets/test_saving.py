"""What is saved in the panel: told with its place, whole, and the same when it is opened again."""

import json

import numpy as np
import pandas as pd
import pytest
import tifffile
from napari.layers import Image, Labels
from napari.settings import get_settings
from PIL import Image as Picture
from qtpy.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QApplication, QFileDialog, QLineEdit

import napari_colorcluster as ncc
from napari_colorcluster import Palette, write_svg
from napari_colorcluster.core.files.results import read_result
from napari_colorcluster.layers.contributions.own_files import PATTERNS
from napari_colorcluster.layers.contributions.preferences import PLUGIN
from napari_colorcluster.layers.result.provenance import restored
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets import ColorClusteringPanel

LEFT = Qt.MouseButton.LeftButton


def choose(qtbot, menu, action):
    menu.popup(QPoint(0, 0))
    with qtbot.waitExposed(menu):
        pass
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


@pytest.fixture
def save_all(qtbot, panel):
    """Choose *Save everything…*, give a folder to the dialog, and wait until that is done."""

    def save_all(folder):
        choose(qtbot, panel.palette.edit_bar.save_menu, panel.palette.edits.save_all)
        dialog = panel.palette.findChild(QFileDialog)
        dialog.setDirectory(str(folder))
        dialog.findChild(QLineEdit).setText(str(folder))
        dialog.accept()
        qtbot.waitUntil(lambda: panel.palette.findChild(QFileDialog) is None)
        qtbot.waitUntil(lambda: not panel.session.is_busy)

    return save_all


def painted(panel, viewer):
    """Paint some pixels of the clusters layer."""
    layer = viewer.layers["photo clusters"]
    label = int(layer.data[0, 0]) % 3 + 1
    layer.data_setitem((np.arange(5), np.arange(5)), label)
    return layer


def test_everything_is_in_one_new_folder(panel, press, viewer, save_all, tmp_path, thumbnail):
    press()
    viewer.layers["photo"].scale, viewer.layers["photo"].units = (0.5, 0.25), ("mm", "mm")
    panel.palette.edit_requested.emit("rename", (1, "os é"))
    labels = painted(panel, viewer).data.copy()
    save_all(tmp_path)
    folder = tmp_path / "photo colors"
    assert panel.status.line.news == f"Everything was saved in {folder}."
    assert sorted(path.name for path in folder.iterdir()) == [
        *("photo-labels.tif", "photo-quantized.png", "photo.colors.csv", "photo.colors.json"),
        *("photo.png", "photo.py"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["photo colors"]
    result = results.of(viewer.layers["photo"])
    np.testing.assert_array_equal(tifffile.imread(folder / "photo-labels.tif"), labels)
    with Picture.open(folder / "photo-quantized.png") as picture:
        assert picture.info["srgb"] == 0
        np.testing.assert_allclose(picture.info["dpi"], (101.6, 50.8), rtol=1e-3)
        expected = result.clustering.paint(labels)
        np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), expected)
    table = pd.read_csv(folder / "photo.colors.csv")
    assert table["pixels"].tolist() == result.palette.pixels.tolist()
    assert table["area"].to_numpy() == pytest.approx(0.125 * table["pixels"])
    saved = read_result(folder / "photo.colors.json")
    np.testing.assert_array_equal(saved.predict(thumbnail), labels)
    with Picture.open(folder / "photo.png") as figure:
        assert min(figure.size) > 300
        assert np.asarray(figure).std() > 0
    script = (folder / "photo.py").read_text("utf-8")
    exec(script, {"viewer": viewer})
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, labels)


def test_nothing_is_overwritten_and_nothing_half_written(
    panel, press, save_all, tmp_path, monkeypatch, told
):
    press()
    save_all(tmp_path)
    before = (tmp_path / "photo colors" / "photo.png").read_bytes()
    save_all(tmp_path)
    assert panel.status.line.news == f"Everything was saved in {tmp_path / 'photo colors 2'}."
    assert (tmp_path / "photo colors" / "photo.png").read_bytes() == before

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("napari_colorcluster.report.result_folder.write_result", full)
    save_all(tmp_path)
    assert f"'photo' could not be saved in {tmp_path}: No space left" in told.pop()[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo colors", "photo colors 2"]


def test_the_quantized_image_is_saved_as_svg(panel, press, qtbot, viewer, tmp_path, told):
    press()
    labels = painted(panel, viewer).data.copy()
    path = tmp_path / "photo quantized.svg"
    choose(qtbot, panel.palette.edit_bar.save_menu, panel.palette.edits.save_svg)
    dialog = panel.palette.findChild(QFileDialog)
    assert dialog.findChild(QLineEdit).text() == path.name
    dialog.findChild(QLineEdit).setText(str(tmp_path / "photo quantized"))
    dialog.accept()
    qtbot.waitUntil(lambda: panel.status.line.news.startswith("The SVG was saved as"))
    size = write_svg(tmp_path / "expected.svg", labels, results.of(viewer.layers["photo"]).palette)
    assert panel.status.line.news == f"The SVG was saved as {path} ({size / 1e3:.0f} kB)."
    written, expected = ((tmp_path / name).read_text() for name in (path.name, "expected.svg"))
    assert written.replace("photo quantized", "expected") == expected

    panel.palette.svg_requested.emit(str(tmp_path / "nowhere" / "a.svg"))
    qtbot.waitUntil(lambda: bool(told))
    assert "The SVG could not be saved as" in told.pop()[1]


def test_saved_labels_get_their_palette_back(panel, press, qtbot, viewer, save_all, tmp_path):
    press()
    panel.palette.edit_requested.emit("recolor", (2, "#123456"))
    save_all(tmp_path)
    saved = results.of(viewer.layers["photo"]).palette
    [opened] = viewer.open(tmp_path / "photo colors" / "photo-labels.tif", plugin="napari")
    assert isinstance(opened, Image)
    qtbot.waitUntil(lambda: not panel.shown.label_files.is_busy)
    assert opened not in viewer.layers
    layer = viewer.layers["photo-labels"]
    assert isinstance(layer, Labels)
    assert viewer.layers.selection.active is layer
    colors = [layer.get_color(label)[:3] for label in saved.labels]
    np.testing.assert_allclose(colors, saved.colors / 255, atol=0.003)
    assert layer.features["name"].tolist() == list(saved.names)
    json.dumps(layer.metadata)
    made = restored(layer)
    assert made.image == "photo"
    assert made.settings["edits"] == [["recolor", 2, "#123456"]]
    assert "'photo-labels' is shown with the palette in its file." in panel.status.line.news
    other = tmp_path / "cells.tif"
    tifffile.imwrite(other, np.ones((40, 40), np.uint8))
    [plain] = viewer.open(other, plugin="napari")
    qtbot.waitUntil(lambda: not panel.shown.label_files.is_busy)
    assert plain in viewer.layers


def test_own_tables_open_without_a_question(panel, viewer, tmp_path):
    palette = Palette([[1, 2, 3], [4, 5, 6]], [5, 4], ["ink", "soot"])
    palette.write(tmp_path / "leaf.colors.csv")
    [layer] = viewer.open(tmp_path / "leaf.colors.csv", plugin=None)
    assert layer.name == "leaf"
    assert {"ink", "soot"} <= set(panel.palette.table.model().sourceModel().palette.names)
    assert get_settings().plugins.extension2reader == dict.fromkeys(PATTERNS, PLUGIN)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_the_user_has_chosen_for_our_files_stays(make_napari_viewer, pattern):
    get_settings().plugins.extension2reader = {pattern: "napari"}
    viewer = make_napari_viewer()
    panel = ColorClusteringPanel(viewer)
    expected = dict.fromkeys(PATTERNS, PLUGIN) | {pattern: "napari"}
    assert get_settings().plugins.extension2reader == expected
    panel.native.close()


@pytest.mark.parametrize("name", ["old.json", "any.csv", "leaf.gpl"])
def test_a_palette_of_any_name_can_be_dropped_on_the_panel(panel, viewer, tmp_path, name):
    Palette([[1, 2, 3], [4, 5, 6]], [5, 4], ["ink", "soot"]).write(tmp_path / name)
    drop(panel.native, tmp_path / name)
    assert viewer.layers.selection.active.name == name.partition(".")[0]
    assert panel.button.text() == "Apply palette"


def test_an_ome_zarr_of_a_study_can_be_dropped_on_the_panel(
    panel, viewer, tmp_path, thumbnail, told
):
    Picture.fromarray(thumbnail).save(tmp_path / "leaf.png")
    ncc.run_study(tmp_path / "leaf.png", tmp_path / "out", 4, format="ome-zarr")
    drop(panel.native, tmp_path / "out" / "leaf.colors.ome.zarr")
    quantized, clusters = list(viewer.layers)[-2:]
    assert [quantized.name, clusters.name] == ["leaf quantized", "leaf clusters"]
    assert clusters.features["index"].tolist() == [1, 2, 3, 4]
    (tmp_path / "out" / "leaf.colors.ome.zarr" / ".zgroup").unlink()
    drop(panel.native, tmp_path / "out" / "leaf.colors.ome.zarr")
    assert len(viewer.layers) == 3
    [(severity, message)] = told
    told.clear()
    assert severity == "error"
    assert message == (
        "leaf.colors.ome.zarr is damaged, or was not written by napari-colorcluster."
    )
    assert panel.status.line.news == message


def test_other_files_that_are_dropped_go_on_to_napari(panel, viewer, tmp_path):
    (tmp_path / "map.json").write_text('{"type": "FeatureCollection"}')
    n_layers = len(viewer.layers)
    assert not drop(panel.native, tmp_path / "map.json")
    assert len(viewer.layers) == n_layers


def drop(widget, path):
    """Drop a file on a widget by Qt's own events; return whether it was accepted."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(20, 20), *how)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(20, 20), *how))
    return True

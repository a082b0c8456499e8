"""A report of what the viewer shows: pressed, saved, and held against the layers."""

import json

import imageio.v3 as iio
import numpy as np
import pytest
from napari.components import ViewerModel
from qtpy.QtCore import Qt
from qtpy.QtGui import QDesktopServices
from qtpy.QtWidgets import QFileDialog

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.report.html.image import thumbnail_paths


@pytest.fixture
def viewer(thumbnail, told):
    viewer = ViewerModel()
    viewer.add_image(thumbnail[::-1] // 2, name="dark", rgb=True)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def opened(monkeypatch):
    """The addresses that a browser was asked to open."""
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    return opened


@pytest.fixture
def report_to(panel, qtbot):
    """Presses the button and chooses a folder."""

    def report_to(folder):
        view = panel.many.view
        panel.more_fold.open()
        qtbot.wait(10)
        qtbot.mouseClick(view.report, Qt.MouseButton.LeftButton)
        [dialog] = panel.native.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(folder))
        dialog.reject()
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)

    return report_to


def test_all_palettes_are_reported_as_they_are_shown(
    panel, press, viewer, report_to, opened, tmp_path, qtbot
):
    assert not panel.many.view.report.isEnabled()
    press()
    panel.more_fold.open()
    qtbot.wait(10)
    panel.many.view.list.tick(True)
    press(panel.many.view.pool)
    photo = viewer.layers["photo"]
    panel.session.edit(photo, "rename", 1, "<b>paint</b>")
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    folder = tmp_path / "new" / "report"
    report_to(folder)
    assert opened == [str(folder / "report.html")]
    data = json.loads((folder / "report" / "data.js").read_text("utf-8")[15:-2])
    assert data["name"] == ["dark", "photo"]
    for at, name in enumerate(data["name"]):
        result = results.of(viewer.layers[name])
        assert data["pixels"][at] == result.palette.pixels.tolist()
        quantized = iio.imread(folder / thumbnail_paths(name)[1])[..., :3]
        np.testing.assert_array_equal(quantized, result.quantized.data[..., :3])
    assert [1, "<b>paint</b>"] in [each[:2] for each in data["palettes"][data["palette"][1]]]


def test_where_palettes_are_from_is_said(panel, press, viewer, report_to, opened, tmp_path, qtbot):
    panel.form.n_clusters.value = 4
    press()
    panel.more_fold.open()
    qtbot.wait(10)
    panel.many.view.list.tick(True)
    press(panel.many.view.apply)
    report_to(tmp_path)
    # The first of the layers has been given a palette, the second has made it.
    assert "<span>k-means in CIELAB</span>" in (tmp_path / "report.html").read_text("utf-8")
    viewer.layers.remove("photo")
    report_to(tmp_path)
    assert "palette of &#34;photo&#34; applied" in (tmp_path / "report.html").read_text("utf-8")


def test_where_it_cannot_be_saved_that_is_told(panel, press, report_to, opened, told, tmp_path):
    press()
    (tmp_path / "file").write_text("not a folder")
    report_to(tmp_path / "file")
    assert not opened
    [(severity, message)] = told
    told.clear()
    assert severity == "error"
    assert message.startswith(f"The report could not be saved to {tmp_path / 'file'}: ")

"""The window of the color space beside a real napari: what is seen in it, and how it goes."""

import numpy as np
import pytest
from qtpy.QtWidgets import QApplication, QWidget

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.widgets.canvas.color_space_view import ColorSpaceView


@pytest.fixture(scope="module")
def clustering(photo):
    return cluster_colors(photo, n_clusters=4)


@pytest.fixture
def window(make_napari_viewer_proxy, photo, told):
    viewer = make_napari_viewer_proxy(show=True, strict_qt="raise")
    viewer.add_image(photo, name="photo", rgb=True)
    return viewer


@pytest.fixture
def dock(window):
    dock = QWidget()
    window.window.add_dock_widget(dock, name="dock")
    return dock


@pytest.fixture
def open_view(qtbot, window, dock, clustering):
    """Opens the window; no fixture may hold it, since pytest keeps what they give to the end."""

    def open_it():
        view = ColorSpaceView(window, dock)
        view.set_made(Segmentation(clustering), "photo")
        assert len(view.scene.colors.data) == 0  # nothing is computed before it is seen
        view.show()
        qtbot.waitExposed(view)
        qtbot.waitUntil(lambda: len(view.scene.colors.data) > 0, timeout=10_000)
        qtbot.wait(100)
        return view

    return open_it


def seen(view):
    """The colors on its canvas, as often as they are there."""
    return view.canvas.screenshot(flash=False)[..., :3].reshape(-1, 3)


def test_the_cloud_is_seen_and_the_main_scene_is_as_it_was(open_view, window, clustering):
    view = open_view()
    assert view.windowTitle() == "photo — colors in CIELAB"
    assert len(np.unique(seen(view), axis=0)) > 500
    assert [layer.name for layer in window.layers] == ["photo"]
    assert window.dims.ndisplay == 2


def test_the_box_chooses_the_colors_and_the_check_the_centers(open_view):
    view = open_view()
    view.color_by.setCurrentIndex(view.color_by.findData("cluster"))
    assert view.scene.color_by == "cluster"
    assert len(np.unique(view.scene.colors.face_color, axis=0)) == 4
    view.centers.click()
    assert view.scene.centers.visible
    camera = view.scene.viewer.scene.camera
    angles, camera.angles = camera.angles, (40, 50, 60)
    view.reset_button.click()
    np.testing.assert_allclose(camera.angles, angles)


def test_it_follows_the_theme(qtbot, open_view, window):
    view = open_view()
    window.theme = "light"
    qtbot.wait(50)
    assert np.median(seen(view)) == 255
    window.theme = "dark"
    qtbot.wait(50)
    assert np.median(seen(view)) == 0


def test_closed_it_waits_and_opened_again_it_shows_the_latest(qtbot, open_view, photo):
    view = open_view()
    view.close()
    view.set_made(Segmentation(cluster_colors(photo, 2, color_space="rgb")), "later")
    assert view.windowTitle().startswith("photo")
    view.show()
    qtbot.waitExposed(view)
    qtbot.waitUntil(lambda: view.windowTitle() == "later — colors in sRGB", timeout=10_000)
    qtbot.wait(100)
    assert len(view.scene.centers.data) == 2
    assert len(np.unique(seen(view), axis=0)) > 500


def test_of_many_the_last_is_shown_and_none_empties_it(qtbot, open_view, photo):
    view = open_view()
    for k in (2, 5, 3):
        view.set_made(Segmentation(cluster_colors(photo, k)), f"k = {k}")
    qtbot.waitUntil(lambda: len(view.scene.centers.data) == 3, timeout=10_000)
    assert view.windowTitle().startswith("k = 3")
    view.set_made(Segmentation(cluster_colors(photo, 2)), "gone")
    view.set_made(None)
    qtbot.waitUntil(lambda: len(view.scene.colors.data) == 0, timeout=10_000)
    qtbot.wait(300)
    assert view.windowTitle() == "Colors"


def test_what_goes_wrong_is_told(qtbot, window, dock, clustering, told, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(ColorCloud, "of", fail)
    notices, heard = Notices(), []
    notices.failed.connect(heard.append)
    view = ColorSpaceView(window, dock, notices)
    view.set_made(Segmentation(clustering), "photo")
    view.show()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["There is not enough memory."]
    assert told.pop() == ("error", "There is not enough memory.")


def test_layers_are_removed_from_the_main_canvas_beside_it(qtbot, open_view, window, photo):
    for number in range(3):
        window.add_image(photo, name=f"other {number}", rgb=True)
        window.add_labels(photo[..., 0], name=f"labels {number}")
    qtbot.wait(100)
    view = open_view()
    view.centers.click()
    view.scene.viewer.scene.camera.angles = (10, 20, 30)
    qtbot.wait(200)  # now it is what was painted last
    while len(window.layers):
        window.layers.remove(window.layers[0])
    view.set_made(None)
    qtbot.wait(200)
    assert len(np.unique(seen(view), axis=0)) > 1
    window.theme = "light"
    view.close()
    view.show()
    qtbot.wait(100)


def test_it_goes_with_its_dock(qtbot, open_view, window, dock):
    view = open_view()
    gone = []
    view.destroyed.connect(lambda: gone.append(True))
    window.window.remove_dock_widget(dock)
    dock.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    window.theme = "light"


def test_it_closes_with_napari(qtbot, open_view, window):
    view = open_view()
    gone = []
    view.destroyed.connect(lambda: gone.append(True))
    del view
    window.close()
    qtbot.waitUntil(lambda: bool(gone))
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, ColorSpaceView)]

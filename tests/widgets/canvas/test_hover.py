"""The mouse over a real canvas, and what is said of the cluster under it."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint
from qtpy.QtTest import QTest

from napari_colorcluster.layers.cluster import cluster_layer
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.canvas.hover import CanvasHover

HALVES = np.zeros((60, 80, 3), np.uint8)
RED, BLUE = (200, 30, 30), (30, 30, 200)
HALVES[:, :40], HALVES[:, 40:] = RED, BLUE


@pytest.fixture
def window(make_napari_viewer_proxy, told):
    viewer = make_napari_viewer_proxy(show=True)
    viewer.window.resize(900, 700)
    layer = viewer.add_image(HALVES, name="halves", rgb=True)
    cluster_layer(viewer, layer, n_clusters=2)
    return viewer


@pytest.fixture
def heard(window):
    image = window.layers["halves"]
    heard = []
    hover = CanvasHover(window, lambda: results.of(image).labels, heard.append)
    yield heard
    hover.close()


@pytest.fixture
def move(qtbot, window):
    """Move the mouse over a pixel of the image."""
    canvas = window.__wrapped__.window._qt_viewer.canvas

    def move_to(row, column):
        camera = window.scene.camera
        at = np.array(canvas.size) / 2 + ((row, column) - np.array(camera.center)[-2:]) * (
            camera.zoom
        )
        QTest.mouseMove(canvas.native, QPoint(round(at[1]), round(at[0])))
        qtbot.wait(50)

    return move_to


def label_of(window, color):
    palette = results.of(window.layers["halves"]).palette
    return int(palette.labels[palette.colors.tolist().index(list(color))])


@pytest.mark.parametrize("active", ["halves", "halves quantized", "halves clusters"])
@pytest.mark.parametrize("visible", [True, False])
def test_the_cluster_under_the_mouse_is_told_once(window, heard, move, active, visible):
    window.layers.selection.active = window.layers[active]
    window.layers["halves clusters"].visible = visible
    for column in (10, 12, 60, 95):
        move(30, column)
    assert heard == [label_of(window, RED), label_of(window, BLUE), 0]


def red(window):
    """The words for the red half."""
    palette = results.of(window.layers["halves"]).palette
    return f"{palette.names[palette.row_of(label_of(window, RED))]} #c81e1e 50.0%"


def status(window):
    # A thread asks for it that napari does not start in tests.
    window.__wrapped__.update_status_from_cursor()
    told = window.status
    return told["coordinates"] if isinstance(told, dict) else told


@pytest.mark.parametrize("selected", [["halves"], ["halves", "halves quantized"]])
def test_the_status_bar_says_it_whatever_layer_is_active(window, heard, move, selected):
    window.layers.selection = {window.layers[name] for name in selected}
    move(30, 10)
    assert status(window).endswith(f" · {red(window)}")
    move(30, 95)
    assert red(window) not in status(window)


def test_napari_says_it_itself_where_the_clusters_are_active(window, heard, move):
    window.layers.selection.active = window.layers["halves clusters"]
    move(30, 10)
    assert status(window).count("#c81e1e") == 1
    assert red(window) not in status(window)


@pytest.mark.parametrize("color", [RED, BLUE])
def test_new_clusters_are_told_under_a_mouse_that_stays(window, heard, move, color):
    window.layers.selection.active = window.layers["halves"]
    move(30, 10 if color == RED else 60)
    before, asked = label_of(window, color), []
    window.cursor.events.position.connect(lambda event: asked.append(event))
    cluster_layer(window, window.layers["halves"], n_clusters=1)
    assert heard == ([1] if before == 1 else [before, 1])
    assert asked
    assert "100.0%" in status(window)


def test_new_clusters_are_told_of_the_frame_that_is_shown_now(qtbot, window, move):
    window.layers.clear()
    image = window.add_image(np.stack([HALVES, HALVES[:, ::-1]]), name="frames", rgb=True)
    window.dims.set_current_step(0, 0)
    cluster_layer(window, image, n_clusters=2)
    results.of(image).labels.visible = False
    heard, of_first = [], int(results.of(image).labels.data[0, 30, 10])
    hover = CanvasHover(window, lambda: results.of(image).labels, heard.append)
    move(30, 10)
    window.dims.set_current_step(0, 1)
    cluster_layer(window, image, n_clusters=2, color_space="rgb")
    hover.close()
    assert heard == [of_first, 3 - of_first]


def test_nothing_is_told_once_the_mouse_has_left_or_all_is_closed(window, move):
    image, heard = window.layers["halves"], []
    before = list(window.mouse_move_callbacks)
    hover = CanvasHover(window, lambda: results.of(image).labels, heard.append)
    move(30, 10)
    move(30, 12)
    window.mouse_over_canvas = False
    assert heard == [label_of(window, RED), 0]
    hover.close()
    move(30, 60)
    assert len(heard) == 2
    assert window.mouse_move_callbacks == before

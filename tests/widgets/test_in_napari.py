"""In a real napari window: docked by its name, pressed by commands, painted in exact colors."""

import numpy as np
import pytest

from napari_colorcluster.widgets.commands import cluster_active, cluster_active_auto, open_panel
from napari_colorcluster.widgets.panel import ColorClusteringPanel


@pytest.fixture
def window(make_napari_viewer, thumbnail, told):
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1200, 800)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def finish(qtbot):
    def wait(panel):
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
        qtbot.wait(200)

    return wait


def test_the_panel_is_docked_once(window):
    panel = open_panel(window)
    assert isinstance(panel, ColorClusteringPanel)
    assert open_panel(window) is panel


def test_a_command_clusters_the_active_layer_at_once(window, finish):
    cluster_active(window)
    finish(open_panel(window))
    assert [layer.name for layer in window.layers] == ["photo", "photo quantized", "photo clusters"]


def test_a_command_takes_the_suggested_k(window, finish):
    cluster_active_auto(window)
    panel = open_panel(window)
    finish(panel)
    assert len(window.layers["photo clusters"].features) == panel.form.n_clusters.value


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_canvas_carries_exactly_the_colors_of_the_palette(window, finish, theme):
    window.theme = theme
    cluster_active(window)
    panel = open_panel(window)
    finish(panel)
    window.layers["photo"].visible = False
    finish(panel)
    palette = window.layers["photo clusters"].features["hex"]
    wanted = {tuple(bytes.fromhex(code[1:])) for code in palette}
    canvas = window.screenshot(flash=False)[..., :3]
    middle = canvas[canvas.shape[0] // 4 : -canvas.shape[0] // 4, canvas.shape[1] // 4 :]
    seen = {tuple(color) for color in np.unique(middle.reshape(-1, 3), axis=0).tolist()}
    assert wanted <= seen
    ground = {(0, 0, 0), (255, 255, 255)}
    assert seen - wanted <= ground


def test_closing_the_dock_while_it_works_leaves_napari_in_peace(qtbot, window, finish, thumbnail):
    panel = open_panel(window)
    session = panel.session
    panel.run()
    window.window.remove_dock_widget(panel.native)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)
    window.add_image(thumbnail, name="later", rgb=True)
    assert open_panel(window) is not panel


def test_closing_napari_while_it_works_leaves_no_thread(qtbot, make_napari_viewer, photo, told):
    viewer = make_napari_viewer(show=True)
    viewer.add_image(photo, rgb=True)
    panel = open_panel(viewer)
    session = panel.session
    panel.run_suggested()
    viewer.close()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)

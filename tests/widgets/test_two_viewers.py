"""One image in two napari windows, each with a panel: one result, one history."""

import numpy as np
import pytest

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel


@pytest.fixture
def windows(make_napari_viewer, thumbnail, told):
    viewers = [make_napari_viewer(show=True) for _ in range(2)]
    image = viewers[0].add_image(thumbnail, name="photo", rgb=True)
    viewers[1].add_layer(image)
    return viewers


def test_edits_in_either_are_shown_in_both(qtbot, windows):
    panels = [open_panel(each) for each in windows]
    image = windows[0].layers["photo"]

    def rest():
        qtbot.waitUntil(lambda: not any(each.session.is_busy for each in panels), timeout=60_000)

    def assert_shown(n_clusters):
        rest()
        colors = set(map(tuple, results.of(image).palette.colors.tolist()))
        assert len(results.of(image).palette) == n_clusters
        for each, panel in zip(windows, panels, strict=True):
            assert panel.palette.table.model().rowCount() == n_clusters
            assert panel.session.history_of(image).present is results.of(image).segmentation
            seen = each.screenshot(flash=False)[..., :3].reshape(-1, 3)
            assert colors <= set(map(tuple, np.unique(seen, axis=0).tolist()))

    for panel in panels:
        panel.run()
        rest()
    assert list(windows[0].layers) == list(windows[1].layers)
    panels[0].session.edit(image, "merge", [1, 2])
    assert_shown(4)
    panels[1].session.edit(image, "merge", [1, 3])
    assert_shown(3)
    panels[0].session.undo(image)
    assert_shown(4)
    # napari deletes what belongs to a window in the OpenGL context that is current.
    windows[0].screenshot(flash=False)
    windows.pop(0).close()
    panels.pop(0)
    panels[0].session.undo(image)
    assert_shown(5)

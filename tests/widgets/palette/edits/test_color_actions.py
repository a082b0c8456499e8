"""The menu "By color": its dialogs, what they foretell, and that it comes true."""

import pytest
from qtpy.QtCore import Qt

from napari_colorcluster import ColorClustering, cluster_colors
from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied
from napari_colorcluster.widgets.palette.edits.color_actions import ColorActions


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 9)


@pytest.fixture
def actions(parent, clustering):
    actions = ColorActions(parent)
    actions.set_made(Segmentation(clustering))
    return actions


@pytest.fixture
def asked(actions):
    asked = []
    actions.edit_requested.connect(lambda name, arguments: asked.append((name, *arguments)))
    yield asked
    assert check_edits(asked) == asked


def type_in(qtbot, dialog, text):
    qtbot.keyClicks(dialog.box, text)


def test_they_can_be_made_where_there_are_clusters(actions, clustering):
    assert actions.menu.isEnabled()
    assert all(action.isEnabled() for action in actions.menu.actions())
    actions.set_made(Segmentation(clustering.merge(range(1, 10))))
    enabled = [action for action in actions.menu.actions() if action.isEnabled()]
    assert enabled == [actions.leave_out]
    actions.set_made(None)
    assert not actions.menu.menuAction().isEnabled()


def test_a_merge_foretells_what_is_left(qtbot, actions, asked, clustering):
    actions.merge_similar.trigger()
    dialog = actions.dialog
    for limit in (14.5, 25):
        dialog.box.selectAll()
        type_in(qtbot, dialog, str(limit))
        merged = clustering.merge_similar(limit)
        assert dialog.explanation.text().startswith(f"{merged.n_clusters} of 9 clusters would")
        assert dialog.bar._palette.pixels.tolist() == merged.pixels.tolist()
        assert dialog.slider.value() == 10 * limit
    qtbot.keyClick(dialog.slider, Qt.Key.Key_PageDown)
    assert dialog.value == 24
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert asked == [("merge_similar", 24.0)]
    # The next dialog begins with what was asked for last.
    actions.merge_similar.trigger()
    assert actions.dialog.value == 24


def test_far_colors_are_foretold_as_a_share(qtbot, actions, asked, clustering):
    actions.leave_out.trigger()
    dialog = actions.dialog
    type_in(qtbot, dialog, "9.5")
    percentage = 100 * clustering.leave_out_beyond(9.5).n_too_far / clustering.histogram.n_pixels
    said = f"About {percentage:.1f}% of the pixels would be left out."
    assert dialog.explanation.text() == said
    assert dialog.bar.isHidden()
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert asked == [("leave_out_beyond", 9.5)]


def test_far_colors_are_those_of_the_image_that_a_palette_is_applied_to(qtbot, actions, clustering):
    palette = ColorClustering.from_palette(clustering.palette)
    actions.set_made(Segmentation(palette, applied=Applied(clustering.histogram, ("file",))))
    actions.leave_out.trigger()
    type_in(qtbot, actions.dialog, "9.5")
    assert "About 0.0%" not in actions.dialog.explanation.text()


def test_dropped_clusters_are_foretold_by_their_number(qtbot, actions, asked, clustering):
    actions.drop_small.trigger()
    dialog = actions.dialog
    type_in(qtbot, dialog, "12.5")
    n_dropped = int((clustering.palette.fractions < 0.125).sum())
    assert n_dropped
    assert dialog.explanation.text() == f"{n_dropped} of 9 clusters would be dropped."
    assert len(dialog.bar._palette) == 9 - n_dropped
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert asked == [("drop_and_refit", 0.125)]


def test_nothing_is_asked_for_where_the_dialog_is_cancelled(qtbot, actions, asked):
    for action in actions.menu.actions():
        action.trigger()
        qtbot.keyClick(actions.dialog, Qt.Key.Key_Escape)
    assert asked == []


def test_in_the_panel_it_comes_true_and_can_be_undone(panel, press, qtbot, viewer):
    image = viewer.layers["photo"]
    press()
    before, actions = results.of(image).palette, panel.palette.color_edits
    assert actions.menu.menuAction() in panel.palette.edit_bar.more_menu.actions()
    for action, text in (
        (actions.merge_similar, "20"),
        (actions.leave_out, "12"),
        (actions.drop_small, "9"),
    ):
        shown = results.of(image).clustering
        action.trigger()
        type_in(qtbot, actions.dialog, text)
        qtbot.keyClick(actions.dialog.box, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not panel.session.is_busy)
        made = results.of(image)
        assert len(made.clustering.edits) == len(shown.edits) + 1
        assert (made.labels.data == 0).sum() == made.clustering.n_too_far
    n_too_far = results.of(image).clustering.n_too_far
    assert f", {n_too_far:,} too far from a cluster" in panel.status.line.state
    for _ in range(len(results.of(image).clustering.edits)):
        panel.palette.edits.undo.trigger()
        qtbot.waitUntil(lambda: not panel.session.is_busy)
    assert results.of(image).palette == before
    assert "too far from a cluster" not in panel.status.line.state

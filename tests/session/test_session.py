"""Work in the background: one task after another, and what happens to the image is heeded."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.matching import followed_labels, same_clusters
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session import counted as counted_module
from napari_colorcluster.session import run
from napari_colorcluster.session.requests.many_requests import ApplyRequest
from napari_colorcluster.session.session import Session


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    yield session
    session.close()


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def finish(qtbot, session):
    def wait():
        qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)

    return wait


@pytest.fixture
def held(monkeypatch):
    """Hold every job at its last step, until ``go`` is set; ``reached`` tells that it is there."""
    reached, go = threading.Event(), threading.Event()
    paint = Segmentation.paint

    def wait_and_paint(*args, **kwargs):
        reached.set()
        assert go.wait(30)
        return paint(*args, **kwargs)

    monkeypatch.setattr(Segmentation, "paint", wait_and_paint)
    yield reached, go
    go.set()


def test_it_shows_what_the_console_would(session, image, viewer, finish, thumbnail):
    session.cluster(image, 4, Settings("agglomerative", "rgb"))
    finish()
    expected = ncc.cluster_colors(thumbnail, 4, "agglomerative", "rgb")
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected.predict(thumbnail))
    assert results.of(image).clustering.palette == expected.palette


def test_a_sweep_is_kept_for_its_image(session, image, finish, thumbnail):
    swept = []
    session.swept.connect(swept.append)
    session.sweep(image, range(2, 5), Settings())
    finish()
    assert swept == [image]
    assert list(session.sweep_of(image)) == [2, 3, 4]
    image.data = thumbnail[::-1].copy()
    assert session.sweep_of(image) is None


def test_a_clustering_of_a_sweep_is_shown(session, image, viewer, finish):
    session.sweep(image, range(2, 5), Settings())
    finish()
    session.show(image, session.tried(image, 3))
    finish()
    assert np.unique(viewer.layers["photo clusters"].data).tolist() == [1, 2, 3]


@pytest.mark.parametrize("shown_before", [False, True])
def test_a_clustering_of_a_sweep_is_shown_where_it_was_swept(
    session, image, viewer, finish, shown_before
):
    if shown_before:
        session.cluster(image, 4, Settings())
        finish()
    drawn = np.zeros(image.data.shape[:2], np.uint8)
    drawn[5:20, 4:30] = 3
    leaf = viewer.add_labels(drawn, name="leaf")
    session.sweep(image, range(2, 5), Settings(), Region(leaf))
    finish()
    session.show(image, session.tried(image, 3))
    finish()
    result = results.of(image)
    np.testing.assert_array_equal(result.labels.data > 0, drawn == 3)
    assert result.segmentation.region == Region(leaf)
    assert result.labels.metadata[METADATA_KEY]["region"]["layer"] == "leaf"


def test_busy_begins_and_ends_once(session, image, finish):
    heard = []
    session.busy.connect(heard.append)
    session.cluster(image, 2, Settings())
    finish()
    assert heard == [True, False]


def test_a_cancelled_job_leaves_nothing(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    session.cancel()
    go.set()
    finish()
    assert [layer.name for layer in viewer.layers] == ["photo"]
    assert results.of(image) is None


def test_a_removed_image_gets_no_result(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    viewer.layers.remove(image)
    go.set()
    finish()
    assert len(viewer.layers) == 0


def test_replaced_data_get_no_result_of_the_old(session, image, viewer, finish, held, thumbnail):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    image.data = thumbnail[:20, :30].copy()
    go.set()
    finish()
    assert [layer.name for layer in viewer.layers] == ["photo"]


def test_other_layers_may_come_and_go(session, image, viewer, finish, held):
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    viewer.layers.remove(viewer.add_points([[1, 1]]))
    go.set()
    finish()
    assert "photo clusters" in viewer.layers


def test_closing_stops_the_work(qtbot, viewer, image, held):
    session = Session(viewer)
    reached, go = held
    session.cluster(image, 3, Settings())
    assert reached.wait(30)
    session.close()
    go.set()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    assert [layer.name for layer in viewer.layers] == ["photo"]


def test_what_a_person_can_mend_is_told_in_a_sentence(session, image, told, finish):
    session.cluster(image, 0, Settings())
    finish()
    [(severity, message)] = told
    assert severity == "error"
    assert message == "n_clusters must be an integer of at least 1, got 0."
    told.clear()


def test_what_nobody_expected_is_told_in_full(session, image, told, finish, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("unheard of")

    monkeypatch.setattr(counted_module, "count_colors", fail)
    session.cluster(image, 2, Settings())
    finish()
    [(severity, message)] = told
    assert severity == "error"
    assert "unheard of" in message
    told.clear()


def test_of_runs_that_wait_only_the_last_is_done(session, image, finish, held):
    reached, go = held
    shown = []
    results.changed.connect(shown.append)
    session.cluster(image, 2, Settings())
    assert reached.wait(30)
    for k in (3, 4, 5):
        session.cluster(image, k, Settings())
    go.set()
    finish()
    results.changed.disconnect(shown.append)
    assert results.of(image).clustering.n_clusters == 5
    assert shown == [image, image]


def test_edits_are_all_done_in_their_order(session, image, finish):
    session.cluster(image, 4, Settings())
    for arguments in (("merge", [2, 3]), ("rename", 2, "one"), ("rename", 2, "two")):
        session.edit(image, *arguments)
    finish()
    clustering = results.of(image).clustering
    assert clustering.n_clusters == 3
    assert clustering.palette.names[clustering.palette.row_of(2)] == "two"


def test_each_edit_is_undone_and_redone_to_the_bit(session, image, viewer, finish):
    session.cluster(image, 5, Settings())
    finish()

    def state():
        result = results.of(image)
        return result.palette, result.labels.data.copy(), result.quantized.data.copy()

    states = [state()]
    for arguments in (
        ("merge", [2, 4]),
        ("split", 1, 3),
        ("recolor", 3, "#ff0000"),
        ("set_background", 3),
        ("clean", 40),
        ("absorb", 0.13),
        ("recolor", 2, "#00ff00"),
        ("represent", "mean"),
    ):
        session.edit(image, *arguments)
        finish()
        states.append(state())
    assert len(session.history_of(image).past) == len(states) - 1
    for expected in states[-2::-1]:
        session.undo(image)
        finish()
        assert_same_state(state(), expected)
    assert not session.history_of(image).past
    for expected in states[1:]:
        session.redo(image)
        finish()
        assert_same_state(state(), expected)


def assert_same_state(state, expected):
    assert state[0] == expected[0]
    for one, other in zip(state[1:], expected[1:], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_there_is_nothing_to_undo_of_runs_alone(session, image, finish):
    for k in (2, 3, 4):
        session.cluster(image, k, Settings())
        finish()
    assert not session.history_of(image).past
    session.undo(image)
    finish()
    assert results.of(image).clustering.n_clusters == 4


def test_a_run_over_edits_can_be_undone(session, image, finish):
    session.cluster(image, 4, Settings())
    session.edit(image, "merge", [1, 2])
    session.cluster(image, 6, Settings())
    finish()
    assert results.of(image).clustering.n_clusters == 6
    session.undo(image)
    finish()
    assert results.of(image).clustering.n_clusters == 3


def test_a_live_run_keeps_labels_and_given_names_of_like_colors(session, image, finish):
    session.cluster(image, 3, Settings(color_space="rgb"))
    finish()
    before = results.of(image).palette
    session.edit(image, "rename", 2, "mine")
    session.cluster(image, 4, Settings(color_space="rgb", random_state=1), live=True)
    finish()
    after = results.of(image).palette
    assert set(before.labels) <= set(after.labels)
    assert after.names[after.row_of(2)] == "mine"


def test_a_fresh_run_is_numbered_by_share_and_keeps_given_names(session, image, finish):
    session.cluster(image, 3, Settings(color_space="rgb"))
    finish()
    before = results.of(image).clustering
    session.edit(image, "relabel", [[1, 7], [2, 1]])
    session.edit(image, "rename", 7, "mine")
    session.cluster(image, 4, Settings(color_space="rgb"))
    finish()
    after = results.of(image)
    assert after.palette.labels.tolist() == [1, 2, 3, 4]
    assert (np.diff(after.palette.pixels) <= 0).all()
    named = after.palette.row_of(same_clusters(before, after.clustering)[1])
    assert after.palette.names[named] == "mine"
    assert sum(name == "mine" for name in after.palette.names) == 1


def test_clusters_are_renumbered_by_the_shares_that_are_shown(session, image, finish):
    session.cluster(image, 4, Settings())
    session.edit(image, "relabel", [[1, 9], [3, 1]])
    finish()
    palette = results.of(image).palette
    assert palette.labels.tolist() != [1, 2, 3, 4]
    session.edit(image, "renumber")
    finish()
    renumbered = results.of(image)
    assert renumbered.palette.labels.tolist() == [1, 2, 3, 4]
    assert renumbered.palette.hex == palette.hex
    assert renumbered.clustering.settings["edits"][-1] == ["renumber"]
    session.undo(image)
    finish()
    assert results.of(image).palette == palette
    # Without specks the shares are others than those of the colors.
    session.edit(image, "clean", 500)
    session.edit(image, "renumber")
    finish()
    cleaned = results.of(image).palette
    order = np.argsort(cleaned.labels)
    assert (np.diff(cleaned.pixels[order]) <= 0).all()
    assert sorted(cleaned.labels) == [1, 2, 3, 4]


def test_a_wrong_edit_changes_nothing_and_is_told(session, image, finish, told):
    session.cluster(image, 3, Settings())
    session.edit(image, "merge", [2, 9])
    finish()
    [(severity, message)] = told
    assert severity == "error"
    assert "9" in message
    told.clear()
    assert results.of(image).clustering.n_clusters == 3
    assert not session.history_of(image).past


def test_an_edit_without_a_result_is_told(session, image, finish, told):
    session.edit(image, "merge", [1, 2])
    finish()
    assert "nothing to edit" in told.pop()[1]


def test_what_the_console_shows_can_be_undone(session, image, viewer, finish):
    session.cluster(image, 3, Settings())
    finish()
    ncc.cluster_layer(viewer, "photo", n_clusters=5)
    session.undo(image)
    finish()
    assert results.of(image).clustering.n_clusters == 3


def test_other_data_have_no_history(session, image, finish, thumbnail):
    session.cluster(image, 3, Settings())
    session.edit(image, "merge", [1, 2])
    finish()
    image.data = thumbnail[::-1].copy()
    assert session.history_of(image) is None


def test_colors_are_counted_once(session, image, finish, monkeypatch):
    counted = []
    count = count_colors

    def counting(*args, **kwargs):
        counted.extend(each for each in args[:1] if each.pixels is image.data)
        return count(*args, **kwargs)

    monkeypatch.setattr(counted_module, "count_colors", counting)
    for k in (2, 3, 4):
        session.cluster(image, k, Settings())
        finish()
    session.sweep(image, range(2, 4), Settings())
    finish()
    assert len(counted) == 1


def test_only_the_region_takes_part(session, image, viewer, finish):
    drawn = np.zeros(image.data.shape[:2], np.uint8)
    drawn[5:20, 4:30] = 3
    region = Region(viewer.add_labels(drawn, name="leaf"), 3)
    session.cluster(image, 3, Settings(), region)
    finish()
    result = results.of(image)
    np.testing.assert_array_equal(result.labels.data > 0, drawn == 3)
    assert result.palette.n_pixels == 15 * 26
    assert result.labels.metadata[METADATA_KEY]["region"]["layer"] == "leaf"


def test_a_pyramid_is_shown_by_a_coarse_level_first(
    session, viewer, finish, monkeypatch, thumbnail
):
    monkeypatch.setattr(run, "FIRST_LOOK_PIXELS", thumbnail[::2, ::2].size // 3)
    pyramid = viewer.add_image([thumbnail, thumbnail[::2, ::2]], name="pyramid", rgb=True)
    shown = []

    def note(image):
        shown.append((results.of(image).segmentation.level, results.of(image).palette))

    results.changed.connect(note)
    session.cluster(pyramid, 3, Settings())
    finish()
    session.cluster(pyramid, 4, Settings())
    finish()
    results.changed.disconnect(note)
    assert [level for level, _ in shown] == [1, 0, 0]
    exact = ncc.cluster_colors(thumbnail, 3)
    assert sorted(shown[1][1].pixels) == sorted(exact.pixels)
    assert shown[0][1].n_pixels == thumbnail[::2, ::2].size // 3
    assert not session.history_of(pyramid).past


def test_an_image_of_another_viewer_is_not_mixed_up(qtbot, thumbnail, session, image, finish):
    other = ViewerModel()
    twin = other.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(other, n_clusters=2)
    session.cluster(image, 3, Settings())
    finish()
    assert results.of(twin).clustering.n_clusters == 2
    assert results.of(image).clustering.n_clusters == 3


def test_runs_with_specks_removed_are_no_steps_each(session, image, finish):
    session.cluster(image, 3, Settings())
    session.edit(image, "clean", 12)
    for k in (4, 5):
        session.cluster(image, k, Settings())
        finish()
    assert results.of(image).segmentation.min_pixels == 12
    assert len(session.history_of(image).past) == 1
    session.cluster(image, 4, Settings(), min_pixels=3)
    finish()
    assert len(session.history_of(image).past) == 2


def test_an_edit_of_a_first_look_can_be_gone_back_to(session, viewer, finish, monkeypatch, photo):
    monkeypatch.setattr(run, "FIRST_LOOK_PIXELS", photo[::2, ::2].size // 3)
    pyramid = viewer.add_image([photo, photo[::2, ::2]], name="pyramid", rgb=True)
    coming = []

    def stop(image):
        if results.of(image).segmentation.level:
            coming.append(session.has_run(image))
            session.cancel()

    results.changed.connect(stop)
    session.cluster(pyramid, 4, Settings())
    finish()
    results.changed.disconnect(stop)
    assert coming == [True]
    assert results.of(pyramid).segmentation.level == 1
    assert not session.has_run(pyramid)
    session.edit(pyramid, "merge", [1, 2])
    session.cluster(pyramid, 4, Settings())
    finish()
    assert results.of(pyramid).segmentation.level == 0
    session.undo(pyramid)
    finish()
    assert results.of(pyramid).clustering.n_clusters == 3


def test_a_restored_edit_makes_no_step_of_a_first_look(session, viewer, finish, monkeypatch, photo):
    monkeypatch.setattr(run, "FIRST_LOOK_PIXELS", photo[::2, ::2].size // 3)
    pyramid = viewer.add_image([photo, photo[::2, ::2]], name="pyramid", rgb=True)
    session.cluster(pyramid, 4, Settings(), edits=[["merge", [1, 2]]])
    finish()
    assert results.of(pyramid).clustering.n_clusters == 3
    assert not session.history_of(pyramid).past


def test_a_region_is_masked_once(session, image, viewer, finish, monkeypatch):
    masked = []
    mask = Region.mask
    monkeypatch.setattr(Region, "mask", lambda *args: masked.append(1) or mask(*args))
    drawn = np.zeros(image.data.shape[:2], np.uint8)
    drawn[5:20, 4:30] = 1
    region = Region(viewer.add_labels(drawn, name="leaf"))
    for k in (3, 4):
        session.cluster(image, k, Settings(), region)
        finish()
    session.sweep(image, range(2, 4), Settings(), region)
    finish()
    assert len(masked) == 1
    region.layer.paint((0, 0), 1)
    session.cluster(image, 3, Settings(), region)
    finish()
    assert len(masked) == 2
    assert results.of(image).labels.data[0, 0] > 0


def test_an_edit_that_changes_nothing_is_no_step(session, image, finish):
    session.cluster(image, 3, Settings())
    for arguments in (("represent", "mean"), ("clean", 1), ("absorb", 0.0)):
        session.edit(image, *arguments)
    finish()
    assert not session.history_of(image).past


def test_who_has_turned_to_another_layer_is_left_there(session, image, viewer, finish):
    selection = viewer.layers.selection
    other = viewer.add_image(image.data[::-1].copy(), name="other", rgb=True)
    session.cluster(image, 3, Settings())
    finish()
    assert selection.active is other
    selection.active = drawn = viewer.add_shapes(name="drawn")
    session.cluster(other, 3, Settings())
    finish()
    assert selection.active is drawn
    viewer.layers.remove(results.of(image).labels)
    selection.active = image
    session.cluster(image, 4, Settings())
    finish()
    assert selection.active is results.of(image).labels


def test_what_is_painted_is_a_step_and_what_napari_undoes_is_none(session, image, viewer, finish):
    session.cluster(image, 4, Settings())
    finish()
    layer = results.of(image).labels
    first = session.history_of(image).present
    layer.paint((10, 10), 3)
    painted = session.history_of(image)
    assert painted.past == (first,)
    layer.undo()
    assert session.history_of(image).present is first
    session.redo(image)
    finish()
    assert session.history_of(image).present is painted.present
    layer.undo()
    layer.redo()
    assert session.history_of(image).present is painted.present
    session.undo(image)
    finish()
    # There is nothing left for napari to undo, but for it to redo.
    layer.undo()
    assert session.history_of(image).present is first
    layer.redo()
    assert session.history_of(image).present is painted.present


@pytest.mark.parametrize(
    "ask",
    [
        lambda session, image: session.edit(image, "rename", 1, "bone"),
        lambda session, image: session.cluster(image, 3, Settings()),
        lambda session, image: session.show(image, session.history_of(image).present),
    ],
)
def test_what_is_painted_meanwhile_is_not_lost(session, image, viewer, finish, held, qtbot, ask):
    reached, go = held
    go.set()
    session.cluster(image, 4, Settings())
    finish()
    before = results.of(image).clustering
    go.clear()
    reached.clear()
    ask(session, image)
    qtbot.waitUntil(reached.is_set, timeout=30_000)
    layer = results.of(image).labels
    layer.brush_size = 5
    layer.paint((10, 10), 2)
    go.set()
    finish()
    kept = session.history_of(image).present
    assert kept.overlay.n_pixels > 5
    assert (layer.data[9:12, 9:12] == followed_labels(before, kept.clustering)[2]).all()


def test_pixels_are_corrected_as_colors_are_edited(session, image, finish, thumbnail):
    session.cluster(image, 4, Settings())
    finish()
    overlay = ncc.Overlay.from_pixels(thumbnail.shape[:2], range(100), 2)
    session.edit(image, "paint", overlay)
    session.edit(image, "merge", [1, 2])
    finish()
    shown = results.of(image)
    assert (shown.labels.data.ravel()[:100] == 1).all()
    counts = np.bincount(shown.labels.data.ravel(), minlength=5)
    assert shown.palette.pixels.tolist() == counts[shown.palette.labels].tolist()
    session.undo(image)
    session.undo(image)
    finish()
    assert results.of(image).segmentation.overlay is None


def test_while_k_changes_what_is_painted_stays_one_step(session, image, finish):
    session.cluster(image, 5, Settings())
    finish()
    layer = results.of(image).labels
    layer.fill((10, 10), int(layer.data.max()))
    painted = session.history_of(image).present
    for k in (2, 3, 4, 5):
        session.cluster(image, k, Settings(), live=True)
        finish()
    history = session.history_of(image)
    assert history.past[-1] is painted
    assert history.present.overlay.n_pixels == painted.overlay.n_pixels


def test_a_palette_that_is_applied_keeps_what_is_painted(session, image, finish, thumbnail):
    session.cluster(image, 4, Settings())
    finish()
    layer = results.of(image).labels
    layer.data_setitem((np.arange(4), np.zeros(4, int)), np.array([1, 2, 3, 4]))
    before = results.of(image).segmentation
    clustering = before.clustering.relabel({1: 7})
    session.submit(ApplyRequest(image, clustering, ("other",)))
    finish()
    after = results.of(image).segmentation
    assert after.overlay == before.overlay.relabeled({1: 7})


def test_a_pyramid_shows_what_is_painted_on_all_levels(session, viewer, finish, photo):
    levels = [photo, photo[::2, ::2]]
    pyramid = viewer.add_image(levels, name="pyramid", rgb=True, multiscale=True)
    session.cluster(pyramid, 3, Settings())
    finish()
    square = np.zeros(photo.shape[:2], bool)
    square[20:60, 30:90] = True
    overlay = ncc.Overlay.from_pixels(square.shape, np.flatnonzero(square), 2)
    session.edit(pyramid, "paint", overlay)
    finish()
    full, coarse = results.of(pyramid).labels.data
    assert (full[square] == 2).all()
    assert (coarse[10:30, 15:45] == 2).all()


def test_corrections_of_pixels_are_steps_and_one_that_changes_nothing_says_so(
    session, image, viewer, finish, told
):
    session.cluster(image, 3, Settings())
    finish()
    labels = viewer.layers["photo clusters"]
    seen = [labels.data.copy()]
    for edit in (("grow", [1], 2), ("smooth", [2, 3], 2), ("merge_patch", (3, 4))):
        session.edit(image, *edit)
        finish()
        seen.append(labels.data.copy())
        assert (seen[-1] != seen[-2]).any()
        assert not told
    for go, expected in ((session.undo, seen[-2::-1]), (session.redo, seen[1:])):
        for each in expected:
            go(image)
            finish()
            np.testing.assert_array_equal(labels.data, each)
    session.edit(image, "grow", [1, 2, 3], 5)
    finish()
    assert told == [("info", "No pixel has changed.")]
    assert len(session.history_of(image).past) == 3


def a_stroke(image):
    """Pixels on the diagonal, in label 2."""
    height, width = image.data.shape[:2]
    return Overlay.from_pixels((height, width), np.arange(20) * (width + 1), 2)


@pytest.mark.parametrize("look", [{"gamma": 0.9}, {"contrast_limits": (0, 240)}])
def test_what_was_made_by_hand_outlives_another_look(session, image, finish, look):
    session.cluster(image, 4, Settings())
    session.edit(image, "rename", 1, "table")
    session.edit(image, "paint", a_stroke(image))
    session.edit(image, "merge", [3, 4])
    finish()
    before = results.of(image).segmentation
    for name, value in look.items():
        setattr(image, name, value)
    session.cluster(image, 4, Settings())
    finish()
    made = results.of(image).segmentation
    assert made.overlay.n_pixels == 20
    assert "table" in made.clustering.palette.names
    session.undo(image)
    finish()
    shown = results.of(image)
    assert shown.clustering.edits == before.clustering.edits
    counts = np.bincount(shown.labels.data.ravel())
    assert shown.palette.pixels.tolist() == counts[shown.palette.labels].tolist()


def test_what_is_painted_on_another_look_outlives_the_run_that_follows(session, image, finish):
    session.cluster(image, 4, Settings())
    finish()
    image.gamma = 0.9
    results.last(image).labels.data_setitem((np.array([3]), np.array([3])), 2)
    session.cluster(image, 4, Settings())
    finish()
    shown = results.of(image)
    assert shown.segmentation.overlay.n_pixels == 1
    assert shown.labels.data[3, 3] == 2
    assert len(session.history_of(image).past) == 2


def test_what_goes_with_other_data_is_told(session, image, finish, thumbnail, told):
    session.cluster(image, 4, Settings())
    session.edit(image, "merge", [3, 4])
    session.edit(image, "paint", a_stroke(image))
    finish()
    assert not told
    for other in (thumbnail[::-1].copy(), thumbnail[:, ::-1].copy()):
        image.data = other
        session.cluster(image, 4, Settings())
        finish()
    assert [text for _, text in told] == [
        "20 pixels corrected by hand and 1 edit are gone with the image's other data."
    ]


WARM_UP = """
import numba
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.session.session import _warm_up

_warm_up(silent)
try:
    print(numba.threading_layer())
except ValueError:
    print("none")
"""


def test_no_loop_on_several_threads_of_numbas_is_run_while_napari_may_run_one():
    """Two at once end the process where numba has neither OpenMP nor TBB."""
    ended = subprocess.run(
        [sys.executable, "-c", WARM_UP], capture_output=True, text=True, check=True, timeout=200
    )
    assert ended.stdout.split() == ["none"]

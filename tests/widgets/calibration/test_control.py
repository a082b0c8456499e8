"""The fold "Calibrate", pressed: what is fitted, used, removed, undone, restored and scripted."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel
from qtpy.QtWidgets import QFileDialog, QLineEdit

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.script import result_script
from napari_colorcluster.widgets import ColorClusteringPanel

CARD_CSV = """# Card: two grays
name,row,column,L,a,b
light,1,1,80,0,0
dark,1,2,30,0,0
"""


@pytest.fixture(scope="module")
def scene(see_card, random_camera):
    rng = np.random.default_rng(11)
    return see_card(random_camera(rng), rng, noise=0.5)


@pytest.fixture(scope="module")
def expected(scene):
    return ncc.Calibration.from_card(scene.image, scene.corners)


@pytest.fixture
def viewer(scene, told):
    viewer = ViewerModel()
    viewer.add_image(scene.image, name="card", rgb=True)
    return viewer


@pytest.fixture
def control(panel):
    panel.calibrate_fold.open()
    return panel.calibration


@pytest.fixture
def fit(control, press, scene):
    """Place the card, move its corners and fit."""

    def place_and_fit():
        press(control.view.place)
        control.card.corners_layer.data = [scene.corners[np.argsort(_angles(scene.corners))]]
        press(control.view.fit)

    return place_and_fit


def _angles(corners):
    rows, columns = (corners - corners.mean(axis=0)).T
    return np.arctan2(rows, columns)


def names(viewer):
    return [layer.name for layer in viewer.layers]


def answer(qtbot, view, path):
    qtbot.waitUntil(lambda: view.findChild(QFileDialog) is not None)
    dialog = view.findChild(QFileDialog)
    dialog.findChild(QLineEdit).setText(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: view.findChild(QFileDialog) is None)


def test_a_fit_is_shown_and_changes_nothing_yet(panel, control, fit, expected, viewer):
    fit()
    view = control.view
    assert (
        f"{expected.delta_e_before:.1f} before, {expected.delta_e:.1f} after" in view.summary.text()
    )
    assert view.figure.isVisible()
    assert len(view.figure.figure.axes[0].patches) > 24
    assert panel.form.calibration.value is None
    assert not panel.form.calibration.isVisible()
    assert view.use.isEnabled()
    assert "card corners" in names(viewer)


def test_what_is_used_clusters_calibrated_colors(
    panel, control, fit, press, expected, viewer, scene
):
    fit()
    press(control.view.use)
    assert names(viewer) == ["card"]
    line = panel.form.calibration
    assert line.value == expected
    assert line.isVisible()
    assert "ColorChecker Classic" in line.label.text()
    press()
    shown = results.of(viewer.layers["card"])
    clustering = ncc.cluster_colors(scene.image, calibration=expected)
    assert shown.palette == clustering.palette
    np.testing.assert_array_equal(shown.labels.data, clustering.predict(scene.image))
    np.testing.assert_array_equal(shown.quantized.data, clustering.quantize(scene.image))


def test_using_and_removing_make_a_result_again_and_are_undone(
    panel, control, fit, press, expected, viewer
):
    press()
    image, form = viewer.layers["card"], panel.form
    plain = results.of(image).palette
    fit()
    press(control.view.use)
    calibrated = results.of(image).palette
    assert "calibration" in results.of(image).clustering.settings
    assert calibrated.hex != plain.hex
    assert (control.view.use.text(), control.view.use.isEnabled()) == ("In use", False)
    press(panel.palette.edit_bar.undo)
    assert results.of(image).palette == plain
    assert form.calibration.value is None
    assert (control.view.use.text(), control.view.use.isEnabled()) == ("Use", True)
    press(panel.palette.edit_bar.redo)
    assert results.of(image).palette == calibrated
    assert form.calibration.value == expected
    press(form.calibration.button)
    assert form.calibration.value is None
    assert sorted(results.of(image).palette.hex) == sorted(plain.hex)
    press(panel.palette.edit_bar.undo)
    assert form.calibration.value == expected


def test_live_it_is_one_run(panel, control, fit, press, viewer, qtbot):
    press()
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    shown = []
    results.changed.connect(shown.append)
    fit()
    press(control.view.use)
    results.changed.disconnect(shown.append)
    assert shown == [viewer.layers["card"]]
    assert "calibration" in results.of(viewer.layers["card"]).clustering.settings


def test_more_images_are_pooled_and_painted_by_it(
    panel, control, fit, press, expected, viewer, scene
):
    other = viewer.add_image(scene.image[::-1, ::2].copy(), name="other", rgb=True)
    viewer.layers.selection.active = viewer.layers["card"]
    fit()
    press(control.view.use)
    panel.more_fold.open()
    panel.many.view.list.tick(True)
    press(panel.many.view.pool)
    pooled = ncc.pool([ncc.count_colors(viewer.layers["card"].data), ncc.count_colors(other.data)])
    clustering = ncc.cluster_colors(pooled, calibration=expected)
    for image in (viewer.layers["card"], other):
        np.testing.assert_array_equal(results.of(image).labels.data, clustering.predict(image.data))


def test_an_earlier_sessions_layer_brings_it_back(panel, press, expected, viewer, scene, thumbnail):
    saved = ViewerModel()
    saved.add_image(scene.image, name="card", rgb=True)
    how = {"calibration": expected, "color_space": "od", "white": (250, 240, 230)}
    ncc.cluster_layer(saved, "card", n_clusters=4, **how)
    layer = saved.layers["card clusters"]
    metadata = {METADATA_KEY: json.loads(json.dumps(layer.metadata[METADATA_KEY]))}
    viewer.add_labels(layer.data, name="old", metadata=metadata)
    assert panel.form.calibration.value == expected
    assert panel.form.white.white == (250, 240, 230)
    press()
    np.testing.assert_array_equal(results.of(viewer.layers["card"]).labels.data, layer.data)
    assert panel.calibration.view.summary.isVisibleTo(panel.calibration.view)


def test_the_script_gives_the_same(panel, control, fit, press, viewer, scene):
    fit()
    press(control.view.use)
    press()
    shown = results.of(viewer.layers["card"])
    again = ViewerModel()
    again.add_image(scene.image, name="card", rgb=True)
    namespace = {"viewer": again}
    exec(result_script("card", shown.segmentation), namespace)
    assert namespace["clustering"].palette == shown.palette
    np.testing.assert_array_equal(again.layers["card clusters"].data, shown.labels.data)


def test_another_card_of_a_file_is_offered_and_outlined(panel, control, press, qtbot, tmp_path):
    (tmp_path / "mine.csv").write_text(CARD_CSV)
    press(control.view.place)
    view = control.view
    view.card.setCurrentIndex(view.card.count() - 1)
    view.card.activated.emit(view.card.count() - 1)
    assert view.chosen_card().name == "ColorChecker Classic"
    answer(qtbot, view, tmp_path / "mine.csv")
    assert view.chosen_card().name == view.card.currentText() == "two grays"
    assert len(control.card.patches_layer.data) == 2 * 4
    view.card.setCurrentIndex(0)
    view.card.activated.emit(0)
    assert len(control.card.patches_layer.data) == 24 * 4


def test_a_file_that_is_no_card_is_told(control, tmp_path, told):
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    before = control.view.card.count()
    control.view.card_file_chosen.emit(str(tmp_path / "none.csv"))
    control.view.card_file_chosen.emit(str(tmp_path / "gone.csv"))
    control.view.open_requested.emit(str(tmp_path / "gone.json"))
    messages = [message for _, message in told]
    told.clear()
    assert "it needs the columns name, row, column" in messages[0]
    assert messages[1].startswith("The card could not be read from")
    assert messages[2].startswith("The calibration could not be read from")
    assert control.view.card.count() == before


def test_it_is_saved_and_opened(panel, control, fit, press, expected, qtbot, tmp_path):
    fit()
    control.view.save.click()
    answer(qtbot, control.view, tmp_path / "light")
    assert ncc.read_calibration(tmp_path / "light.json") == expected
    control.view.set_calibration(None)
    control.view.open.click()
    answer(qtbot, control.view, tmp_path / "light.json")
    assert control.view.summary.isVisible()
    press(control.view.use)
    assert panel.form.calibration.value == expected


def test_closing_the_fold_or_done_removes_the_card(panel, control, press, viewer):
    before = list(viewer.mouse_drag_callbacks)
    press(control.view.place)
    assert names(viewer) == ["card", "card patches", "card corners"]
    assert control.view.place.text() == "Done"
    press(control.view.place)
    assert names(viewer) == ["card"]
    assert control.view.place.text() == "Place card"
    press(control.view.place)
    control.view.gray.click()
    panel.calibrate_fold.title.click()
    assert names(viewer) == ["card"]
    assert viewer.mouse_drag_callbacks == before


def test_a_card_that_is_removed_by_hand_is_gone(control, press, viewer):
    press(control.view.place)
    viewer.layers.remove("card patches")
    assert names(viewer) == ["card"]
    assert control.card is None
    assert not control.view.place.isChecked()
    assert not control.view.fit.isEnabled()


def test_a_closed_panel_leaves_no_card(qtbot, viewer):
    panel = ColorClusteringPanel(viewer)
    panel.calibration.place()
    zoomed = len(viewer.scene.camera.events.zoom.callbacks)
    panel.native.close()
    panel.native.deleteLater()
    del panel
    qtbot.waitUntil(lambda: names(viewer) == ["card"])
    assert len(viewer.scene.camera.events.zoom.callbacks) == zoomed - 1


def test_in_3d_it_is_told_that_a_card_needs_a_plane(control, press, viewer, told):
    viewer.dims.ndisplay = 3
    press(control.view.place)
    [(_, message)] = told
    told.clear()
    assert "view the image in 2D" in message
    assert not control.view.place.isChecked()


def test_one_click_is_for_one_of_both_pickers(panel, control, press):
    press()
    panel.picker.click()
    control.view.gray.click()
    assert (panel.picker.isChecked(), control.view.gray.isChecked()) == (False, True)
    panel.picker.click()
    assert (panel.picker.isChecked(), control.view.gray.isChecked()) == (True, False)


def test_the_cards_width_gives_the_pixels_a_size(control, press, scene, viewer):
    press(control.view.place)
    control.card.corners_layer.data = [scene.corners[np.argsort(_angles(scene.corners))]]
    width = control.view.width
    assert not width.button.isEnabled()
    width.width_box.setValue(250.0)
    press(width.button)
    image = viewer.layers["card"]
    side = image.scale[0]
    assert [str(unit) for unit in image.units] == ["millimeter"] * 2
    assert control.view.hint.text().startswith(f"A pixel is {side:.3g} mm wide.")
    # The outline lies on the card as before.
    assert np.allclose(control.card.corners_layer.scale, image.scale)
    assert np.allclose(control.card.patches_layer.scale, image.scale)
    # A ruler that was misread is corrected.
    width.width_box.setValue(125.0)
    press(width.button)
    assert np.allclose(image.scale, side / 2)


def test_pixels_that_have_a_size_keep_it(control, press, viewer):
    viewer.layers["card"].units = ("um", "um")
    press(control.view.place)
    control.view.width.width_box.setValue(250.0)
    assert not control.view.width.button.isEnabled()
    assert "already" in control.view.width.button.toolTip()

"""The windows of a comparison and of frames: what they show, follow and save."""

import numpy as np
import pandas as pd
import pytest
from napari.components import ViewerModel
from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QApplication, QFileDialog, QPushButton

import napari_colorcluster as ncc
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.core.studies.frames import frame_shares
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.images.comparison_window import ComparisonWindow
from napari_colorcluster.widgets.palette.words import share_text


@pytest.fixture
def viewer(thumbnail, astronaut, told):
    viewer = ViewerModel()
    viewer.add_image(astronaut[::9, ::7], name="person", rgb=True)
    fades = [np.rint(thumbnail * (1 - 0.15 * step)).astype(np.uint8) for step in range(6)]
    axes = {"axis_labels": ("t", "y", "x"), "scale": (2.5, 1, 1)}
    viewer.add_image(np.stack(fades), name="fading", rgb=True, **axes)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def save(qtbot, monkeypatch, tmp_path):
    """Press a button that saves, and give the file."""

    def press_and_name(window, title):
        def name(parent, caption, suggestion, kinds):
            return str(tmp_path / suggestion), kinds

        monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
        (button,) = (
            each for each in window.findChildren(QPushButton) if each.text() == f"Save {title}…"
        )
        before = set(tmp_path.iterdir())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        (path,) = set(tmp_path.iterdir()) - before
        return path

    return press_and_name


def cells(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def heads(table, orientation):
    model = table.model()
    across = orientation == Qt.Orientation.Horizontal
    n_heads = model.columnCount() if across else model.rowCount()
    return [model.headerData(at, orientation) for at in range(n_heads)]


def test_a_comparison_shows_and_saves_shares_and_distances(panel, press, viewer, save, qtbot):
    view = panel.many.view
    panel.more_fold.open()
    view.list.tick(True)
    press(view.pool)
    press(view.compare)
    window = panel.many.window
    shown = {
        name: results.of(viewer.layers[name]).palette for name in ("person", "fading", "photo")
    }
    expected = compare_palettes(shown)
    # As in the figure, where like images stand together.
    ordered = [list(shown)[row] for row in expected.order]
    assert heads(window.table, Qt.Orientation.Vertical) == ordered
    assert heads(window.table, Qt.Orientation.Horizontal) == list(shown["photo"].names)
    shares = expected.shares_table()
    assert cells(window.table) == [
        [share_text(share) for share in row] for row in shares.loc[ordered].values
    ]
    shares_read = pd.read_csv(save(window, "shares"), index_col="image")
    np.testing.assert_allclose(shares_read, shares, rtol=0, atol=1e-15)
    distances = pd.read_csv(save(window, "distances"), index_col="image")
    np.testing.assert_allclose(distances, expected.distances, rtol=1e-12)
    assert save(window, "figure").read_bytes().startswith(b"\x89PNG")
    # A click on a row leads the panel to the image.
    for place in (2, 0):
        spot = window.table.visualRect(window.table.model().index(place, 0)).center()
        qtbot.mouseClick(window.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert panel.form.image.value.name == ordered[place]


def test_images_with_clusters_of_their_own_have_distances_only(panel, press, viewer):
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    ncc.cluster_layer(viewer, "person", n_clusters=4)
    panel.more_fold.open()
    press(panel.many.view.compare)
    window = panel.many.window
    comparison = compare_palettes(
        {name: results.of(viewer.layers[name]).palette for name in ("person", "photo")}
    )
    distances = comparison.distances[np.ix_(comparison.order, comparison.order)]
    assert cells(window.table) == [[f"{each:.2f}" for each in row] for row in distances]
    titles = [button.text() for button in window.findChildren(QPushButton)]
    assert "Save shares…" not in titles


def test_images_without_pixels_are_left_out_and_named(qtbot, viewer):
    colors, names = [[0, 0, 0], [255, 255, 255]], ["black", "white"]
    shares = {"night": [9, 1], "void": [0, 0], "snow": [1, 9]}
    palettes = {name: ncc.Palette(colors, pixels, names) for name, pixels in shares.items()}
    window = ComparisonWindow(viewer, compare_palettes(palettes))
    qtbot.addWidget(window)
    assert set(heads(window.table, Qt.Orientation.Vertical)) == {"night", "snow"}
    assert window.note == "Left out, having no pixels: void."
    # matplotlib draws what is new at the next turn of the event loop, gone or not.
    QApplication.processEvents()


def test_long_names_leave_room_for_the_shares(qtbot, viewer):
    long = "a name of a layer\nthat is much longer than the names of the others are, 1"
    palettes = {name: ncc.cluster_colors(viewer.layers[2].data, 3).palette for name in (long, "b")}
    window = ComparisonWindow(viewer, compare_palettes(palettes))
    qtbot.addWidget(window)
    model, rows = window.table.model(), Qt.Orientation.Vertical
    at = list(model.frame().iloc[:, 0]).index(long)
    short = model.headerData(at, rows)
    assert (short[:10], short[-4:], len(short), "\n" in short) == (long[:10], long[-4:], 28, False)
    assert model.headerData(at, rows, Qt.ItemDataRole.ToolTipRole) == long
    assert model.headerData(1 - at, rows) == "b"


def test_only_what_is_absent_has_the_share_0():
    assert [share_text(each) for each in (0.0, 1e-9, 0.0004, 0.0005, 0.12345, 1.0)] == [
        *("0.0%", "<0.1%", "<0.1%", "0.1%", "12.3%", "100.0%")
    ]


def test_a_comparison_takes_two(panel, press, viewer):
    panel.more_fold.open()
    assert not panel.many.view.compare.isEnabled()
    press()
    assert not panel.many.view.compare.isEnabled()
    ncc.cluster_layer(viewer, "person")
    assert panel.many.view.compare.isEnabled()


@pytest.fixture
def frames(panel, press, viewer):
    viewer.layers.selection.active = viewer.layers["fading"]
    panel.more_fold.open()
    press()
    press(panel.many.view.frames)
    return panel.many.window


def marked(window):
    (line,) = (each for each in window.figure.figure.axes[0].lines if each.get_gid() == "frame")
    return line.get_xdata()[0], window.table.currentIndex().row()


def test_frames_are_counted_and_follow_the_slider(frames, viewer):
    image = viewer.layers["fading"]
    clustering = results.of(image).clustering
    expected = frame_shares(clustering, image.data)["fraction"].to_numpy().reshape(6, 5)
    assert cells(frames.table) == [[share_text(share) for share in row] for row in expected]
    for step in (4, 0, 5):
        # In world coordinates: this image's frames are 2.5 apart.
        viewer.dims.set_point(0, 2.5 * step)
        assert marked(frames) == (step, step)
    assert frames.figure.figure.axes[0].get_xlabel() == "t"
    # A marked row leaves the headings as they are, for which the columns are wide enough.
    assert not frames.table.horizontalHeader().highlightSections()


def test_frames_say_that_what_was_painted_is_not_counted(frames, panel, press, viewer):
    assert frames.note == ""
    results.of(viewer.layers["fading"]).labels.data_setitem((np.zeros(9, int),) * 3, 0)
    press(panel.many.view.frames)
    assert "without removed specks and corrections by hand" in panel.many.window.note


def test_frames_are_saved_as_a_tidy_table(frames, viewer, save):
    image = viewer.layers["fading"]
    expected = frame_shares(results.of(image).clustering, image.data)
    pd.testing.assert_frame_equal(pd.read_csv(save(frames, "table")), expected, check_dtype=False)
    marker = marked(frames)
    assert save(frames, "figure").read_bytes().startswith(b"\x89PNG")
    viewer.dims.set_point(0, 7.5)
    assert marked(frames) == (3, 3) != marker


def test_a_file_that_cannot_be_written_is_told(frames, monkeypatch, qtbot, told, tmp_path):
    path = tmp_path / "none" / "table.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    button = next(each for each in frames.findChildren(QPushButton) if each.text() == "Save table…")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    ((severity, message),) = told
    assert severity == "error"
    assert str(path) in message
    told.clear()


def test_a_closed_window_follows_no_more(frames, panel, viewer, qtbot):
    with qtbot.waitSignal(frames.destroyed):
        frames.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    viewer.dims.set_point(0, 5)


def test_a_window_outlives_its_image(frames, viewer):
    before = marked(frames)
    viewer.layers.remove("fading")
    viewer.add_image(np.zeros((9, 4, 4)))
    viewer.dims.set_point(0, 3)
    assert marked(frames) == before


def test_only_axes_with_a_slider_are_offered(panel, viewer):
    view = panel.many.view
    panel.more_fold.open()
    assert view.frames.isHidden()
    viewer.layers.selection.active = viewer.layers["fading"]
    assert [view.axes.itemText(at) for at in range(view.axes.count())] == ["t"]
    viewer.dims.order = (2, 0, 1)
    assert [view.axes.itemText(at) for at in range(view.axes.count())] == ["x"]
    viewer.dims.ndisplay = 3
    assert view.frames.isHidden()


def test_the_table_of_frames_has_areas_where_the_image_has_units(panel, press, viewer, save):
    viewer.layers.selection.active = image = viewer.layers["fading"]
    image.units, image.scale = ("s", "mm", "mm"), (2.5, 2, 2)
    panel.more_fold.open()
    press()
    press(panel.many.view.frames)
    table = pd.read_csv(save(panel.many.window, "table"))
    assert table["area"].tolist() == (4.0 * table["pixels"]).tolist()
    assert set(table["area_unit"]) == {"mm²"}


def test_a_comparison_says_when_it_is_of_before(panel, press, viewer, thumbnail, qtbot):
    view = panel.many.view
    panel.more_fold.open()
    for name in ("person", "photo"):
        ncc.cluster_layer(viewer, name, n_clusters=3)
    press(view.compare)
    window, photo = panel.many.window, viewer.layers["photo"]
    assert window.changed == ""
    panel.session.edit(photo, "merge", [1, 2])
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert window.changed == "Out of date: press Compare… in the panel to update."
    panel.session.undo(photo)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert window.changed == ""
    # Of an image that is not the chosen one, too.
    person = viewer.layers["person"]
    person.gamma = 0.5
    assert window.changed
    person.gamma = 1
    assert not window.changed
    ncc.cluster_layer(viewer, "fading", n_clusters=3)
    assert window.changed
    press(view.compare)
    assert panel.many.window is not window
    assert not panel.many.window.changed
    assert window.changed


def test_frames_say_when_they_are_of_before(frames, panel, viewer, qtbot):
    image = viewer.layers["fading"]
    assert frames.changed == ""
    panel.session.edit(image, "recolor", 1, "#00ff00")
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert frames.changed == "Out of date: press Shares along… in the panel to update."
    panel.session.undo(image)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert frames.changed == ""
    viewer.layers.remove(image)
    assert frames.isVisible()

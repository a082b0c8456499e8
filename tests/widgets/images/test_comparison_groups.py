"""Groups in the window of a comparison: chosen, tested, pointed at, copied, with real events."""

import io

import numpy as np
import pandas as pd
import pytest
from napari.components import ViewerModel
from napari.layers._source import layer_source
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QGuiApplication
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QFileDialog, QPushButton, QToolTip

import napari_colorcluster as ncc
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.widgets.images.comparison_window import ComparisonWindow

LEFT = Qt.MouseButton.LeftButton
NAMES = [f"{kind}_{at}" for kind in ("leaf", "bark", "sky") for at in range(4)]


@pytest.fixture(scope="module")
def comparison():
    rng = np.random.default_rng(2)
    colors = [[40, 90, 40], [90, 60, 30], [120, 160, 230]]
    palettes = {}
    for at, name in enumerate(NAMES):
        pixels = rng.integers(1, 200, 3)
        pixels[at // 4] += 800
        palettes[name] = ncc.Palette(colors, pixels, ["green", "brown", "blue"])
    return compare_palettes(palettes)


@pytest.fixture
def viewer(told):
    viewer = ViewerModel()
    for name in NAMES:
        viewer.add_image(np.zeros((4, 4, 3), np.uint8), name=name, rgb=True)
    return viewer


@pytest.fixture
def window(qtbot, viewer, comparison):
    window = ComparisonWindow(viewer, comparison, notices=Notices())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window)
    qtbot.waitUntil(lambda: bool(window.ordination.figure.axes))
    window.figure.canvas.draw()
    window.ordination.canvas.draw()
    return window


@pytest.fixture
def settle(qtbot, window):
    def wait():
        qtbot.waitUntil(lambda: not window.is_busy, timeout=60_000)
        window.ordination.canvas.draw()

    return wait


@pytest.fixture
def by_name(qtbot, window, settle):
    """Chooses groups by a pattern of names, with keys."""

    def choose(pattern=None):
        window.choice.kind.setFocus()
        qtbot.keyClicks(window.choice.kind, "part")
        if pattern is not None:
            window.choice.pattern.selectAll()
            qtbot.keyClicks(window.choice.pattern, pattern)
            qtbot.keyClick(window.choice.pattern, Qt.Key.Key_Return)
        settle()

    return choose


def place_of(view, axes, point):
    """Where a point of the data is on a canvas."""
    x, y = axes.transData.transform(point) / view.canvas.device_pixel_ratio
    return QPoint(round(x), round(view.canvas.height() - y))


def of_image(window, row):
    """Where an image's point is."""
    [axes] = window.ordination.figure.axes
    return place_of(window.ordination, axes, window._comparison.ordination.coordinates[row])


def cells(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def legend(window):
    return [text.get_text() for text in window.ordination.figure.legends[0].get_texts()]


def test_names_tell_groups_and_these_are_tested(window, by_name, comparison):
    assert not window.tests.isVisible()
    assert window.choice.pattern.text() == "(*)_*"
    by_name()
    assert legend(window) == ["bark (4)", "leaf (4)", "sky (4)"]
    expected = comparison.grouped({name: name.split("_")[0] for name in NAMES}).group_tests()
    rows = cells(window.tests)
    assert [row[0] for row in rows] == list(expected.index)
    assert [row[1] for row in rows] == ["12", "8", "8", "8"]
    np.testing.assert_allclose([float(row[3]) for row in rows], expected["r_squared"], atol=6e-4)
    np.testing.assert_allclose([float(row[4]) for row in rows], expected["p"], atol=6e-4)
    assert window.tests.isVisible()
    assert "PERMANOVA" in window.note


def test_a_pattern_that_fits_some_or_none_or_is_none_is_told(window, by_name):
    by_name("([lb]*)_*")
    assert legend(window) == ["bark (4)", "leaf (4)", "no group (4)"]
    assert window.note.startswith("4 images have no group.")
    assert len(cells(window.tests)) == 1
    by_name("(*)#*")
    assert window.note == "The pattern fits none of the images."
    assert not window.tests.isVisible()
    assert not window.ordination.figure.legends
    by_name("*_*")
    assert window.note == "A pattern needs the group in parentheses, as in (*)_*, got '*_*'."
    by_name("(leaf)_*")
    assert "Two or more groups are needed" in window.note
    window.choice.kind.setCurrentIndex(0)
    assert window.note == ""


def test_a_column_of_a_table_tells_groups(
    window, qtbot, monkeypatch, settle, tmp_path, viewer, told
):
    choice = window.choice
    table = tmp_path / "groups.csv"
    table.write_text("image;kind;name\n" + "".join(f"{n};{n[0]};x\n" for n in NAMES[:9]), "utf-8")
    choice.kind.setFocus()
    qtbot.keyClicks(choice.kind, "column")
    assert not choice.column.isVisible()
    qtbot.mouseClick(choice.open, LEFT)
    [dialog] = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(table))
    dialog.reject()
    settle()
    assert (choice.open.text(), choice.column.currentText()) == ("groups.csv", "kind")
    assert legend(window) == ["b (4)", "l (4)", "s (1)", "no group (3)"]
    choice.column.setFocus()
    qtbot.keyClick(choice.column, Qt.Key.Key_Down)
    settle()
    assert "Two or more groups are needed" in window.note
    heard = []
    window.notices.failed.connect(heard.append)
    choice.read(str(tmp_path / "none.csv"))
    assert "could not be read" in heard[0]
    told.clear()
    table.write_text("image,kind\n", "utf-8")
    choice.read(str(table))
    assert window.note == "The table tells the group of none of the images."


def test_files_of_images_are_found_in_a_table(qtbot, comparison, tmp_path, told):
    viewer = ViewerModel()
    for name in NAMES:
        with layer_source(path=str(tmp_path / f"{name} photo.png")):
            viewer.add_image(np.zeros((4, 4, 3), np.uint8), name=name, rgb=True)
    window = ComparisonWindow(viewer, comparison)
    qtbot.addWidget(window)
    (tmp_path / "groups.csv").write_text(
        "image,kind\n" + "".join(f"{name} photo.png,{name[0]}\n" for name in NAMES), "utf-8"
    )
    window.choice.kind.setCurrentIndex(2)
    window.choice.read(str(tmp_path / "groups.csv"))
    assert window.choice.groups() == {name: name[0] for name in NAMES}
    qtbot.waitUntil(lambda: not window.is_busy, timeout=60_000)


def test_a_point_that_is_clicked_is_marked_everywhere(window, viewer, comparison):
    for row in (5, 11):
        QTest.mouseClick(window.ordination.canvas, LEFT, pos=of_image(window, row))
        place = list(comparison.order).index(row)
        assert window.table.currentIndex().row() == place
        assert viewer.layers.selection.active is viewer.layers[NAMES[row]]
        for axes in window.figure.figure.axes[1:3]:
            [mark] = [each for each in axes.patches if each.get_gid() == "mark"]
            assert mark.get_y() == place - 0.5
        [name] = [t for t in window.ordination.figure.axes[0].texts if t.get_gid() == "mark"]
        assert name.get_text() == NAMES[row]


@pytest.mark.parametrize("at", [1, 2])
def test_a_row_of_the_figure_and_of_the_table_is_marked(window, viewer, comparison, at):
    axes = window.figure.figure.axes[at]
    QTest.mouseClick(window.figure.canvas, LEFT, pos=place_of(window.figure, axes, (0.4, 3.3)))
    assert viewer.layers.selection.active.name == NAMES[comparison.order[3]]
    table = window.table
    spot = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=spot)
    assert viewer.layers.selection.active.name == NAMES[comparison.order[1]]
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert viewer.layers.selection.active.name == NAMES[comparison.order[2]]
    # Where there is no image, nothing happens.
    QTest.mouseClick(window.ordination.canvas, LEFT, pos=QPoint(2, 2))
    QTest.mouseClick(window.figure.canvas, LEFT, pos=QPoint(2, 2))
    assert viewer.layers.selection.active.name == NAMES[comparison.order[2]]


def test_the_mouse_tells_names_groups_and_distances(window, by_name, comparison, qtbot):
    by_name()
    view = window.ordination
    QTest.mouseMove(view.canvas, of_image(window, 6))
    qtbot.waitUntil(lambda: QToolTip.text() == "bark_2 (bark)")
    heat = window.figure.figure.axes[1]
    QTest.mouseMove(window.figure.canvas, place_of(window.figure, heat, (2, 7)))
    row, column = comparison.order[[7, 2]]
    told = f"{NAMES[row]} – {NAMES[column]}: ΔE2000 {comparison.distances[row, column]:.1f}"
    qtbot.waitUntil(lambda: QToolTip.text() == told)


def test_an_image_that_is_gone_is_marked_still(window, viewer, comparison):
    viewer.layers.remove(NAMES[5])
    active = viewer.layers.selection.active
    QTest.mouseClick(window.ordination.canvas, LEFT, pos=of_image(window, 5))
    assert window.table.currentIndex().row() == list(comparison.order).index(5)
    assert viewer.layers.selection.active is active


def test_the_table_with_the_focus_is_copied(window, by_name, comparison):
    by_name()
    for table in (window.table, window.tests):
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        text = QGuiApplication.clipboard().text()
        copied = pd.read_csv(io.StringIO(text), sep="\t", index_col=0)
        if table is window.table:
            shares = comparison.shares_table().iloc[comparison.order]
            pd.testing.assert_frame_equal(copied, shares)
        else:
            expected = window._comparison.grouped(window.choice.groups()).group_tests()
            assert copied.index.tolist() == expected.index.tolist()
            np.testing.assert_allclose(copied["Pseudo-F"], expected["pseudo_f"])
            assert copied.columns.tolist()[-1] == "PERMDISP p"


def test_tests_groups_and_the_ordination_are_saved(
    window, by_name, comparison, qtbot, monkeypatch, tmp_path
):
    by_name()
    QTest.mouseClick(window.ordination.canvas, LEFT, pos=of_image(window, 5))
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *given: (str(tmp_path / given[2]), "")
    )
    said = []
    window.notices.said.connect(said.append)
    for button in window.findChildren(QPushButton):
        if button.text().startswith("Save"):
            qtbot.mouseClick(button, LEFT)
    whats = ("table of shares", "table of distances", "table of tests", "figure", "ordination")
    assert [text.partition(" was saved")[0] for text in said] == [f"The {each}" for each in whats]
    tests = pd.read_csv(tmp_path / "tests.csv", index_col="groups")
    expected = comparison.grouped(window.choice.groups()).group_tests()
    pd.testing.assert_frame_equal(tests, expected)
    shares = pd.read_csv(tmp_path / "shares.csv", index_col="image")
    assert shares.pop("group").tolist() == [name.split("_")[0] for name in NAMES]
    np.testing.assert_allclose(shares, comparison.shares_table())
    assert (tmp_path / "ordination.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "comparison.png").stat().st_size > 1000


def test_of_two_images_there_is_no_ordination(qtbot, viewer, comparison):
    two = compare_palettes(dict(list(comparison.palettes.items())[:2]))
    window = ComparisonWindow(viewer, two)
    qtbot.addWidget(window)
    window.show()
    assert not window.choice.isVisible()
    assert not window.ordination.isVisible()
    titles = [button.text() for button in window.findChildren(QPushButton)]
    assert "Save ordination…" not in titles


def test_what_is_marked_stays_so_when_it_is_drawn_anew(window, by_name, qtbot):
    QTest.mouseClick(window.ordination.canvas, LEFT, pos=of_image(window, 5))
    by_name()
    window.resize(900, 600)
    qtbot.wait(50)
    [name] = [t for t in window.ordination.figure.axes[0].texts if t.get_gid() == "mark"]
    assert name.get_text() == NAMES[5]

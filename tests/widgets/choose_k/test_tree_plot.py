"""The tree to choose k from: what a click and the keys cut, and what is said of it."""

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QApplication

from napari_colorcluster import sweep_clusters
from napari_colorcluster.widgets.choose_k.tree_plot import HINT, TreePlot
from napari_colorcluster.widgets.choose_k.view import ChooseK


@pytest.fixture(scope="module")
def sweep(thumbnail):
    return sweep_clusters(thumbnail[::2, ::2], [3, 4], "agglomerative")


@pytest.fixture
def plot(qtbot, sweep):
    plot = TreePlot()
    qtbot.addWidget(plot)
    plot.resize(280, 280)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.set_dendrogram(sweep.dendrogram, 4)
    QApplication.processEvents()
    plot._view.canvas.draw()
    return plot


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_a_click_cuts_the_tree_at_its_height(plot, qtbot, k):
    heard = []
    plot.k_clicked.connect(heard.append)
    at = QPoint(140, round(plot.y_of(k)))
    qtbot.mouseMove(plot, at)
    qtbot.waitUntil(plot._cut.isVisible)
    assert plot._status.text().startswith(f"k = {k}: ")
    assert abs(plot._cut.y() - at.y()) <= 1
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at)
    assert heard == [k]


def test_beside_the_tree_there_is_nothing_to_cut(plot, qtbot):
    with qtbot.assertNotEmitted(plot.k_clicked):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(140, plot.height() - 2))
        qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=QPoint(140, 60))


def test_arrow_keys_cut_it_lower_and_higher(plot, qtbot):
    heard = []
    plot.k_clicked.connect(heard.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        qtbot.keyClick(plot, key)
    assert heard == [5, 5, 3, 3]


def test_what_is_in_use_is_said_while_the_mouse_is_elsewhere(plot, sweep):
    low, high = sweep.dendrogram.heights_of(4)
    assert plot._status.text() == f"k = 4: cut at a distance\nbetween {low:,.0f} and {high:,.0f}"
    plot.set_dendrogram(sweep.dendrogram, None)
    assert plot._status.text() == HINT


def test_the_tree_is_offered_where_there_is_one(qtbot, sweep, thumbnail):
    view = ChooseK()
    qtbot.addWidget(view)
    view.show()
    view.set_sweep(sweep, 4)
    assert view.tree_button.isVisible()
    assert view.plot.isVisible()
    assert not view.tree.isVisible()
    qtbot.mouseClick(view.tree_button, Qt.MouseButton.LeftButton)
    assert view.tree.isVisible()
    assert not view.plot.isVisible()
    view.set_sweep(sweep_clusters(thumbnail[::4, ::4], [2, 3], "median_cut"), 3)
    assert not view.tree_button.isVisible()
    assert view.plot.isVisible()
    view.set_sweep(None)
    assert not view.plot.isVisible()
    assert not view.tree.isVisible()


def test_a_cut_that_was_not_tried_is_clustered(panel, press, qtbot, viewer):
    panel.form.method.value = "agglomerative"
    panel.sweep_fold.open()
    choose = panel.choose_k
    choose.first.setValue(2)
    choose.last.setValue(3)
    press(choose.button)
    qtbot.mouseClick(choose.tree_button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    choose.tree._view.canvas.draw()
    # What the form asks for by now is not what the tree is of.
    panel.form.color_space.value = "rgb"
    for k in (2, 7):
        at = QPoint(100, round(choose.tree.y_of(k)))
        qtbot.mouseClick(choose.tree, Qt.MouseButton.LeftButton, pos=at)
        qtbot.waitUntil(lambda: not panel.session.is_busy)
        assert panel.form.n_clusters.value == k
        assert panel.form.color_space.value == "lab"
        assert viewer.layers["photo clusters"].data.max() == k
        assert choose.tree._chosen == k

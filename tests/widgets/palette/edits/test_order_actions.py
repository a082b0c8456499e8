"""The rows of the table put in order: by the menu, by keys and by dragging, in the real panel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QApplication

from napari_colorcluster import read_palette
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.palette.edits.order_actions import ORDERS, moved_before, moved_by
from napari_colorcluster.widgets.palette.model import INDEX

LEFT = Qt.MouseButton.LeftButton


def shown(panel):
    """The labels of the rows, as they are shown."""
    model = panel.palette.table.model()
    return [int(model.index(row, INDEX).data()) for row in range(model.rowCount())]


@pytest.fixture
def clustered(panel, press):
    panel.form.n_clusters.value = 5
    press()
    return panel


@pytest.fixture
def settle(qtbot, panel):
    return lambda: qtbot.waitUntil(lambda: not panel.session.is_busy)


def order(panel):
    """The order of the bar, and of files."""
    return results.of(panel.form.image.value).palette.labels.tolist()


def test_the_menu_orders_table_bar_and_files(clustered, settle, qtbot, tmp_path):
    menu = clustered.palette.order.menu
    menu.popup(QPoint(0, 0))
    with qtbot.waitExposed(menu):
        pass
    action = clustered.palette.order.orders["lightness"]
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    settle()
    labels = shown(clustered)
    assert labels == order(clustered) != [1, 2, 3, 4, 5]
    colors = results.of(clustered.form.image.value).palette.colors.astype(float)
    assert (np.diff(colors @ [0.299, 0.587, 0.114]) < 0).all()
    clustered.palette._save_palette(str(tmp_path / "leaf.colors.csv"))
    assert read_palette(tmp_path / "leaf.colors.csv").labels.tolist() == labels
    bar = clustered.palette.bar
    qtbot.mouseClick(bar, LEFT, pos=QPoint(1, bar.height() // 2))
    assert clustered.palette.table.selected_labels() == (labels[0],)
    clustered.palette.edits.undo.trigger()
    settle()
    assert shown(clustered) == order(clustered) == [1, 2, 3, 4, 5]


def test_keys_move_the_selected_rows(clustered, settle, qtbot):
    table = clustered.palette.table
    with qtbot.waitActive(clustered.native):
        clustered.native.activateWindow()
    table.select([4, 5])
    table.setFocus()
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        settle()
    assert shown(clustered) == order(clustered) == [1, 4, 5, 2, 3]
    assert table.selected_labels() == (4, 5)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle()
    assert shown(clustered) == [1, 2, 4, 5, 3]


def drop(table, row, below=False):
    """Drop the selected rows by the event that Qt sends at the end of a drag."""
    model = table.model()
    data = model.mimeData(table.selectionModel().selectedRows())
    rect = table.visualRect(model.index(row, INDEX))
    where = QPointF(rect.center().x(), rect.bottom() - 1 if below else rect.top() + 1)
    how = Qt.DropAction.MoveAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), *how)
    QApplication.sendEvent(table.viewport(), enter)
    assert enter.isAccepted()
    event = QDropEvent(where, *how)
    QApplication.sendEvent(table.viewport(), event)
    # Qt would remove the rows of a move.
    assert event.dropAction() == Qt.DropAction.IgnoreAction


def test_rows_that_are_dragged_stay_where_they_are_dropped(clustered, settle):
    table = clustered.palette.table
    table.select([4])
    drop(table, 1)
    settle()
    assert shown(clustered) == order(clustered) == [1, 4, 2, 3, 5]
    table.select([1, 2])
    drop(table, 4, below=True)
    settle()
    assert shown(clustered) == [4, 3, 5, 1, 2]
    assert clustered.palette.table.model().rowCount() == 5


def test_what_is_seen_is_what_is_dragged(clustered, settle):
    """In a table sorted by a heading, the order shown becomes that of the palette."""
    table = clustered.palette.table
    table.sortByColumn(INDEX, Qt.SortOrder.DescendingOrder)
    table.select([1])
    drop(table, 0)
    settle()
    assert shown(clustered) == order(clustered) == [1, 5, 4, 3, 2]


def test_the_order_that_there_is_can_be_shown_again(clustered, settle):
    clustered.palette.edit_requested.emit("reorder", ([3, 1],))
    settle()
    assert shown(clustered) == [3, 1, 2, 4, 5]
    clustered.palette.table.sortByColumn(INDEX, Qt.SortOrder.AscendingOrder)
    n_edits = len(results.of(clustered.form.image.value).clustering.edits)
    clustered.palette.order.as_saved.trigger()
    settle()
    assert shown(clustered) == [3, 1, 2, 4, 5]
    assert len(results.of(clustered.form.image.value).clustering.edits) == n_edits


def test_the_order_outlives_a_run_and_edits(clustered, press, settle):
    clustered.palette.order.orders["lightness"].trigger()
    settle()
    labels = shown(clustered)
    clustered.palette.edit_requested.emit("rename", (labels[-1], "ink"))
    settle()
    assert shown(clustered) == labels
    clustered.palette.edit_requested.emit("merge", (sorted(labels[:2]),))
    settle()
    assert shown(clustered) == [min(labels[:2]), *labels[2:]]


def test_nothing_can_be_ordered_without_colors(panel):
    actions = panel.palette.order
    assert not actions.menu.menuAction().isEnabled()
    assert not any(action.isEnabled() for action in actions.moves)
    assert set(ORDERS) == set(actions.orders)


labels = st.permutations(range(1, 7))
chosen = st.sets(st.integers(1, 6))


@given(labels, chosen, st.sampled_from([None, 1, 2, 3]))
def test_rows_move_together_in_their_order(labels, chosen, before):
    moved = moved_before(labels, chosen, before)
    assert sorted(moved) == sorted(labels)
    for part in (chosen, set(labels) - chosen):
        assert [each for each in moved if each in part] == [each for each in labels if each in part]
    places = sorted(moved.index(label) for label in chosen)
    assert places == list(range(places[0], places[-1] + 1)) if places else moved == labels


@given(labels, chosen)
def test_up_and_down_go_by_one(labels, chosen):
    up = moved_by(labels, chosen, -1)
    assert sorted(up) == sorted(labels)
    assert all(labels.index(each) - up.index(each) in (0, 1) for each in chosen)
    assert moved_by(labels, chosen, 1) == moved_by(labels[::-1], chosen, -1)[::-1]

"""The table that a click on a heading sorts: its texts, its order, its selection."""

import math

import pandas as pd
import pytest
from qtpy.QtCore import QPoint, Qt

from napari_colorcluster.widgets.parts.sorted_table import Shown, SortedTable, number_text

TABLE = pd.DataFrame(
    {"name": ["b", "a", "c", "a"], "size": [20, 3, 1000, 4], "ratio": [0.5, math.nan, 0.25, 2.0]}
)
HEADS = {"name": "Name", "size": "Size", "ratio": "Ratio"}


@pytest.fixture
def table(qtbot):
    table = SortedTable()
    qtbot.addWidget(table)
    colors = [["#ff0000"], ["#00ff00", "#0000ff"], ["#ffffff"], ["#000000"]]
    shown = Shown(
        TABLE,
        HEADS,
        colors=colors.__getitem__,
        explain=lambda row: f"row {row}",
        write={"ratio": lambda value: f"{value:.0%}"},
        head_colors={"size": "#123456"},
    )
    table.set_shown(shown)
    table.resize(400, 200)
    with qtbot.waitExposed(table):
        table.show()
    return table


def column(table, at, role=Qt.ItemDataRole.DisplayRole):
    model = table.model()
    return [model.data(model.index(row, at), role) for row in range(model.rowCount())]


def click_head(qtbot, table, at):
    head = table.horizontalHeader()
    middle = head.sectionViewportPosition(at) + head.sectionSize(at) // 2
    qtbot.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle, head.height() // 2)
    )


def test_all_is_shown_as_it_comes(table):
    assert column(table, 0) == ["b", "a", "c", "a"]
    assert column(table, 1) == ["20", "3", "1,000", "4"]
    assert column(table, 2) == ["50%", "nan%", "25%", "200%"]
    assert column(table, 1, Qt.ItemDataRole.ToolTipRole) == [f"row {row}" for row in range(4)]
    swatches = column(table, 0, Qt.ItemDataRole.DecorationRole)
    assert [swatch.width() for swatch in swatches] == [12, 24, 12, 12]
    assert swatches[1].toImage().pixelColor(18, 6).name() == "#0000ff"
    head = table.model().headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
    assert head.toImage().pixelColor(6, 6).name() == "#123456"


def test_a_click_on_a_heading_sorts_and_numbers_sort_as_numbers(qtbot, table):
    click_head(qtbot, table, 1)
    order = column(table, 1)
    assert order in (["3", "4", "20", "1,000"], ["1,000", "20", "4", "3"])
    click_head(qtbot, table, 1)
    assert column(table, 1) == order[::-1]


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_what_is_no_number_comes_last(table, order):
    table.sortByColumn(2, order)
    assert column(table, 2)[-1] == "nan%"


def test_texts_are_sorted_and_equal_ones_stay_in_order(table):
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert column(table, 0) == ["a", "a", "b", "c"]
    assert column(table, 1)[:2] == ["3", "4"]


def test_a_selected_row_stays_selected_when_the_order_changes(qtbot, table):
    with qtbot.waitSignal(table.row_selected) as heard:
        qtbot.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            pos=table.visualRect(table.model().index(2, 1)).center(),
        )
    assert heard.args == [2]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.selected_row() == 2
    assert table.selectionModel().selectedRows()[0].row() == 0
    table.select(None)
    assert table.selected_row() is None
    table.select(1)
    assert table.selected_row() == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (479000, "479,000"),
        (1234.5, "1,234"),
        (0.000123456, "0.0001235"),
        (0.5, "0.5"),
        (12.0, "12"),
        (math.nan, "–"),
        ("word", "word"),
    ],
)
def test_numbers_have_four_digits_that_count(value, text):
    assert number_text(value) == text

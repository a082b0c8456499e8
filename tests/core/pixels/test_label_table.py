"""Tables of labels: kept for the look-ups used last, and used again once they are let go."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest

from napari_colorcluster.core.pixels import label_table
from napari_colorcluster.core.pixels.label_table import LabelTable, LabelTables

CODES = np.array([0, 5, 2**24 - 1], np.int32)
LABELS = np.array([7, 8, 9])
BYTE, WORD = np.dtype(np.uint8), np.dtype(np.uint16)


@pytest.fixture
def tables():
    return LabelTables()


def use(tables, name, dtype=BYTE):
    """Look something up, and give the table."""
    with tables.table_of(name, dtype, CODES, LABELS) as table:
        assert table.labels[CODES].tolist() == [7, 8, 9]
        assert np.count_nonzero(table.labels) == 3
        return table


@pytest.mark.parametrize("dtype", [BYTE, WORD])
def test_labels_are_found_by_the_numbers_of_colors(dtype):
    table = LabelTable(dtype)
    table.enter(CODES[:2], LABELS[:2])
    table.enter(CODES[2:].astype(np.uint32), LABELS[2:])
    assert table.labels.dtype == dtype
    assert table.labels[CODES].tolist() == [7, 8, 9]
    assert np.count_nonzero(table.labels) == 3
    table.clear()
    assert not table.labels.any()


def test_a_look_up_keeps_its_table_as_long_as_it_is_among_the_last(tables):
    first = use(tables, "a")
    assert use(tables, "b") is not first
    assert use(tables, "a") is first
    for name in "cd":
        use(tables, name)
    assert [name in tables for name in "abcd"] == [True, False, True, True]


def test_a_table_that_is_let_go_is_cleared_and_used_again(tables):
    first = use(tables, "a")
    for name in "bc":
        use(tables, name)
    assert use(tables, "d") is first


def test_tables_of_another_type_are_let_go_and_not_used_again(tables):
    first = use(tables, "a", WORD)
    for name in "bc":
        use(tables, name)
    assert use(tables, "d") is not first
    assert "a" not in tables


def test_a_table_in_use_is_left_alone_however_many_there_are(tables):
    with ExitStack() as stack:
        held = [
            stack.enter_context(tables.table_of(name, BYTE, CODES, LABELS)) for name in "abcdef"
        ]
        assert len({id(table) for table in held}) == 6
        assert all(name in tables for name in "abcdef")
        for table in held:
            assert table.labels[CODES].tolist() == [7, 8, 9]
    use(tables, "g")
    assert sum(name in tables for name in "abcdefg") == 3


def test_a_table_of_very_many_labels_is_not_cleared_but_made_anew(tables, monkeypatch):
    monkeypatch.setattr(label_table, "_MOST_ENTERED", 2)
    first = use(tables, "a")
    for name in "bc":
        use(tables, name)
    assert use(tables, "d") is not first


def test_labels_may_be_entered_by_several_threads_at_once():
    table = LabelTable(BYTE)
    codes = np.arange(4000, dtype=np.int32).reshape(40, 100)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda some: table.enter(some, np.full(100, 3)), codes))
    assert table.labels[codes].all()
    table.clear()
    assert not table.labels.any()

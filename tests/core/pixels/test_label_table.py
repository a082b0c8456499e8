"""Tables of labels that are taken again: empty, and only once nobody uses them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from napari_colorcluster.core.pixels import label_table
from napari_colorcluster.core.pixels.label_table import LabelTable

CODES = np.array([0, 5, 2**24 - 1])
BYTE = np.dtype(np.uint8)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(label_table, "_kept", [])


def filled(dtype=BYTE):
    table = LabelTable.take(np.dtype(dtype))
    table.enter(CODES[:2], np.array([7, 8]))
    table.enter(CODES[2:].astype(np.uint32), np.array([9]))
    return table


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_labels_are_found_by_the_numbers_of_colors(dtype):
    labels = filled(dtype).labels
    assert labels.dtype == dtype
    assert labels[CODES].tolist() == [7, 8, 9]
    assert np.count_nonzero(labels) == 3


def test_a_table_that_nobody_uses_is_taken_again_and_is_empty():
    table = filled()
    where = table.labels.ctypes.data
    del table
    again = LabelTable.take(BYTE)
    assert again.labels.ctypes.data == where
    assert not again.labels.any()


def test_a_table_in_use_is_left_alone():
    table = filled()
    other = LabelTable.take(BYTE)
    assert other is not table
    assert table.labels[CODES].tolist() == [7, 8, 9]


def test_a_table_of_another_type_is_not_taken():
    filled()
    assert LabelTable.take(np.dtype(np.uint16)).labels.dtype == np.uint16


def test_a_table_of_very_many_labels_is_not_cleared_but_made_anew(monkeypatch):
    monkeypatch.setattr(label_table, "_MOST_ENTERED", 2)
    filled()
    assert not LabelTable.take(BYTE).labels.any()


def test_few_tables_are_kept():
    tables = [filled() for _ in range(5)]
    assert len(label_table._kept) == label_table._MOST_KEPT
    assert all(table.labels[5] == 8 for table in tables)


def test_labels_that_many_threads_enter_are_all_cleared():
    table = LabelTable.take(BYTE)
    parts = np.arange(4000).reshape(100, 40)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(table.enter, parts, np.ones_like(parts)))
    assert table.labels[:4000].all()
    del table
    assert not LabelTable.take(BYTE).labels.any()

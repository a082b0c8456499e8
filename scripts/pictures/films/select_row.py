"""Rows of the table are selected: their clusters are lit on the canvas."""

from film import Film
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from stage import Stage

STAGE = {"size": (860, 600)}


def draw(stage: Stage) -> None:
    stage.open_sample("beetle")
    stage.cluster(4)
    stage.show_labels()
    table = stage.panel.palette.table
    film = Film(stage)
    film.hold(900)
    for row in (1, 2, 3):
        film.click(table.viewport(), table.visualRect(table.model().index(row, 1)).center())
        film.settle(1100)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    film.settle(1200)
    film.write(f"select-row-{stage.theme}")

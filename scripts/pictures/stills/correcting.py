"""Correcting by hand: the menu of a patch."""

from files import write_picture
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from stage import Stage

from stills.leaf import LESION


def draw(stage: Stage) -> None:
    layer = stage.open_sample("leaf")
    stage.cluster(5)
    stage.show_labels()
    stage.edit("rename", stage.label_of(*LESION), "brown lesion")
    lesion = stage.canvas_point(layer, (206, 352))
    QTest.mouseMove(stage.canvas, lesion)
    QTest.mouseClick(stage.canvas, Qt.MouseButton.RightButton, pos=lesion)
    stage.wait(1)
    menu = stage.panel.shown.patches.menu
    give = next(action for action in menu.actions() if action.text() == "Give to")
    menu.setActiveAction(give)
    QTest.mouseMove(menu, menu.actionGeometry(give).center() + QPoint(1, 0))
    stage.wait(1)
    write_picture(stage.see(), f"patch-menu-{stage.theme}")
    menu.close()

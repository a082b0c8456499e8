"""A palette for other programs: the Save menu over the palette of a photo."""

from files import write_picture
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from skimage import data
from stage import Stage

STAGE = {"size": (900, 740)}


def draw(stage: Stage) -> None:
    stage.viewer.add_image(data.coffee(), name="coffee")
    stage.fit()
    stage.cluster(6)
    stage.viewer.layers["coffee clusters"].visible = False
    bar = stage.panel.palette.edit_bar
    # The menu has an event loop of its own as long as it is open.
    stage.later(0.5, lambda: _write(stage, bar.save_menu))
    QTest.mouseClick(bar.save, Qt.MouseButton.LeftButton)


def _write(stage: Stage, menu: object) -> None:
    write_picture(stage.see(), f"save-menu-{stage.theme}")
    menu.close()

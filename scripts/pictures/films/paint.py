"""Where the midrib crosses a lesion, it is painted: the table counts each stroke."""

import numpy as np
from film import Film
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QRadioButton
from stage import CONTROLS, Stage
from stills.leaf import GREEN, HALO, LESION, PAPER, VEINS

STAGE = {"size": (1000, 620), "layer_docks": (CONTROLS,)}


def draw(stage: Stage) -> None:
    image = stage.open_sample("leaf")
    stage.cluster(5)
    stage.show_labels()
    stage.edit("set_background", [stage.label_of(*PAPER)])
    stage.edit("merge", [stage.label_of(*GREEN), stage.label_of(*VEINS)])
    for color, name in ((GREEN, "healthy"), (HALO, "yellow halo"), (LESION, "brown lesion")):
        stage.edit("rename", stage.label_of(*color), name)
    clusters = stage.viewer.layers["leaf clusters"]
    clusters.brush_size = 8
    stage.viewer.scene.camera.center = 0, 200, 318
    stage.viewer.scene.camera.zoom *= 3.2
    stage.wait(0.5)
    table, canvas = stage.panel.palette.table, stage.canvas
    film = Film(stage)
    film.hold(900)
    row = stage.palette.labels.tolist().index(stage.label_of(*LESION))
    film.click(table.viewport(), table.visualRect(table.model().index(row, 1)).center())
    film.settle(900)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    film.settle(500)
    brush = _tool(stage, clusters, "paint")
    film.click(brush)
    film.hold(300)
    places = _scribble(stage, image, (202, 285), 6)
    film.go(canvas, places[0])
    film.press(canvas)
    film.along(canvas, places[1:])
    film.release(canvas)
    film.settle(1800)
    film.write(f"paint-{stage.theme}")


def _tool(stage: Stage, layer: object, mode: str) -> QRadioButton:
    controls = stage.viewer.window._qt_viewer.controls.widgets[layer]
    return next(
        button
        for button in controls.findChildren(QRadioButton)
        if getattr(button, "mode", None) == mode or mode in button.objectName()
    )


def _scribble(stage: Stage, image: object, middle: tuple[int, int], size: int) -> list[QPoint]:
    """To and fro along the midrib, which rises to the right."""
    along = np.array([*np.linspace(-size, size, 9), *np.linspace(size, -size, 9)])
    beside = np.repeat([-1.5, 1.5], 9)
    rows, columns = middle[0] - 0.25 * along + beside, middle[1] + along
    return [stage.canvas_point(image, place) for place in zip(rows, columns, strict=True)]

"""The pattern of a beetle: its transitions, and the boundaries on the canvas."""

from files import write_picture
from stage import Stage

from stills.beetle import NAMES

STAGE = {"size": (900, 840)}


def draw(stage: Stage) -> None:
    stage.open_sample("beetle")
    stage.cluster(4)
    stage.show_labels()
    stage.edit("set_background", [stage.label_of(218, 221, 224)])
    for color, name in NAMES.items():
        stage.edit("rename", stage.label_of(*color), name)
    panel, view = stage.panel, stage.panel.pattern.view
    panel.pattern_fold.open()
    stage.click(view.measure)
    stage.wait(20, lambda: view.measured is not None)
    stage.wait(1)
    stage.click(view.boundaries)
    stage.wait(1.5)
    stage.reveal(panel.pattern_fold)
    write_picture(stage.see(), f"pattern-transitions-{stage.theme}")
    view.table.setCurrentText("Indices")
    stage.wait(0.5)
    write_picture(stage.part(panel.pattern_fold), f"pattern-indices-{stage.theme}")

"""The palette of a beetle: clustered, and without the card."""

from files import write_picture
from stage import CONTROLS, LIST, Stage

STAGE = {"size": (1180, 720), "layer_docks": (CONTROLS, LIST)}
NAMES = {(60, 51, 42): "black", (214, 181, 92): "yellow", (175, 102, 49): "orange"}


def draw(stage: Stage) -> None:
    stage.open_sample("beetle")
    stage.cluster(4)
    stage.show_labels()
    write_picture(stage.see(), f"beetle-clustered-{stage.theme}")
    stage.edit("set_background", [stage.label_of(218, 221, 224)])
    for color, name in NAMES.items():
        stage.edit("rename", stage.label_of(*color), name)
    stage.select()
    write_picture(stage.see(), f"beetle-palette-{stage.theme}")

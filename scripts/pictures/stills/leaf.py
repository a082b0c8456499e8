"""Percent leaf disease: five clusters, and what is left of them once they are named."""

from files import write_picture
from stage import Stage

PAPER, GREEN, VEINS = (234, 234, 229), (73, 124, 53), (123, 157, 84)
HALO, LESION = (177, 169, 68), (120, 80, 48)


def draw(stage: Stage) -> None:
    stage.open_sample("leaf")
    stage.cluster(5)
    stage.show_labels()
    write_picture(stage.see(), f"leaf-clustered-{stage.theme}")
    stage.edit("set_background", [stage.label_of(*PAPER)])
    stage.edit("merge", [stage.label_of(*GREEN), stage.label_of(*VEINS)])
    for color, name in ((GREEN, "healthy"), (HALO, "yellow halo"), (LESION, "brown lesion")):
        stage.edit("rename", stage.label_of(*color), name)
    stage.select(stage.label_of(*HALO), stage.label_of(*LESION))
    write_picture(stage.see(), f"leaf-scored-{stage.theme}")

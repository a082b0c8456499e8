"""Stains by optical density: levels of one stain, then two stains apart."""

from files import write_picture
from skimage import data
from stage import Stage


def draw(stage: Stage) -> None:
    stage.viewer.add_image(data.immunohistochemistry(), name="tissue")
    stage.fit()
    stage.panel.form.color_space.value = "od"
    stage.cluster(3)
    stage.show_labels()
    write_picture(stage.see(), f"stains-levels-{stage.theme}")
    stage.panel.form.color_space.value = "hed"
    stage.panel.form.standardize.value = True
    stage.cluster(4)
    write_picture(stage.see(), f"stains-apart-{stage.theme}")

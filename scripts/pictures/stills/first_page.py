"""The first page of the site: a photo clustered, and the plot to choose k."""

from files import write_picture
from skimage import data
from stage import CONTROLS, LIST, Stage

STAGE = {"size": (1180, 880), "layer_docks": (CONTROLS, LIST)}


def draw(stage: Stage) -> None:
    stage.viewer.add_image(data.coffee(), name="coffee")
    stage.cluster(5)
    panel = stage.panel
    panel.sweep_fold.open()
    stage.click(panel.choose_k.button)
    stage.rest()
    stage.viewer.reset_view(margin=0)
    stage.viewer.layers["coffee clusters"].contour = 0
    write_picture(stage.see(), f"window-{stage.theme}")

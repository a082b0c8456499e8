"""The README's picture: a photo clustered, and the plot to choose k."""

from files import FOLDER, as_picture
from skimage import data
from stage import CONTROLS, LIST, Stage

STAGE = {"size": (1440, 900), "layer_docks": (CONTROLS, LIST)}
THEMES = ("dark",)


def draw(stage: Stage) -> None:
    stage.viewer.add_image(data.coffee(), name="coffee")
    stage.cluster(5)
    panel = stage.panel
    panel.sweep_fold.open()
    stage.click(panel.choose_k.button)
    stage.rest()
    stage.viewer.reset_view(margin=0)
    stage.viewer.layers["coffee clusters"].contour = 0
    as_picture(stage.see()).save(FOLDER / "screenshot.png", optimize=True)

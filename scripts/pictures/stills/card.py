"""A color card: placed over the photo, and what its fit says."""

from files import write_picture
from stage import Stage

STAGE = {"size": (900, 860)}


def draw(stage: Stage) -> None:
    layer = stage.open_sample("leaf_with_card")
    panel = stage.panel
    panel.calibrate_fold.open()
    stage.reveal(panel.calibrate_fold)
    stage.click(panel.calibration.view.place)
    stage.wait(0.5)
    corners = panel.calibration.card.corners_layer
    corners.data = [layer.metadata["card_corners"]]
    corners.selected_data = {0}
    stage.wait(0.5)
    stage.click(panel.calibration.view.fit)
    stage.rest()
    stage.reveal(panel.calibrate_fold)
    write_picture(stage.see(), f"card-fitted-{stage.theme}")

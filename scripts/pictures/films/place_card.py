"""A color card is placed on that of a photo, fitted and used."""

from film import Film
from stage import Stage

STAGE = {"size": (920, 760)}
ORDER = (2, 3, 1, 0)
"""The lower corners first, so that none is dragged across the others."""


def draw(stage: Stage) -> None:
    image = stage.open_sample("leaf_with_card")
    panel, canvas = stage.panel, stage.canvas
    view = panel.calibration.view
    panel.calibrate_fold.open()
    stage.reveal(panel.calibrate_fold)
    film = Film(stage)
    film.hold(900)
    film.click(view.place)
    film.settle(600)
    corners, goals = panel.calibration.card.corners.tolist(), image.metadata["card_corners"]
    for at in ORDER:
        film.go(canvas, stage.canvas_point(image, corners[at]))
        film.press(canvas)
        film.go(canvas, stage.canvas_point(image, goals[at]))
        film.release(canvas)
    film.hold(500)
    film.click(view.fit)
    film.settle(300)
    stage.reveal(panel.calibrate_fold)
    film.settle(1800)
    film.click(view.use)
    film.settle(1500)
    film.write(f"place-card-{stage.theme}")

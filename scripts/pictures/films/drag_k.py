"""k is dragged live: the image follows."""

from film import Film
from qtpy.QtCore import QPoint
from qtpy.QtWidgets import QSlider
from skimage import data
from stage import Stage

STAGE = {"size": (860, 600)}
KS = (*range(5, 1, -1), *range(3, 17), *range(15, 4, -1))


def draw(stage: Stage) -> None:
    stage.viewer.add_image(data.coffee(), name="coffee")
    stage.fit()
    stage.cluster(5)
    stage.viewer.layers["coffee clusters"].visible = False
    stage.panel.live.setChecked(True)
    stage.rest()
    slider = stage.panel.form.n_clusters.native.findChild(QSlider)
    film = Film(stage)
    film.hold(900)
    film.go(slider, _handle(slider, 5))
    film.press(slider)
    for k in KS:
        film.along(slider, [_handle(slider, k)])
        film.settle(170)
    film.release(slider)
    film.hold(1200)
    film.write(f"drag-k-{stage.theme}")


def _handle(slider: QSlider, value: int) -> QPoint:
    """Where the middle of the slider's handle is at a value."""
    part = (value - slider.minimum()) / (slider.maximum() - slider.minimum())
    handle = 16
    return QPoint(round(handle / 2 + part * (slider.width() - handle)), slider.height() // 2)

"""Make the README's picture again: a real napari with the panel docked and its work done.

xvfb-run -a -s "-screen 0 1920x1080x24" python scripts/screenshot.py [OUT.png]
"""

import sys
import time
from pathlib import Path

import imageio.v3 as iio
import napari
from qtpy.QtWidgets import QApplication
from skimage import data

from napari_colorcluster.widgets.commands import open_panel

OUT = Path(__file__).parents[1] / "docs" / "pictures" / "screenshot.png"
SECONDS = 120


def wait(ready=lambda: False, seconds=SECONDS):
    """Let napari work until it is ready, or for some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not ready():
        QApplication.processEvents()
        time.sleep(0.01)


def main(out: Path) -> None:
    viewer = napari.Viewer(show=True)
    viewer.window.resize(1440, 900)
    viewer.add_image(data.coffee(), name="coffee")
    panel = open_panel(viewer)
    wait(seconds=1)
    panel.run()
    wait(lambda: not panel.session.is_busy)
    panel.sweep_fold.open()
    panel.choose_k.button.click()
    wait(lambda: not panel.session.is_busy)
    viewer.reset_view(margin=0)
    viewer.layers["coffee clusters"].contour = 0
    viewer.status = ""
    wait(seconds=1.5)
    out.parent.mkdir(parents=True, exist_ok=True)
    iio.imwrite(out, viewer.screenshot(canvas_only=False, flash=False))
    viewer.close()
    print(f"Wrote {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)

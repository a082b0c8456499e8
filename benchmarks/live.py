"""Dragging k in a real window: how soon both layers are new, and how long the window stands still.

    python benchmarks/live.py [--megapixels 12] [--repeats 3] [--method kmeans] [--photo coffee]

Needs a display, or xvfb-run. For each k of 2..16 the panel's k is set with Live on; the time runs
until both layers have their new data, beside Pillow's quantize(k, method=FASTOCTREE) on the same
image in the same run. A timer that ticks every 5 ms in the event loop tells how long the main
thread was held; the same is told of napari itself, which sets the same arrays in two plain layers.
"""

import argparse
import time

import napari
import numpy as np
from photos import BUNDLED, bundled_photos, resized
from PIL import Image as Picture
from qtpy.QtCore import QEventLoop, QTimer
from qtpy.QtWidgets import QApplication

from napari_colorcluster.layers.results import results

TICK = 5
KS = range(2, 17)


class Pulse:
    """The gaps between the ticks of a timer in the event loop, in milliseconds."""

    def __init__(self):
        self.gaps = []
        self._last = None
        self._timer = QTimer()
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self):
        now = time.perf_counter()
        if self._last is not None:
            self.gaps.append(1000 * (now - self._last))
        self._last = now

    def taken(self):
        gaps, self.gaps = self.gaps, []
        return gaps or [0.0]


def wait_until(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        # Asleep in between, as in napari's own loop: a busy wait would slow down the work.
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > end:
            raise TimeoutError("The panel did not answer.")


def rest(seconds):
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > end)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--method", default="kmeans")
    parser.add_argument("--photo", choices=BUNDLED, default="coffee")
    arguments = parser.parse_args()
    [photo] = bundled_photos([arguments.photo]).values()
    image = resized(photo, arguments.megapixels)

    viewer = napari.Viewer()
    pulse = Pulse()
    layer = viewer.add_image(image, name="photo", rgb=True)
    _, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster")
    panel.form.method.value = arguments.method
    rest(5)
    panel.run()
    wait_until(lambda: results.of(layer) is not None and not panel.session.is_busy)
    panel.live.setChecked(True)
    wait_until(lambda: not panel.session.is_busy)
    rest(2)

    shown = []
    results.changed.connect(lambda image: shown.append(time.perf_counter()))
    picture = Picture.fromarray(image)
    live, peer, held = [], [], []
    for repeat in range(arguments.repeats):
        # A k that was shown before would be recalled; with another seed it is not.
        panel.form.random_state.value = repeat + 1
        rest(0.1)
        wait_until(lambda: not panel.session.is_busy)
        for k in KS:
            start = time.perf_counter()
            picture.quantize(k, method=Picture.Quantize.FASTOCTREE)
            peer.append(time.perf_counter() - start)
            rest(0.3)
            shown.clear()
            pulse.taken()
            start = time.perf_counter()
            panel.form.n_clusters.value = k
            wait_until(lambda: shown)
            live.append(shown[-1] - start)
            rest(0.3)
            held.append(max(pulse.taken()))

    result = results.of(layer)
    plain = viewer.add_labels(result.labels.data.copy(), name="plain")
    painted = viewer.add_image(result.quantized.data.copy(), name="plain image", rgb=True)
    rest(2)
    napari_held = []
    for _ in range(5):
        pulse.taken()
        painted.data = result.quantized.data.copy()
        plain.data = result.labels.data.copy()
        plain.colormap = result.labels.colormap
        rest(0.5)
        napari_held.append(max(pulse.taken()))
    print(f"{image.shape[1]} x {image.shape[0]} pixels, {arguments.method}, k = 2..16:")
    print(f"  k changed to both layers new: median {1000 * np.median(live):.0f} ms")
    print(f"  Pillow FASTOCTREE:            median {1000 * np.median(peer):.0f} ms")
    print(f"  ratio {np.median(live) / np.median(peer):.2f} (target: below 0.5)")
    print(f"  main thread held: median {np.median(held):.0f} ms, longest {max(held):.0f} ms")
    print(f"  by napari alone:  median {np.median(napari_held):.0f} ms")
    viewer.close()


if __name__ == "__main__":
    main()

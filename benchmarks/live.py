"""Dragging k in a real window: how soon both layers are new, and how long the window stands still.

    python benchmarks/live.py [--megapixels 12] [--repeats 3] [--method kmeans] [--photo coffee]

`make bench` runs this last. It needs a display, or xvfb-run. For each k of 2..16 the panel's k is
set with Live on; the time runs until both layers have their new data, beside Pillow's
quantize(k, method=FASTOCTREE) on the same image in the same run. That is done twice: step by step,
where the panel makes the next k ahead, and with jumps, where it makes the wrong one.

A timer that ticks every 5 ms in the event loop tells how long the main thread was held. Of each
such gap, our own part is the time in the panel's and its session's code, less what napari takes in
between to set the layers' data, colors and features. For comparison the whole hold is also told of
napari alone, which sets the same arrays in two plain layers.
"""

import argparse
import functools
import os
import sys
import time

import napari
import numpy as np
from napari.layers import Image, Labels, Layer
from photos import BUNDLED, bundled_photos, resized
from PIL import Image as Picture
from qtpy.QtCore import QEventLoop, QTimer
from qtpy.QtWidgets import QApplication
from rows.row import Row, markdown

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.request_queue import RequestQueue
from napari_colorcluster.session.state import SessionState
from napari_colorcluster.widgets.form.form import SettingsForm
from napari_colorcluster.widgets.palette.bar import PaletteBar

TICK = 5
KS = range(2, 17)
LONGEST = 50
"""Milliseconds that our own code may hold the main thread."""

OURS = {
    SettingsForm: ("_emit_changed",),
    SessionState: ("show_run",),
    RequestQueue: ("_finish",),
    PaletteBar: ("paintEvent",),
}
"""Where the event loop, or a widget that is set, comes into our code while k is dragged."""

THEIRS = {Image: ("data",), Labels: ("data", "colormap", "features"), Layer: ("metadata",)}
"""What our code sets then, and napari acts on at once."""


class Stopwatch:
    """The time that the main thread is in our own code, and is at work in it, since `take`.

    It is not at work while another thread, or another process, has what it needs.
    """

    def __init__(self):
        self.seconds = np.zeros(2)
        self._since = None
        for kind, names in OURS.items():
            for name in names:
                setattr(kind, name, self._timed(getattr(kind, name), ours=True))
        for kind, names in THEIRS.items():
            for name in names:
                theirs = getattr(kind, name)
                setattr(kind, name, theirs.setter(self._timed(theirs.fset, ours=False)))

    def take(self):
        seconds, self.seconds = self.seconds, np.zeros(2)
        return seconds

    def _timed(self, function, *, ours):
        @functools.wraps(function)
        def timed(*arguments, **keywords):
            # Each may call the other: the watch runs while the innermost is ours.
            was_running = self._since is not None
            self._run(ours)
            try:
                return function(*arguments, **keywords)
            finally:
                self._run(was_running)

        return timed

    def _run(self, on):
        now = np.array((time.perf_counter(), time.thread_time()))
        if self._since is not None:
            self.seconds += now - self._since
        self._since = now if on else None


class Pulse:
    """The gaps between the ticks of a timer in the event loop, and our own part of each, in ms."""

    def __init__(self, stopwatch):
        self.gaps, self.own = [], []
        self._last, self._stopwatch = None, stopwatch
        self._timer = QTimer()
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self):
        now = time.perf_counter()
        if self._last is not None:
            self.gaps.append(1000 * (now - self._last))
            self.own.append(1000 * self._stopwatch.take())
        self._last = now

    def longest(self):
        """The longest gap since this was last asked, and the longest part of one that was ours."""
        own = np.reshape(self.own, (-1, 2)).max(axis=0, initial=0)
        longest = max(self.gaps, default=0.0), *own
        self.gaps, self.own = [], []
        return longest


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
    # Not every console has a sign for "at most".
    sys.stdout.reconfigure(errors="replace")
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        print("Dragging k is not measured: there is no display, and no xvfb-run.")
        return
    [photo] = bundled_photos([arguments.photo]).values()
    image = resized(photo, arguments.megapixels)

    # Before anything is connected to what it times; a timer, though, needs Qt to be there.
    stopwatch = Stopwatch()
    viewer = napari.Viewer()
    pulse = Pulse(stopwatch)
    layer = viewer.add_image(image, name="photo", rgb=True)
    _, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster")
    panel.form.method.value = arguments.method
    rest(5)
    panel.run()
    wait_until(lambda: results.of(layer) is not None and not panel.session.is_busy)
    panel.live.setChecked(True)
    wait_until(lambda: not panel.session.is_busy)
    rest(2)

    middle = len(KS) // 2
    jumps = [k for pair in zip(KS[:middle], KS[middle:], strict=False) for k in pair] + [KS[-1]]
    orders = {"step by step": list(KS), "with jumps": jumps}

    shown = []
    results.changed.connect(lambda image: shown.append(time.perf_counter()))
    picture = Picture.fromarray(image)
    live, peer, held = {order: [] for order in orders}, [], []
    rounds = [each for each in orders.items() for _ in range(arguments.repeats)]
    for seed, (order, ks) in enumerate(rounds, start=1):
        # What was shown before would be recalled: with another seed all of k = 2..16 are new. The
        # k that the panel has when the seed changes must be none of them, as it is clustered then.
        panel.form.n_clusters.value = KS.stop + 2
        panel.form.random_state.value = seed
        rest(0.1)
        wait_until(lambda: not panel.session.is_busy)
        for k in ks:
            start = time.perf_counter()
            picture.quantize(k, method=Picture.Quantize.FASTOCTREE)
            peer.append(time.perf_counter() - start)
            rest(0.3)
            shown.clear()
            pulse.longest()
            start = time.perf_counter()
            panel.form.n_clusters.value = k
            wait_until(lambda: shown)
            live[order].append(shown[-1] - start)
            rest(0.3)
            held.append(pulse.longest())

    result = results.of(layer)
    plain = viewer.add_labels(result.labels.data.copy(), name="plain")
    painted = viewer.add_image(result.quantized.data.copy(), name="plain image", rgb=True)
    rest(2)
    napari_held = []
    for _ in range(5):
        pulse.longest()
        painted.data = result.quantized.data.copy()
        plain.data = result.labels.data.copy()
        plain.colormap = result.labels.colormap
        rest(0.5)
        napari_held.append(pulse.longest()[0])
    all_held, own, at_work = np.transpose(held)
    size = f"{image.shape[1]} × {image.shape[0]} pixels, {arguments.method}, k = 2..16"
    rows = []
    for order, seconds in live.items():
        ours, theirs = np.median(seconds), np.median(peer)
        rows.append(
            Row(
                f"live: k changed to both layers new / Pillow FASTOCTREE, {size} {order}",
                "< 0.5",
                f"{ours / theirs:.2f} ({1000 * ours:.0f} / {1000 * theirs:.0f} ms)",
                ours < 0.5 * theirs,
            )
        )
    rows += [
        Row(
            "live: main thread held by our own code, the longest",
            f"≤ {LONGEST} ms",
            f"{own.max():.0f} ms, at work for {at_work.max():.0f} (median {np.median(own):.0f}, "
            f"with napari's redraw {np.median(all_held):.0f}; by napari alone "
            f"{np.median(napari_held):.0f})",
            own.max() <= LONGEST,
        ),
    ]
    print(markdown(rows))
    viewer.close()


if __name__ == "__main__":
    main()

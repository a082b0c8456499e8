"""Stalls of the main thread while a real napari window is used: how long, and in whose code.

    python benchmarks/stalls.py

A timer beats in the main thread; another thread looks at the main thread's stack a hundred times a
second. A look counts for the package of the innermost frame that belongs to one of those below, or
for imports, wherever they are begun. Qt's own painting, which has no frame, counts for its caller.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import napari
import numpy as np
from skimage.data import coffee
from skimage.transform import resize

PACKAGES = ("napari_colorcluster", "napari", "vispy", "matplotlib", "pandas", "pydantic")
BEAT, LOOK = 0.005, 0.01
LONG = 0.05
"""Seconds without a beat from which on it is a stall."""
MOST = 4
"""Stalls of a step that are printed."""


class Watch:
    """Counts what the main thread does while it does not come back to its loop of events."""

    def __init__(self) -> None:
        from qtpy.QtCore import QTimer

        self._main = threading.get_ident()
        self._beats: list[float] = []
        self._looks: list[tuple[float, str, str]] = []
        self._timer = QTimer(interval=round(1000 * BEAT))
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._timer.start()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(LOOK)
            frame = sys._current_frames().get(self._main)
            if frame is not None:
                self._looks.append((time.perf_counter(), *whose(frame)))

    @contextmanager
    def during(self, title: str) -> Iterator[None]:
        """Print the stalls of a step."""
        began = time.perf_counter()
        yield
        beats = np.array([began, *(beat for beat in self._beats if beat >= began)])
        gaps = np.diff(beats)
        long = gaps > LONG
        print(f"\n{title}: {beats[-1] - began:.1f} s, {long.sum()} stalls", end="")
        print(f", the longest {1000 * gaps.max(initial=0):.0f} ms" if long.any() else "")
        stalls = sorted(zip(gaps[long], beats[:-1][long], strict=True), reverse=True)
        for gap, start in stalls[:MOST]:
            looks = [each for each in self._looks if start <= each[0] <= start + gap]
            packages = Counter(package for _, package, _ in looks)
            places = Counter(place for _, package, place in looks if package == PACKAGES[0])
            one = 1000 * gap / max(len(looks), 1)
            parts = ", ".join(f"{name} {one * n:.0f}" for name, n in packages.most_common())
            print(f"  {1000 * gap:5.0f} ms at {start - began:5.2f} s: {parts}")
            for place, n in places.most_common(MOST):
                print(f"{one * n:16.0f} {place}")


def whose(frame: FrameType) -> tuple[str, str]:
    """The package that a stack is in, and the place of its innermost frame of the plugin."""
    package, ours, is_import = "", "", False
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        is_import |= name.startswith("importlib._bootstrap")
        top = name.partition(".")[0]
        if not package and top in PACKAGES:
            package = top
        if not ours and top == "napari_colorcluster":
            ours = f"{name.partition('.')[2]}.{frame.f_code.co_name}:{frame.f_lineno}"
        frame = frame.f_back
    return "imports" if is_import else package or "Qt and the rest", ours


def main() -> None:
    """Use the panel as a person does."""
    from qtpy.QtTest import QTest

    viewer = napari.Viewer()
    viewer.add_image(coffee(), name="coffee")
    QTest.qWait(1000)
    watch = Watch()

    def until_done(more: Callable[[], bool] = lambda: False) -> None:
        QTest.qWait(300)
        while panel.session.is_busy or more():
            QTest.qWait(20)
        QTest.qWait(500)

    with watch.during("Opening the panel"):
        _, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster")
        QTest.qWait(200)
    with watch.during("The first result, at once"):
        panel.button.click()
        until_done()
    with watch.during("The first Try all"):
        panel.sweep_fold.open()
        panel.choose_k.button.click()
        until_done()
    with watch.during("An edit"):
        panel.session.edit(viewer.layers["coffee"], "merge", [1, 2])
        until_done()
    large = np.rint(255 * resize(coffee(), (3000, 4000), order=1)).astype(np.uint8)
    viewer.add_image(large, name="large")
    panel.button.click()
    until_done()
    panel.live.setChecked(True)
    until_done()
    with watch.during("Dragging k at 12 megapixels"):
        for k in (6, 7, 8, 7, 6, 5, 4):
            panel.form.n_clusters.value = k
            QTest.qWait(150)
        until_done()
    panel.live.setChecked(False)
    images = [
        viewer.add_image(np.roll(coffee()[::2, ::2], 10 * number, axis=0), name=str(number))
        for number in range(9)
    ]
    viewer.layers.selection.active = viewer.layers["coffee"]
    QTest.qWait(500)
    with watch.during("A palette for nine images"):
        panel.many.view.apply_requested.emit(images)
        until_done()
    viewer.close()


if __name__ == "__main__":
    main()

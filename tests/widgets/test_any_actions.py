"""Whatever a person does, in whatever order: no error, and nothing of theirs is changed."""

import gc
import threading

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtCore import QEvent, QThreadPool
from qtpy.QtWidgets import QApplication

from napari_colorcluster import SphericalRange
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.support.threads import MOST_THREADS
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session import run
from napari_colorcluster.widgets import ColorClusteringPanel
from napari_colorcluster.widgets.canvas.color_space_view import ColorSpaceView
from napari_colorcluster.widgets.commands import open_panel

N_ACTIONS = 250
"""For each seed; eight seeds make two thousand."""

N_IN_WINDOW = 60
"""In a window each action costs a redraw."""


class Person:
    """Acts at random on a viewer and its panel, and remembers what is theirs."""

    def __init__(self, viewer, panel, photo, seed):
        self.viewer, self.panel, self.photo = viewer, panel, photo
        self.random = np.random.default_rng(seed)
        self.own = {}

    def act(self):
        actions = [name for name in dir(self) if name.startswith("do_")]
        name = str(self.random.choice(actions))
        getattr(self, name)()
        return name

    def image(self):
        return self.panel.form.image.value

    def piece(self):
        height, width = self.random.integers(8, 24, 2)
        top, left = self.random.integers(0, 40, 2)
        return self.photo[top : top + height, left : left + width].copy()

    def keep(self, layer):
        self.own[layer] = pixels(layer)

    def do_add_image(self):
        if len(self.own) < 6:
            name = str(self.random.choice(["photo", "photo clusters", "photo quantized"]))
            piece = self.piece()
            # As an array, lazily, as a stack, and as a pyramid.
            data = [piece, da.from_array(piece, chunks=8), np.stack([piece, piece[::-1]])]
            data.append([piece, piece[::2, ::2]])
            kind = int(self.random.choice(4, p=(0.4, 0.2, 0.2, 0.2)))
            layer = self.viewer.add_image(data[kind], name=name, rgb=True, multiscale=kind == 3)
            self.keep(layer)

    def do_add_labels(self):
        if len(self.own) < 6:
            data = self.random.integers(0, 3, (12, 12)).astype(np.uint8)
            self.keep(self.viewer.add_labels(data, name="photo clusters"))

    def do_remove_a_layer(self):
        if len(self.viewer.layers) > 2:
            layer = self.viewer.layers[int(self.random.integers(len(self.viewer.layers)))]
            self.viewer.layers.remove(layer)
            self.own.pop(layer, None)

    def do_rename(self):
        if len(self.viewer.layers):
            layer = self.viewer.layers[int(self.random.integers(len(self.viewer.layers)))]
            layer.name = str(self.random.choice(["a", "b", "photo"]))

    def do_select(self):
        if len(self.viewer.layers):
            index = int(self.random.integers(len(self.viewer.layers)))
            self.viewer.layers.selection.active = self.viewer.layers[index]

    def do_replace_data(self):
        images = [layer for layer in self.own if isinstance(layer, Image)]
        if images:
            layer = images[int(self.random.integers(len(images)))]
            piece = self.piece()
            layer.data = [piece, piece[::2, ::2]] if layer.multiscale else piece
            self.keep(layer)

    def do_move(self):
        for layer in self.own:
            layer.scale = self.random.uniform(0.5, 2, layer.ndim)

    def do_run(self):
        if self.image() is not None and not self.panel.session.is_busy:
            self.panel.button.click()

    def do_press(self):
        if self.image() is not None:
            self.panel.button.click()

    def do_ask_for_another_k(self):
        self.panel.form.n_clusters.value = int(self.random.integers(2, 9))

    def do_ask_for_another_method(self):
        self.panel.form.method.value = str(self.random.choice(list(METHODS)))

    def do_ask_for_another_space(self):
        self.panel.form.color_space.value = str(self.random.choice(list(COLOR_SPACES)))

    def do_ask_for_another_region(self):
        choices = self.panel.form.region.choices
        if len(choices):
            self.panel.form.region.value = choices[int(self.random.integers(len(choices)))]

    def do_turn_live(self):
        self.panel.live.toggle()

    def do_sweep(self):
        if self.image() is not None and self.random.random() < 0.2:
            self.panel.choose_k.button.click()

    def do_select_rows(self):
        labels = self.labels()
        if labels:
            n = int(self.random.integers(0, len(labels) + 1))
            self.panel.palette.table.select(self.random.choice(labels, n, replace=False).tolist())

    def do_edit(self):
        labels = self.labels()
        if not labels:
            return
        one = int(self.random.choice(labels))
        edits = [
            ("recolor", (one, "#12ab34")),
            ("rename", (one, f"name {self.random.integers(10**9)}")),
            ("absorb", (0.02,)),
            ("represent", (self.random.choice(["mean", "mode", "medoid"]).item(),)),
            ("clean", (int(self.random.integers(1, 6)),)),
        ]
        edits.append(("split", (one, int(self.random.integers(2, 4)))))
        edits.append(("assign", (SphericalRange(self.random.integers(256, size=3).tolist(), 20),)))
        if len(labels) > 2:
            edits.append(("merge", (labels[:2],)))
            edits.append(("set_background", (one,)))
        self.panel.palette.edit_requested.emit(*edits[int(self.random.integers(len(edits)))])

    def do_undo(self):
        self.panel.palette.undo_requested.emit()

    def do_redo(self):
        self.panel.palette.redo_requested.emit()

    def do_pick(self):
        labels = self.labels()
        if labels:
            self.panel.palette.pick(int(self.random.choice(labels)), bool(self.random.integers(2)))

    def do_point(self):
        self.panel.palette.hover(int(self.random.integers(9)))

    def do_copy_the_script(self):
        self.panel.copy_script()

    def do_look_at_the_color_space(self):
        if self.labels() and self.random.random() < 0.3:
            self.panel.show_color_space()

    def do_close_the_color_space(self):
        for view in self.panel.native.findChildren(ColorSpaceView):
            view.close()

    def labels(self):
        result = results.of(self.image())
        return [] if result is None else result.palette.labels.tolist()


ALLOWED = (
    "No pixel",
    "distinct colors",
    "must be at most",
    "not in the palette",
    "No cluster is numbered",
    "nothing to edit",
    "has changed since",
    "has the name",
    "open an RGB image",
    "Only RGB images",
    "No layer is active",
    "single color",
    "None of the colors",
)
"""What a sentence may say: these are of no use to what was asked, and change nothing."""


def pixels(layer):
    """All of a layer's data, in memory."""
    levels = layer.data if getattr(layer, "multiscale", False) else [layer.data]
    return [np.array(level) for level in levels]


@pytest.fixture(autouse=True)
def small_pyramids_are_looked_at_first(monkeypatch):
    monkeypatch.setattr(run, "FIRST_LOOK_PIXELS", 200)


@pytest.fixture(autouse=True)
def all_is_collected():
    """What a test held goes with it: napari looks for windows among what is young only."""
    yield
    gc.collect()


@pytest.fixture
def assert_in_peace(qtbot, told):
    """Check what a person finds and what is left once the panel is gone."""

    def check(person, done):
        for layer, data in person.own.items():
            assert results.source_of(layer) is None
            for one, other in zip(pixels(layer), data, strict=True):
                np.testing.assert_array_equal(one, other)
        unexpected = [text for kind, text in told if kind == "error" and not _allowed(text)]
        told.clear()
        assert not unexpected, done

    return check


def rest(qtbot, panel):
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)


def assert_nothing_is_left(qtbot):
    qtbot.waitUntil(lambda: QThreadPool.globalInstance().activeThreadCount() == 0, timeout=60_000)
    # Threads for loops over colors and pixels are kept, but they do not pile up.
    helpers = [each for each in threading.enumerate() if each.name.startswith("colorcluster")]
    assert len(helpers) <= MOST_THREADS
    # What was asked to be deleted goes in the loop of events: a test is in none.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not [
        each
        for each in QApplication.allWidgets()
        if type(each).__module__.startswith("napari_colorcluster")
    ]


@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_actions_fails_or_touches_what_is_the_users(
    qtbot, assert_in_peace, photo, seed
):
    viewer = ViewerModel()
    panel = ColorClusteringPanel(viewer)
    panel.native.show()
    person = Person(viewer, panel, photo, seed)
    person.do_add_image()
    done = []
    for _ in range(N_ACTIONS):
        done.append(person.act())
        if person.random.random() < 0.5:
            QApplication.processEvents()
        if person.random.random() < 0.2:
            rest(qtbot, panel)
    panel.live.setChecked(False)
    rest(qtbot, panel)
    image = person.image()
    shown = results.of(image)
    if shown is not None and panel.session.history_of(image) is not None:
        assert panel.palette.table.model().sourceModel().palette == shown.palette
    assert_in_peace(person, done)
    panel.native.close()
    panel.native.deleteLater()
    del panel, person
    assert_nothing_is_left(qtbot)


@pytest.mark.parametrize("seed", range(8, 10))
def test_napari_closed_in_the_midst_of_it_leaves_nothing(
    qtbot, make_napari_viewer, assert_in_peace, photo, seed
):
    viewer = make_napari_viewer(show=True)
    person = Person(viewer, open_panel(viewer), photo, seed)
    person.do_add_image()
    done = []
    for _ in range(N_IN_WINDOW):
        done.append(person.act())
        if person.random.random() < 0.5:
            QApplication.processEvents()
    if not person.panel.session.is_busy:
        person.panel.run()
    viewer.close()
    assert_in_peace(person, done)
    del person, viewer
    assert_nothing_is_left(qtbot)


def _allowed(text):
    return any(words in text for words in ALLOWED)

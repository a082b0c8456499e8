"""Whatever a person does, in whatever order: no error, and nothing of theirs is changed."""

import threading

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image
from qtpy.QtWidgets import QApplication

from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.spaces import COLOR_SPACES
from napari_colorcluster.layers.results import results
from napari_colorcluster.widgets import ColorClusteringPanel

N_ACTIONS = 250
"""For each seed; eight seeds make two thousand."""


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
        self.own[layer] = layer.data.copy()

    def do_add_image(self):
        if len(self.own) < 6:
            name = str(self.random.choice(["photo", "photo clusters", "photo quantized"]))
            self.keep(self.viewer.add_image(self.piece(), name=name, rgb=True))

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
            layer.data = self.piece()
            self.keep(layer)

    def do_move(self):
        for layer in self.own:
            layer.scale = self.random.uniform(0.5, 2, 2)

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
            ("restore_means", ()),
            ("clean", (int(self.random.integers(1, 6)),)),
        ]
        if len(labels) > 2:
            edits.append(("merge", (labels[:2],)))
        self.panel.palette.edit_asked.emit(*edits[int(self.random.integers(len(edits)))])

    def do_undo(self):
        self.panel.palette.undo_asked.emit()

    def do_redo(self):
        self.panel.palette.redo_asked.emit()

    def do_pick(self):
        labels = self.labels()
        if labels:
            self.panel.palette.pick(int(self.random.choice(labels)), bool(self.random.integers(2)))

    def do_copy_the_script(self):
        self.panel.copy_script()

    def labels(self):
        result = results.of(self.image())
        return [] if result is None else result.palette.labels.tolist()


ALLOWED = (
    "No pixel",
    "distinct colors",
    "must be at most",
    "not in the palette",
    "There is no label",
    "nothing to edit",
    "has the name",
    "open an RGB image",
    "Only RGB images",
    "No layer is active",
    "single color",
)
"""What a sentence may say: these are of no use to what was asked, and change nothing."""


@pytest.mark.parametrize("seed", range(8))
def test_no_order_of_actions_fails_or_touches_what_is_the_users(qtbot, told, photo, seed):
    viewer = ViewerModel()
    panel = ColorClusteringPanel(viewer)
    qtbot.addWidget(panel.native)
    panel.native.show()
    person = Person(viewer, panel, photo, seed)
    person.do_add_image()
    done = []
    for _ in range(N_ACTIONS):
        done.append(person.act())
        if person.random.random() < 0.5:
            QApplication.processEvents()
        if person.random.random() < 0.2:
            qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.live.setChecked(False)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    for layer, data in person.own.items():
        np.testing.assert_array_equal(layer.data, data)
    for layer in person.own:
        assert results.source_of(layer) is None
    image = person.image()
    shown = results.of(image)
    if shown is not None and panel.session.history_of(image) is not None:
        assert panel.palette.table.model().sourceModel().palette == shown.palette
    unexpected = [text for kind, text in told if kind == "error" and not _allowed(text)]
    told.clear()
    assert not unexpected, done
    panel.native.close()
    panel.session.close()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert not [each for each in threading.enumerate() if each.name.startswith("colorcluster")]


def _allowed(text):
    return any(words in text for words in ALLOWED)

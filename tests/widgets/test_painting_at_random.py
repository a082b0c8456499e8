"""Whatever a person paints and edits, in whatever order: all that is shown tells the same."""

import numpy as np
import pytest

from napari_colorcluster.core.files.results import read_result, write_result
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.saved import saved_result
from napari_colorcluster.widgets.palette.words import share_text

N_ACTIONS = 100
"""For each seed; five seeds make five hundred."""


class Person:
    """Paints, edits and goes back and forth at random, and remembers what is painted."""

    def __init__(self, panel, image, wait, told, seed):
        self.panel, self.image, self.wait, self.told = panel, image, wait, told
        self.random = np.random.default_rng(seed)
        self.done, self.saved, self.read = [], None, None

    @property
    def shown(self):
        return results.of(self.image)

    @property
    def layer(self):
        return self.shown.labels

    def act(self):
        names = [name for name in dir(self) if name.startswith("do_")]
        self.done.append(str(self.random.choice(names)))
        getattr(self, self.done[-1])()
        self.wait()

    def label(self):
        return int(self.random.choice(self.shown.palette.labels))

    def place(self):
        return tuple(int(self.random.integers(size)) for size in self.layer.data.shape)

    def edit(self, name, *arguments):
        self.panel.palette.edit_requested.emit(name, arguments)

    def do_stroke(self):
        self.layer.brush_size = int(self.random.integers(1, 9))
        with self.layer.block_history():
            for _ in range(3):
                self.layer.paint(self.place(), self.label())

    def do_dab(self):
        self.layer.paint(self.place(), self.label())

    def do_erase(self):
        self.layer.paint(self.place(), 0)

    def do_fill(self):
        self.layer.fill(self.place(), self.label())

    def do_polygon(self):
        self.layer.paint_polygon([self.place() for _ in range(4)], self.label())

    def do_set_items(self):
        indices = tuple(self.random.integers(0, size, 9) for size in self.layer.data.shape)
        self.layer.data_setitem(indices, self.label())

    def do_paste(self):
        data = self.layer.data.astype(np.int64)
        row, column = self.place()
        data[row : row + 4, column : column + 4] = self.label()
        self.layer.data = data

    def do_paint_with_no_cluster(self):
        before = self.layer.data.copy()
        self.layer.paint(self.place(), int(self.shown.palette.labels.max()) + 1)
        np.testing.assert_array_equal(self.layer.data, before)
        assert "No cluster is numbered" in self.told.pop()[1]

    def do_undo_in_napari(self):
        self.layer.undo()
        self.hear_what_is_gone()

    def do_redo_in_napari(self):
        self.layer.redo()
        self.hear_what_is_gone()

    def hear_what_is_gone(self):
        """Of strokes with clusters that are gone since, napari undoes nothing."""
        assert all("any more, so napari could not undo" in said for _, said in self.told)
        self.told.clear()

    def do_undo(self):
        self.panel.palette.undo_requested.emit()

    def do_redo(self):
        self.panel.palette.redo_requested.emit()

    def do_merge(self):
        if self.shown.clustering.n_clusters > 2:
            self.edit("merge", self.random.choice(self.shown.palette.labels, 2, replace=False))

    def do_split(self):
        if self.shown.clustering.n_clusters < 9:
            self.edit("split", self.label(), 2)

    def do_rename(self):
        self.edit("rename", self.label(), f"name {self.random.integers(1 << 30)}")

    def do_recolor(self):
        self.edit("recolor", self.label(), f"#{self.random.integers(1 << 24):06x}")

    def do_set_background(self):
        if self.shown.clustering.n_clusters > 2:
            self.edit("set_background", self.label())

    def do_absorb(self):
        self.edit("absorb", float(self.random.uniform(0, 0.1)))

    def do_clean(self):
        self.edit("clean", int(self.random.choice([1, 1, 3, 8])))

    def do_ask_for_another_k(self):
        before = self.shown.segmentation
        self.panel.form.n_clusters.value = int(self.random.integers(2, 8))
        self.wait()
        self.assert_nothing_is_lost_unsaid(before)

    def do_ask_for_another_space(self):
        before = self.shown.segmentation
        self.panel.form.color_space.value = str(self.random.choice(["lab", "rgb", "oklab"]))
        self.wait()
        self.assert_nothing_is_lost_unsaid(before)

    def do_choose_a_row(self):
        label = self.label()
        self.panel.palette.table.select((label,))
        assert self.layer.selected_label == label

    def assert_nothing_is_lost_unsaid(self, before):
        before, made = before.painted_in or before, self.shown.segmentation
        n_before, n = (
            0 if each.overlay is None else each.overlay.n_pixels for each in (before, made)
        )
        assert made is before or n + made.n_dropped == n_before
        assert (made.n_dropped > 0) == ("could not be kept" in self.panel.status.line.news)

    def check(self, path):
        shown, image = self.shown, self.image.data
        labels, palette = self.layer.data, shown.palette
        counts = np.bincount(labels.ravel(), minlength=palette.labels.max() + 1)
        # No label is left that has no row.
        assert counts[1:].sum() == palette.n_pixels
        np.testing.assert_array_equal(palette.pixels, counts[palette.labels])
        features = self.layer.features
        assert dict(zip(features["index"], features["pixels"], strict=True)) == dict(
            zip(palette.labels.tolist(), palette.pixels.tolist(), strict=True)
        )
        view = self.panel.palette
        assert view.table.model().sourceModel().palette == palette
        shares = zip(palette.names, map(share_text, palette.fractions), strict=True)
        said = ", ".join(f"{name} {share}" for name, share in shares)
        assert view.bar.accessibleDescription() == said
        quantized = shown.quantized.data
        np.testing.assert_array_equal(quantized[..., :3], shown.clustering.paint(labels))
        if quantized.shape[-1] == 4:
            np.testing.assert_array_equal(quantized[..., 3], np.where(labels, 255, 0))
        assert self.panel.session.history_of(self.image).present is shown.segmentation
        if shown.segmentation is not self.saved:
            write_result(saved_result(shown.segmentation), path)
            self.saved, self.read = shown.segmentation, read_result(path)
        np.testing.assert_array_equal(self.read.predict(image), labels)


@pytest.mark.parametrize("seed", range(5))
def test_all_that_is_shown_tells_the_same(panel, viewer, photo, qtbot, told, tmp_path, seed):
    viewer.layers.clear()
    image = viewer.add_image(photo[::10, ::10].copy(), name="small", rgb=True)

    def wait():
        if panel.session.is_busy:
            qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=30_000)

    panel.form.n_clusters.value = 5
    panel.live.setChecked(True)
    panel.run()
    wait()
    person = Person(panel, image, wait, told, seed)
    for step in range(N_ACTIONS):
        person.act()
        try:
            person.check(tmp_path / "small.json")
        except AssertionError as error:
            pytest.fail(f"After step {step}, {person.done[-9:]}: {error}")
    assert not told

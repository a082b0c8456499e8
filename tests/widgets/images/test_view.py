"""One palette on many images: ticked and pressed, checked against the engine."""

import dask.array as da
import numpy as np
import pytest
from dask import delayed
from napari.components import ViewerModel
from qtpy.QtCore import QPoint, Qt
from qtpy.QtWidgets import QStyle, QStyleOptionViewItem

import napari_colorcluster as ncc
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.layers.result.provenance import restored
from napari_colorcluster.layers.result.results import results


@pytest.fixture
def viewer(thumbnail, astronaut, told):
    viewer = ViewerModel()
    viewer.add_image(astronaut[::9, ::7], name="person", rgb=True)
    gone = np.dstack([thumbnail[::-1] // 2, np.full(thumbnail.shape[:2], 255, np.uint8)])
    gone[:9, :, 3] = 0
    viewer.add_image(gone, name="dark", rgb=True)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def view(panel, qtbot):
    panel.more_fold.open()
    qtbot.wait(10)
    return panel.many.view


def names(view):
    return [view.list.item(row).text() for row in range(view.list.count())]


def box_of(view, row):
    """Where an item's tick box is."""
    option = QStyleOptionViewItem()
    option.initFrom(view.list)
    option.rect = view.list.visualItemRect(view.list.item(row))
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    return view.list.style().subElementRect(element, option, view.list).center()


def tick(qtbot, view, *ticked):
    for row, name in enumerate(names(view)):
        if name in ticked:
            where = box_of(view, row)
            qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert [image.name for image in view.ticked()] == [
        name for name in names(view) if name in ticked
    ]


def palette(viewer, name):
    return results.of(viewer.layers[name]).palette


def test_the_other_images_are_offered(view, panel, viewer, thumbnail, qtbot):
    assert names(view) == ["person", "dark"]
    assert not view.apply.isEnabled()
    tick(qtbot, view, "dark")
    viewer.add_image(thumbnail, name="new", rgb=True)
    assert names(view) == ["person", "dark", "photo"]
    assert [image.name for image in view.ticked()] == ["dark"]
    viewer.layers.remove("dark")
    assert view.ticked() == []
    viewer.layers["person"].name = "astronaut"
    assert names(view) == ["astronaut", "photo"]


def test_all_or_none_are_ticked_with_one_click(view, qtbot):
    left = QPoint(8, view.all.height() // 2)
    qtbot.mouseClick(view.all, Qt.MouseButton.LeftButton, pos=left)
    assert len(view.ticked()) == 2
    qtbot.mouseClick(view.all, Qt.MouseButton.LeftButton, pos=left)
    assert view.ticked() == []
    tick(qtbot, view, "dark")
    assert view.all.checkState() == Qt.CheckState.PartiallyChecked
    qtbot.mouseClick(view.all, Qt.MouseButton.LeftButton, pos=left)
    assert len(view.ticked()) == 2
    assert view.all.checkState() == Qt.CheckState.Checked


def test_a_palette_is_applied_as_it_is(view, panel, press, viewer, qtbot):
    press()
    photo = viewer.layers["photo"]
    panel.session.edit(photo, "merge", [1, 2])
    panel.session.edit(photo, "rename", 3, "table")
    panel.session.edit(photo, "recolor", 4, "#00ff00")
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    edited = results.of(photo).clustering
    tick(qtbot, view, "person", "dark")
    press(view.apply)
    for name in ("person", "dark"):
        image = viewer.layers[name]
        labels = edited.predict(image.data)
        np.testing.assert_array_equal(viewer.layers[f"{name} clusters"].data, labels)
        np.testing.assert_array_equal(
            viewer.layers[f"{name} quantized"].data[..., :3], edited.paint(labels)
        )
        shown = palette(viewer, name)
        assert (shown.names, shown.hex) == (edited.palette.names, edited.palette.hex)
        counts = np.bincount(labels.ravel(), minlength=6)
        np.testing.assert_array_equal(shown.pixels, counts[shown.labels])
        assert restored(viewer.layers[f"{name} clusters"]) is None
    transparent = viewer.layers["dark quantized"].data[..., 3] == 0
    np.testing.assert_array_equal(transparent, viewer.layers["dark clusters"].data == 0)
    assert transparent.any()


def test_a_color_that_is_absent_has_the_share_0(view, press, viewer, qtbot, thumbnail):
    press()
    one = np.broadcast_to(thumbnail[20, 20], (9, 9, 3))
    viewer.add_image(one, name="one", rgb=True)
    viewer.layers.selection.active = viewer.layers["photo"]
    tick(qtbot, view, "one")
    press(view.apply)
    assert viewer.layers.selection.active is viewer.layers["photo"]
    assert sorted(palette(viewer, "one").pixels.tolist()) == [0, 0, 0, 0, 81]


@pytest.mark.parametrize("method", list(ncc.METHODS))
def test_applied_to_the_same_pixels_it_gives_the_same_labels(
    view, panel, press, viewer, qtbot, thumbnail, method
):
    with panel.form.settings_changed.blocked():
        panel.form.method.value = method
    press()
    viewer.add_image(thumbnail.copy(), name="same", rgb=True)
    viewer.layers.selection.active = viewer.layers["photo"]
    tick(qtbot, view, "same")
    press(view.apply)
    same, photo = viewer.layers["same clusters"].data, viewer.layers["photo clusters"].data
    np.testing.assert_array_equal(same, photo)
    assert palette(viewer, "same") == palette(viewer, "photo")


def test_applying_is_undone_and_edits_stay_with_one_image(view, panel, press, viewer, qtbot):
    press()
    tick(qtbot, view, "person")
    press(view.apply)
    viewer.layers.selection.active = viewer.layers["person"]
    assert "photo" in panel.status.line.state
    before = palette(viewer, "person")
    panel.session.edit(viewer.layers["person"], "merge", [1, 2])
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    merged = palette(viewer, "person")
    one, other = before.row_of(1), before.row_of(2)
    assert merged.pixels[merged.row_of(1)] == before.pixels[one] + before.pixels[other]
    assert merged.n_pixels == before.n_pixels
    assert len(palette(viewer, "photo")) == 5
    panel.session.undo(viewer.layers["person"])
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert palette(viewer, "person") == before


def test_an_image_keeps_its_region(view, panel, press, viewer, qtbot):
    press()
    person = viewer.layers["person"]
    mask = np.zeros(person.data.shape[:2], np.uint8)
    mask[10:40, 20:60] = 1
    viewer.add_labels(mask, name="face")
    ncc.cluster_layer(viewer, person, region={"layer": "face"})
    viewer.layers.selection.active = viewer.layers["photo"]
    tick(qtbot, view, "person")
    press(view.apply)
    assert palette(viewer, "person").n_pixels == mask.sum()
    np.testing.assert_array_equal(viewer.layers["person clusters"].data > 0, mask > 0)


def test_pooled_images_have_their_own_shares(view, panel, press, viewer, qtbot):
    tick(qtbot, view, "person", "dark")
    press(view.pool)
    three = [viewer.layers[name] for name in ("photo", "person", "dark")]
    clustering = results.of(three[0]).clustering
    histograms = [count_colors(image.data) for image in three]
    assert clustering.palette == ncc.cluster_colors(sum(histograms[1:], histograms[0])).palette
    palettes = [results.of(image).palette for image in three]
    weights = np.array([each.n_pixels for each in palettes])
    for image, own in zip(three, palettes, strict=True):
        assert results.of(image).clustering is clustering
        assert own.fractions.sum() == pytest.approx(1, abs=1e-12)
        counts = np.bincount(viewer.layers[f"{image.name} clusters"].data.ravel(), minlength=6)
        np.testing.assert_array_equal(own.pixels, counts[own.labels])
    mean = weights @ [each.fractions for each in palettes] / weights.sum()
    np.testing.assert_allclose(mean, clustering.palette.fractions, rtol=0, atol=1e-12)


def test_pooled_equally_each_image_counts_the_same(view, panel, press, viewer, qtbot):
    view.weights.setCurrentIndex(1)
    tick(qtbot, view, "person")
    press(view.pool)
    shown = [palette(viewer, name).fractions for name in ("photo", "person")]
    pooled = results.of(viewer.layers["photo"]).clustering.palette.fractions
    np.testing.assert_allclose(np.mean(shown, axis=0), pooled, rtol=0, atol=1e-9)


def test_a_pool_of_fewer_colors_than_k_has_each_as_a_cluster(
    view, panel, press, viewer, qtbot, told
):
    for name in ("photo", "dark"):
        viewer.layers[name].data = np.zeros((9, 9, 3), np.uint8)
    tick(qtbot, view, "dark")
    press(view.pool)
    assert told == []
    for name in ("photo", "dark"):
        assert palette(viewer, name).hex == ("#000000",)
    assert panel.status.line.state.endswith(
        "The image has only 1 color, so there is 1 cluster instead of 5."
    )


def test_a_pool_that_fails_names_the_image(view, press, viewer, qtbot, told, thumbnail):
    gone = []

    def read():
        if gone:
            raise OSError("the disk is gone")
        return thumbnail

    lazy = da.from_delayed(delayed(read)(), thumbnail.shape, thumbnail.dtype)
    viewer.layers["dark"].data = lazy
    gone.append(True)
    tick(qtbot, view, "dark")
    press(view.pool)
    ((severity, message),) = told
    assert severity == "error"
    assert message.startswith("In 'dark': Chunk (0, 0) of the image could not be counted")
    told.clear()


def test_clustering_again_makes_a_palette_of_its_own(view, panel, press, viewer, qtbot):
    tick(qtbot, view, "person")
    press(view.pool)
    assert viewer.layers.selection.active is viewer.layers["photo clusters"]
    press()
    result = results.of(viewer.layers["photo"])
    assert result.segmentation.applied is None
    assert result.palette == result.clustering.palette
    assert panel.status.line.state == "k-means, k = 5, CIELAB: 3,196 pixels."


def test_a_script_of_a_palette_of_others_is_refused(view, panel, press, qtbot, told):
    tick(qtbot, view, "person")
    press(view.pool)
    panel.copy_script()
    assert [severity for severity, _ in told] == ["error"]
    assert "photo, person" in told[0][1]
    told.clear()


def test_small_clusters_are_those_small_in_this_image(view, panel, press, viewer, qtbot):
    tick(qtbot, view, "person")
    press(view.pool)
    shown = results.of(viewer.layers["photo"]).palette
    own = results.of(viewer.layers["photo"]).clustering.palette
    limit = float(np.sort(shown.fractions)[1] + 1e-6)
    small = set(shown.labels[shown.fractions < limit].tolist())
    assert small != set(own.labels[own.fractions < limit].tolist())
    panel.palette.edit_requested.emit("absorb", (limit,))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    left = results.of(viewer.layers["photo"]).palette.labels.tolist()
    assert set(left) == set(shown.labels.tolist()) - small


def test_other_layers_stay_as_they_are(view, press, viewer, qtbot, thumbnail):
    user = viewer.add_labels(np.ones((4, 4), int), name="person clusters")
    viewer.layers.selection.active = viewer.layers["photo"]
    tick(qtbot, view, "person")
    press(view.pool)
    np.testing.assert_array_equal(user.data, 1)
    np.testing.assert_array_equal(viewer.layers["photo"].data, thumbnail)
    assert user.metadata == {}


def test_the_fold_fits_a_narrow_dock(view, panel, viewer, qtbot, thumbnail):
    name = "a photo with a name that is much longer than the dock is wide, as files often have"
    viewer.add_image(np.stack([thumbnail] * 2), name=name, rgb=True)
    viewer.layers[name].axis_labels = (name, "y", "x")
    qtbot.wait(10)
    assert view.axes.isVisible()
    assert panel.native.minimumSizeHint().width() <= 300

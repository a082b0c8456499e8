"""Results in the viewer: placed like their image, colored by the palette, updated in place."""

import gc
import json
import weakref

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.utils import DirectLabelColormap
from numba import typed

import napari_colorcluster as ncc
from napari_colorcluster.core.pixels.lookup import label_dtype
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.results import (
    results,
    warm_up_labels,
    warm_up_many_labels,
)
from napari_colorcluster.layers.result.segmentation import Segmentation


@pytest.fixture
def viewer():
    return ViewerModel()


def test_the_two_layers_stand_above_their_image(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    viewer.add_points([[1, 2]], name="spots")
    clustering = ncc.cluster_layer(viewer, "photo", n_clusters=4)
    names = [layer.name for layer in viewer.layers]
    assert names == ["photo", "photo quantized", "photo clusters", "spots"]
    np.testing.assert_array_equal(viewer.layers[1].data, clustering.quantize(thumbnail))
    np.testing.assert_array_equal(viewer.layers[2].data, clustering.predict(thumbnail))
    assert viewer.layers[1].rgb


def test_they_lie_where_their_image_lies(viewer, thumbnail):
    stack = np.stack([thumbnail, thumbnail])
    image = viewer.add_image(
        stack,
        name="photo",
        rgb=True,
        scale=(3, 0.5, 0.25),
        translate=(1, 2, 3),
        rotate=20,
        shear=[0.1, 0.2, 0.3],
        affine=np.diag([1, 2, 2, 1]),
        units=("s", "um", "um"),
        axis_labels=("t", "y", "x"),
    )
    ncc.cluster_layer(viewer, n_clusters=3)
    for name in ("photo quantized", "photo clusters"):
        layer = viewer.layers[name]
        for prop in ("scale", "translate", "rotate", "shear"):
            np.testing.assert_allclose(getattr(layer, prop), getattr(image, prop))
        np.testing.assert_allclose(layer.affine.affine_matrix, image.affine.affine_matrix)
        assert layer.units == image.units
        assert layer.axis_labels == image.axis_labels
        np.testing.assert_allclose(layer.extent.world, image.extent.world)


def test_labels_have_the_colors_of_the_palette(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=4)
    labels = viewer.layers["photo clusters"]
    for label, color in enumerate(clustering.palette.colors, start=1):
        np.testing.assert_allclose(labels.get_color(label), [*(color / 255), 1], atol=1e-6)
    assert labels.get_color(0) is None or labels.get_color(0)[3] == 0


def test_hovering_tells_cluster_hex_and_share(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    palette = ncc.cluster_layer(viewer, n_clusters=4).palette
    labels = viewer.layers["photo clusters"]
    assert viewer.layers.selection.active is labels
    label = int(labels.data[20, 30])
    said = labels.get_status((20, 30))["coordinates"]
    assert f": {label};" in said
    assert f"name: {palette.names[label - 1]}" in said
    assert f"hex: {palette.hex[label - 1]}" in said
    assert f"fraction: {palette.fractions[label - 1]:.3g}" in said
    assert labels.features["index"].tolist() == [1, 2, 3, 4]


def test_labels_with_gaps_have_their_own_colors_and_words(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    edits = [["merge", [2, 3]], ["rename", 2, "bone"], ["set_background", 4]]
    palette = ncc.cluster_layer(viewer, n_clusters=5, edits=edits).palette
    labels = viewer.layers["photo clusters"]
    assert sorted(palette.labels) == [1, 2, 5]
    for label, color in zip(palette.labels, palette.colors, strict=True):
        np.testing.assert_allclose(labels.get_color(label), [*(color / 255), 1], atol=1e-6)
    y, x = np.argwhere(labels.data == 2)[0]
    said = labels.get_status((y, x))["coordinates"]
    assert ": 2;" in said
    assert "name: bone" in said
    quantized = viewer.layers["photo quantized"].data
    np.testing.assert_array_equal(quantized[..., 3], np.where(labels.data == 0, 0, 255))


def test_running_again_updates_the_same_two_layers(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=4)
    layers = list(viewer.layers)
    viewer.layers["photo clusters"].name = "mine now"
    viewer.layers["mine now"].opacity = 0.3
    viewer.layers["mine now"].metadata["note"] = "kept"
    second = ncc.cluster_layer(viewer, n_clusters=2, method="agglomerative")
    assert list(viewer.layers) == layers
    labels = viewer.layers["mine now"]
    np.testing.assert_array_equal(labels.data, second.predict(thumbnail))
    assert labels.opacity == 0.3
    assert labels.metadata["note"] == "kept"
    assert labels.metadata[METADATA_KEY]["settings"] == second.settings
    assert len(labels.features) == 2
    assert results.of(viewer.layers["photo"]).clustering is second


def test_a_layer_of_the_same_name_is_never_touched(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    mine = viewer.add_labels(np.full((47, 68), 7), name="photo clusters")
    also_mine = viewer.add_image(thumbnail.copy(), name="photo quantized", rgb=True)
    for n_clusters in (2, 3):
        ncc.cluster_layer(viewer, "photo", n_clusters=n_clusters)
    assert (mine.data == 7).all()
    np.testing.assert_array_equal(also_mine.data, thumbnail)
    assert len(viewer.layers) == 5


def test_what_the_user_removed_comes_back_alone(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    quantized = viewer.layers["photo quantized"]
    viewer.layers.remove(viewer.layers["photo clusters"])
    ncc.cluster_layer(viewer, "photo", n_clusters=2)
    assert [layer.name for layer in viewer.layers] == ["photo", "photo quantized", "photo clusters"]
    assert viewer.layers["photo quantized"] is quantized


def test_pixels_left_out_show_the_image_below(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    mask = np.zeros(thumbnail.shape[:2], bool)
    mask[:20] = True
    clustering = ncc.cluster_layer(viewer, n_clusters=3, mask=mask)
    quantized = viewer.layers["photo quantized"].data
    np.testing.assert_array_equal(quantized[..., 3], np.where(mask, 255, 0))
    np.testing.assert_array_equal(quantized[mask][:, :3], clustering.quantize(thumbnail)[mask])
    assert not viewer.layers["photo clusters"].data[~mask].any()
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    assert viewer.layers["photo quantized"].data.shape == thumbnail.shape


def test_the_layers_tell_how_they_were_made(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3, color_space="oklab", random_state=4)
    for name in ("photo quantized", "photo clusters"):
        told = json.loads(json.dumps(viewer.layers[name].metadata[METADATA_KEY]))
        assert told["settings"] == clustering.settings
        assert told["versions"]["napari-colorcluster"] == ncc.__version__
        again = ncc.cluster_colors(thumbnail, **told["settings"])
        np.testing.assert_array_equal(again.predict(thumbnail), clustering.predict(thumbnail))


def test_a_lazy_image_stays_lazy(viewer, thumbnail):
    lazy = da.from_array(thumbnail, chunks=(20, 30, 3))
    viewer.add_image(lazy, name="photo", rgb=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    labels = viewer.layers["photo clusters"].data
    assert isinstance(labels, da.Array)
    np.testing.assert_array_equal(labels.compute(), clustering.predict(thumbnail))
    quantized = viewer.layers["photo quantized"].data
    assert isinstance(quantized, da.Array)
    np.testing.assert_array_equal(quantized.compute(), clustering.quantize(thumbnail))


def test_a_pyramid_gives_pyramids(viewer, photo):
    viewer.add_image([photo, photo[::2, ::2]], name="photo", rgb=True, multiscale=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    labels = viewer.layers["photo clusters"]
    assert labels.multiscale
    assert clustering.palette.n_pixels == photo.shape[0] * photo.shape[1]
    np.testing.assert_array_equal(labels.data[1], clustering.predict(photo[::2, ::2]))


def test_a_lazy_pyramid_gives_lazy_pyramids(viewer, photo):
    pyramid = [da.from_array(photo[::step, ::step], chunks=(60, 60, 3)) for step in (1, 2)]
    viewer.add_image(pyramid, name="photo", rgb=True, multiscale=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    for name, expected in (("clusters", clustering.predict), ("quantized", clustering.quantize)):
        data = viewer.layers[f"photo {name}"].data
        assert len(data) == 2
        for step, level in zip((1, 2), data, strict=True):
            assert isinstance(level, da.Array)
            np.testing.assert_array_equal(level.compute(), expected(photo[::step, ::step]))


def test_an_image_that_gains_an_axis_gets_new_layers(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    image.data = np.stack([thumbnail] * 3)
    ncc.cluster_layer(viewer, image, n_clusters=2)
    assert [layer.ndim for layer in viewer.layers] == [3, 3, 3]
    assert [layer.name for layer in viewer.layers] == ["photo", "photo quantized", "photo clusters"]


def test_results_do_not_keep_their_image_alive(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    gone = weakref.ref(viewer.layers["photo"])
    viewer.layers.clear()
    del viewer
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("again", [False, True])
def test_results_follow_an_image_that_moves(viewer, thumbnail, again):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    if again:
        viewer.layers.remove("photo clusters")
        viewer.layers.remove("photo quantized")
    image.translate = (5, 7)
    image.affine = np.diag([2, 3, 1])
    image.units = ("mm", "mm")
    if again:
        ncc.cluster_layer(viewer, image, n_clusters=2)
    for name in ("photo quantized", "photo clusters"):
        layer = viewer.layers[name]
        np.testing.assert_array_equal(layer.translate, (5, 7))
        np.testing.assert_array_equal(layer.affine.affine_matrix, image.affine.affine_matrix)
        assert layer.units == image.units


def test_an_image_that_stays_moves_nothing(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    moved = []
    for name in ("scale", "translate", "rotate", "shear", "affine", "units", "axis_labels"):
        getattr(viewer.layers["photo clusters"].events, name).connect(moved.append)
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    assert moved == []


def test_metadata_tell_the_present_names(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region={"layer": "leaf"})
    leaf.name, viewer.layers["photo"].name = "blade", "picture"
    for name in ("picture clusters", "picture quantized"):
        told = viewer.layers[name].metadata["napari_colorcluster"]
        assert (told["image"], told["region"]["layer"]) == ("picture", "blade")


def test_layers_of_replaced_data_are_hidden_until_they_are_updated(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    made = results.of(image)
    layers = made.labels, made.quantized
    image.gamma = 0.5
    assert all(layer.visible for layer in layers)
    image.gamma = 1
    made.quantized.visible = False
    image.data = thumbnail[::-1].copy()
    assert results.of(image) is None
    assert results.last(image) is made
    assert not made.labels.visible
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    assert results.last(image) is results.of(image)
    # What a person has hidden stays so.
    assert [layer.visible for layer in layers] == [True, False]


def test_an_image_in_two_viewers_has_one_result(viewer, thumbnail):
    other = ViewerModel()
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    other.add_layer(image)
    ncc.cluster_layer(viewer, n_clusters=4)
    assert [layer.name for layer in other.layers] == ["photo"]
    clustering = ncc.cluster_layer(other, image, n_clusters=2)
    assert list(other.layers) == list(viewer.layers)
    np.testing.assert_array_equal(viewer.layers[2].data, clustering.predict(thumbnail))
    viewer.layers.clear()
    ncc.cluster_layer(other, image, n_clusters=3)
    assert [layer.name for layer in other.layers] == ["photo", "photo quantized", "photo clusters"]
    assert len(viewer.layers) == 0


def test_layers_that_do_not_fit_any_more_go_from_all_viewers(viewer, thumbnail):
    other = ViewerModel()
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    other.add_layer(image)
    for each in (viewer, other):
        ncc.cluster_layer(each, image, n_clusters=2)
    image.data = np.stack([thumbnail, thumbnail])
    ncc.cluster_layer(other, image, n_clusters=2)
    assert list(viewer.layers) == [image]
    assert [layer.ndim for layer in other.layers] == [3, 3, 3]


@pytest.mark.parametrize("layers", ["clusters", "quantized"])
def test_one_layer_alone_may_be_added_and_the_other_one_later(viewer, thumbnail, layers):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    shown = Shown.of(image)
    for k in (3, 2):
        made = Segmentation(ncc.cluster_colors(thumbnail, k)).paint(shown.pictures)
        results.show(viewer, image, made, layers=layers)
        assert [layer.name for layer in viewer.layers] == ["photo", f"photo {layers}"]
    results.show(viewer, image, made)
    assert [layer.name for layer in viewer.layers] == ["photo", "photo quantized", "photo clusters"]
    np.testing.assert_array_equal(viewer.layers[1].data, made.quantized[0])
    np.testing.assert_array_equal(viewer.layers[2].data, made.labels[0])
    results.show(viewer, image, made, layers=layers)
    assert len(viewer.layers) == 3


def test_result_layers_follow_the_name_of_their_image(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    viewer.add_points([[1, 2]], name="photo clusters")
    ncc.cluster_layer(viewer, "photo", n_clusters=3)
    result = results.of(image)
    assert result.labels.name == "photo clusters [1]"
    image.name = "leaf"
    assert (result.labels.name, result.quantized.name) == ("leaf clusters", "leaf quantized")
    assert "photo clusters" in viewer.layers
    result.quantized.name = "my picture"
    image.name = "blade"
    assert (result.labels.name, result.quantized.name) == ("blade clusters", "my picture")
    ncc.cluster_layer(viewer, "blade", n_clusters=2)
    assert results.of(image).labels is result.labels
    assert len(viewer.layers) == 4


def test_the_shapes_of_a_region_leave_the_result_to_be_seen(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    shapes = viewer.add_shapes(
        [[[5, 5], [5, 40], [30, 40], [30, 5]]], shape_type="polygon", name="leaf"
    )
    outline = shapes.edge_color.copy()
    assert shapes.face_color[0, 3] > 0
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region={"layer": "leaf"})
    assert shapes.face_color[0, 3] == 0
    np.testing.assert_array_equal(shapes.edge_color, outline)
    assert shapes.editable
    assert shapes.visible
    assert viewer.layers[-1] is shapes
    shapes.add_rectangles([[32, 5], [40, 20]])
    assert shapes.face_color[1, 3] == 0
    # A person who fills them again has a reason.
    shapes.face_color = "red"
    ncc.cluster_layer(viewer, "photo", n_clusters=2, region={"layer": "leaf"})
    assert shapes.face_color[0, 3] == 1


def test_a_region_of_labels_does_not_tint_the_result(viewer, thumbnail):
    viewer.add_image(thumbnail, name="photo", rgb=True)
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region={"layer": "leaf"})
    names = [layer.name for layer in viewer.layers]
    assert names == ["photo", "leaf", "photo quantized", "photo clusters"]
    np.testing.assert_array_equal(leaf.data, drawn)
    assert leaf.visible


def test_all_that_napari_looks_labels_up_in_is_compiled_beforehand(monkeypatch):
    kinds, empty = [], typed.Dict.empty

    class Dict(typed.Dict):
        @classmethod
        def empty(cls, key_type, value_type):
            kinds.append((key_type, value_type))
            return empty(key_type, value_type)

    with monkeypatch.context() as patched:
        patched.setattr("numba.typed.Dict", Dict)
        warm_up_labels()
        warm_up_many_labels()
        warmed = set(kinds)
        kinds.clear()
        for labels in (range(1, 6), range(1, 300), (3, 974)):
            colors = {label: (label / 1000, 0, 0, 1) for label in labels}
            colormap = DirectLabelColormap(color_dict={None: (0, 0, 0, 0), **colors})
            colormap._get_typed_dict_mapping(np.dtype(label_dtype(max(labels))))
    assert len(set(kinds)) == 3
    assert set(kinds) <= warmed

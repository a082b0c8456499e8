"""``cluster_layer``, the console's way in: the same numbers, and nothing changed on bad input."""

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.files.results import write_result
from napari_colorcluster.core.pattern.specks import remove_specks


@pytest.fixture
def viewer(thumbnail):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


def test_it_gives_what_cluster_colors_gives(viewer, thumbnail, assert_identical):
    keywords = {"n_clusters": 4, "method": "agglomerative", "color_space": "rgb"}
    given = ncc.cluster_layer(viewer, **keywords, linkage="average")
    assert_identical(given, ncc.cluster_colors(thumbnail, **keywords, linkage="average"))


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"n_clusters": 0}, "at least 1, got 0"),
        ({"method": "magic"}, "known are 'kmeans', "),
        ({"color_space": "cmyk"}, "'lab', 'oklab', 'rgb'"),
        ({"mask": np.zeros((47, 68), bool)}, "No pixel takes part"),
        ({"mask": np.ones((3, 3), bool)}, "(47, 68), got (3, 3)"),
        ({"linkage": "ward"}, "'linkage' is no option of method 'kmeans'"),
        ({"region": "leaf"}, "A region must be a dict with 'layer'"),
    ],
)
def test_bad_input_changes_nothing(viewer, thumbnail, refused, keywords, said):
    before = list(viewer.layers)
    with refused(said):
        ncc.cluster_layer(viewer, **keywords)
    assert list(viewer.layers) == before
    np.testing.assert_array_equal(viewer.layers[0].data, thumbnail)


def test_of_fewer_colors_each_is_a_cluster_and_a_warning_says_so(thumbnail):
    viewer = ViewerModel()
    small = thumbnail[:3, :5]
    viewer.add_image(small, name="small", rgb=True)
    n_colors = len(np.unique(small.reshape(-1, 3), axis=0))
    with pytest.warns(UserWarning, match=f"only {n_colors} distinct colors"):
        clustering = ncc.cluster_layer(viewer, n_clusters=10**5)
    assert clustering.n_clusters == n_colors
    np.testing.assert_array_equal(viewer.layers["small quantized"].data, small)


def test_bad_input_leaves_an_earlier_result_as_it_was(viewer, refused):
    ncc.cluster_layer(viewer, n_clusters=3)
    labels = viewer.layers["photo clusters"]
    before = labels.data.copy()
    with refused("got -1"):
        ncc.cluster_layer(viewer, n_clusters=-1)
    np.testing.assert_array_equal(labels.data, before)


def test_a_mask_does_not_fit_a_pyramid(thumbnail, refused):
    viewer = ViewerModel()
    viewer.add_image([thumbnail, thumbnail[::2, ::2]], rgb=True, multiscale=True, name="slide")
    with refused("'slide' has 2"):
        ncc.cluster_layer(viewer, mask=np.ones((47, 68), bool))


def test_the_users_image_is_not_changed(viewer, thumbnail):
    before = thumbnail.copy()
    ncc.cluster_layer(viewer, n_clusters="auto")
    assert viewer.layers["photo"].data is thumbnail
    np.testing.assert_array_equal(thumbnail, before)


def test_a_region_may_be_named_as_json_does(viewer, thumbnail):
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:20, 6:30] = 2
    viewer.add_labels(drawn, name="leaf")
    clustering = ncc.cluster_layer(viewer, "photo", n_clusters=3, region={"layer": "leaf"})
    labels = viewer.layers["photo clusters"]
    np.testing.assert_array_equal(labels.data > 0, drawn == 2)
    assert clustering.palette.n_pixels == 16 * 24
    assert labels.metadata["napari_colorcluster"]["region"]["layer"] == "leaf"
    with pytest.raises(ValueError, match="Either a mask or a region"):
        ncc.cluster_layer(viewer, "photo", region={"layer": "leaf"}, mask=drawn > 0)


def test_specks_are_removed_on_request(viewer, thumbnail):
    clustering = ncc.cluster_layer(viewer, "photo", n_clusters=3, min_pixels=20)
    labels = viewer.layers["photo clusters"]
    expected = remove_specks(clustering.predict(thumbnail), 20)
    np.testing.assert_array_equal(labels.data, expected)
    assert labels.features["pixels"].tolist() == [
        np.count_nonzero(expected == label) for label in labels.features["index"]
    ]


@pytest.mark.parametrize("kind", ["overlay", "dict", "file"])
def test_pixels_are_painted_on_the_result(viewer, thumbnail, tmp_path, kind):
    clustering = ncc.cluster_colors(thumbnail, 4)
    overlay = ncc.Overlay.from_pixels(thumbnail.shape[:2], range(70, 200), 3)
    if kind == "file":
        path = tmp_path / "painted.json"
        write_result(ncc.SavedResult(clustering, overlay=overlay), path)
    given = {"overlay": overlay, "dict": overlay.to_dict()}.get(kind) or path
    ncc.cluster_layer(viewer, n_clusters=4, overlay=given)
    expected = overlay.apply(clustering.predict(thumbnail))
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected)


def test_what_was_painted_on_another_image_changes_nothing(viewer, refused):
    with refused("Corrections by hand of an image of shape (3, 3)", "shape (47, 68)"):
        ncc.cluster_layer(viewer, overlay=ncc.Overlay.from_pixels((3, 3), [1], 1))
    assert len(viewer.layers) == 1

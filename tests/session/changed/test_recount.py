"""Pixels that are changed in place: an edit counts them first, and all numbers are of one state."""

import dask.array as da
import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.script import result_script
from napari_colorcluster.session.changed.changes import OUTLINE, PIXELS
from napari_colorcluster.session.changed.recount import Look, recounted
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.session import Session


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    yield session
    session.close()


@pytest.fixture
def image(viewer):
    """A photo whose pixels may be changed."""
    image = viewer.layers["photo"]
    image.data = image.data.copy()
    return image


@pytest.fixture
def do(qtbot, session):
    """Request something, and wait until it is shown."""

    def request_and_wait(request, *arguments, **keywords):
        request(*arguments, **keywords)
        qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)

    return request_and_wait


def assert_of_one_state(image):
    """Compare table and features with the labels layer, pixel by pixel."""
    result = results.of(image)
    counts = np.bincount(result.labels.data.ravel(), minlength=256)
    assert result.palette.pixels.tolist() == counts[result.palette.labels].tolist()
    features = result.labels.features.set_index("index")
    assert features["pixels"].to_dict() == {
        label: int(counts[label]) for label in result.palette.labels.tolist()
    }


@pytest.mark.parametrize(
    "edit",
    [
        ("rename", 2, "bark"),
        ("merge", [1, 2]),
        ("recolor", 1, "#00ff00"),
        ("clean", 6),
        ("absorb", 0.1),
        ("split", 1, 2),
    ],
    ids=lambda edit: edit[0],
)
def test_an_edit_counts_pixels_first_that_were_changed_in_place(session, image, do, edit):
    do(session.cluster, image, 5, Settings())
    hexes = results.of(image).palette.hex
    image.data[:20] = image.data[30:31, :1]
    do(session.edit, image, *edit)
    assert_of_one_state(image)
    assert results.of(image).segmentation.origin == ()
    if edit[0] == "rename":
        assert results.of(image).palette.hex == hexes


def test_undo_counts_them_too(session, image, do):
    do(session.cluster, image, 5, Settings())
    do(session.edit, image, "merge", [1, 2])
    image.data[:20] = 0
    do(session.undo, image)
    assert_of_one_state(image)
    assert len(results.of(image).palette) == 5
    do(session.redo, image)
    assert_of_one_state(image)


def test_a_k_of_a_sweep_counts_them_too(session, image, do):
    do(session.sweep, image, range(2, 4), Settings())
    image.data[:20] = 0
    do(session.show, image, session.tried(image, 3))
    assert_of_one_state(image)


def test_what_was_not_changed_stays_the_very_same(session, image, do):
    do(session.cluster, image, 5, Settings())
    made = results.of(image).segmentation
    assert recounted(made, image, Shown.of(image), Counted(), silent) is made
    image.data[:] = image.data[::-1].copy()
    assert recounted(made, image, Shown.of(image), Counted(), silent) is made
    do(session.edit, image, "rename", 1, "bark")
    assert results.of(image).segmentation.applied is None


def test_clustering_again_makes_the_palette_of_the_pixels_as_they_are(session, image, do):
    do(session.cluster, image, 5, Settings())
    image.data[:20] = 0
    do(session.edit, image, "rename", 1, "bark")
    made = results.of(image).segmentation
    with pytest.raises(ValueError, match="press Cluster first"):
        result_script("photo", made)
    # Live, nothing is forgotten: the counts of before must be gone by themselves.
    do(session.cluster, image, 4, Settings(), live=True)
    assert results.of(image).segmentation.applied is None
    expected = ncc.cluster_colors(image.data, 4).palette
    assert sorted(results.of(image).palette.hex) == sorted(expected.hex)


def test_lazy_values_are_taken_to_stay(viewer, image):
    lazy = viewer.add_image(da.from_array(image.data.copy(), chunks=20), name="lazy", rgb=True)
    ncc.cluster_layer(viewer, "lazy", n_clusters=3)
    made = results.of(lazy).segmentation
    assert recounted(made, lazy, Shown.of(lazy), Counted(), silent) is made


def test_data_that_were_replaced_are_not_edited_unseen(session, image, do, told):
    do(session.edit, image, "merge", [1, 2])
    assert "nothing to edit" in told.pop()[1]
    do(session.cluster, image, 5, Settings())
    image.data = image.data[::-1].copy()
    do(session.edit, image, "merge", [1, 2])
    assert told.pop()[1] == ("'photo' has changed since it was clustered: press Cluster first.")
    assert len(results.last(image).palette) == 5


def test_a_look_finds_what_has_changed_and_no_more(viewer, image):
    drawn = np.zeros(image.data.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    region = Region(leaf).to_dict()
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region=region)

    def look():
        made = results.of(image).segmentation
        return Look(image, Shown.of(image), made).do(silent)

    assert look() == set()
    image.data[:3] = 0  # outside of the leaf
    assert look() == set()
    leaf.translate = (0, 3)
    assert look() == {OUTLINE}
    leaf.translate = (0, 0)
    assert look() == set()
    image.data[10] = 0
    assert look() == {PIXELS}
    leaf.data[:] = 0
    assert look() == {PIXELS, OUTLINE}

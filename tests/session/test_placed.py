"""Masks are found once, and anew when something is drawn or moved."""

import gc
import weakref

import numpy as np
import pytest
from napari.layers import Image, Labels

from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.session.placed import PlacedRegions


@pytest.fixture
def image(thumbnail):
    return Image(thumbnail, rgb=True, name="photo")


@pytest.fixture
def leaf(thumbnail):
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    return Labels(drawn, name="leaf")


def test_masks_are_found_once(image, leaf):
    places = PlacedRegions()
    masks = places.of(Region(leaf), image).masks(image)
    np.testing.assert_array_equal(masks[0], leaf.data > 0)
    assert places.of(Region(leaf), image).masks(image) is masks
    assert places.of(None, image).masks(image) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda image, leaf: leaf.paint((0, 0), 1),
        lambda image, leaf: setattr(leaf, "translate", (3, 4)),
        lambda image, leaf: setattr(leaf, "units", ("mm", "mm")),
        lambda image, leaf: setattr(image, "scale", (2, 2)),
        lambda image, leaf: setattr(image, "data", image.data[::-1].copy()),
    ],
    ids=["paint", "translate", "units", "scale", "data"],
)
def test_what_is_drawn_or_moved_is_heeded(image, leaf, change):
    places, region = PlacedRegions(), Region(leaf)
    placed = places.of(region, image)
    change(image, leaf)
    assert places.of(region, image) is not placed


def test_a_stroke_that_is_undone_is_heeded(image, leaf):
    places, region = PlacedRegions(), Region(leaf)
    before = places.of(region, image).masks(image)[0]
    leaf.paint((0, 0), 1)
    assert places.of(region, image).masks(image)[0].sum() > before.sum()
    leaf.undo()
    np.testing.assert_array_equal(places.of(region, image).masks(image)[0], before)


def test_who_hears_of_the_change_first_gets_the_new_masks(image, leaf):
    places, region, found = PlacedRegions(), Region(leaf), []

    def find(event):
        found.append(places.of(region, image).masks(image)[0])

    image.events.translate.connect(find)
    leaf.events.labels_update.connect(find)
    before = places.of(region, image).masks(image)[0]
    image.translate = (0, 5)
    np.testing.assert_array_equal(found[-1][:, :-5], before[:, 5:])
    moved = found[-1]
    leaf.paint((0, 10), 1)
    assert found[-1].sum() > moved.sum()


def test_another_region_has_other_masks(image, leaf):
    places = PlacedRegions()
    inside = places.of(Region(leaf), image).masks(image)[0]
    outside = places.of(Region(leaf, outside=True), image).masks(image)[0]
    np.testing.assert_array_equal(inside, ~outside)


def test_neither_layer_is_kept_by_it(thumbnail):
    places = PlacedRegions()
    image = Image(thumbnail, rgb=True, name="photo")
    leaf = Labels(np.ones(thumbnail.shape[:2], np.uint8), name="leaf")
    places.of(Region(leaf), image).masks(image)
    gone = weakref.ref(image), weakref.ref(leaf)
    del image, leaf
    gc.collect()  # the image, and what is known of it
    gc.collect()  # the layer of its region
    assert [each() for each in gone] == [None, None]

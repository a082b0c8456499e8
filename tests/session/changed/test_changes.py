"""What has changed since a result was made: all that is asked for otherwise, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Labels

from napari_colorcluster import count_colors
from napari_colorcluster.core.clustering.fitting import cluster_histogram
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied
from napari_colorcluster.session.changed.changes import (
    DATA,
    N_CLUSTERS,
    OUTLINE,
    PIXELS,
    REGION,
    Asked,
    Change,
    changes,
)

PICTURE = np.random.default_rng(0).integers(0, 256, (4, 5, 3), np.uint8)
COLORS = count_colors(PICTURE)
SHOWN = Shown((PICTURE,))
LEAVES = [Labels(np.ones((4, 5), np.uint8), name=name) for name in ("leaf", "stem")]
REGIONS = st.one_of(
    st.none(),
    st.builds(Region, st.sampled_from(LEAVES), st.sampled_from([None, 2]), st.booleans()),
)
SPACES = [name for name, space in COLOR_SPACES.items() if space.lightness_axis is not None]
SETTINGS = st.builds(
    Settings,
    method=st.sampled_from(["kmeans", "agglomerative", "median_cut"]),
    color_space=st.sampled_from(SPACES),
    standardize=st.booleans(),
    lightness_weight=st.sampled_from([0.5, 1.0]),
    random_state=st.integers(0, 2),
    min_alpha=st.sampled_from([0.2, 0.5]),
)
ASKED = st.builds(Asked, st.integers(2, 4), SETTINGS, REGIONS)
LOOKS = st.builds(
    lambda limits, gamma: replace(SHOWN, contrast_limits=limits, gamma=gamma),
    st.sampled_from([None, (0.0, 90.0)]),
    st.sampled_from([1.0, 0.4]),
)


def made_as(asked):
    clustering = cluster_histogram(COLORS, asked.n_clusters, asked.settings)
    return Segmentation(clustering, region=asked.region, n_asked=asked.n_clusters)


def names(found):
    return [each.what for each in found]


@given(ASKED, LOOKS)
def test_nothing_has_changed_of_what_was_made_as_is_asked(asked, look):
    assert changes(made_as(asked), look, look, asked) == ()


@given(ASKED, ASKED, LOOKS, LOOKS)
def test_all_that_differs_is_found_once_with_what_it_is_now(before, asked, then, now):
    found = changes(made_as(before), then, now, asked)
    expected = {}
    for name in ("contrast_limits", "gamma"):
        if getattr(then, name) != getattr(now, name):
            expected[name] = None if name == "contrast_limits" else now.gamma
    for what, name in ((REGION, "region"), (N_CLUSTERS, "n_clusters")):
        if getattr(before, name) != getattr(asked, name):
            expected[what] = getattr(asked, name)
    one, other = before.settings.to_dict(None), asked.settings.to_dict(None)
    options = {*before.settings.options, *asked.settings.options}
    for name in {*one, *other} - options:
        if one.get(name) != other.get(name):
            # What `to_dict` leaves out is the default.
            expected[name] = other.get(name, getattr(Settings, name, None))
    assert len(found) == len(expected)
    assert dict(found) == expected


@given(ASKED, ASKED)
def test_what_is_set_back_has_not_changed(before, asked):
    made = made_as(before)
    changed = changes(made, SHOWN, SHOWN, asked)
    assert bool(changed) == (before != asked)
    assert changes(made, SHOWN, SHOWN, before) == ()


def test_an_option_is_named_where_the_method_has_it():
    before = Asked(3, Settings("agglomerative"), None)
    asked = Asked(3, Settings("agglomerative", options={"linkage": "average"}), None)
    assert changes(made_as(before), SHOWN, SHOWN, asked)[0] == Change("linkage", "average")
    other = Asked(3, Settings("kmeans"), None)
    assert names(changes(made_as(before), SHOWN, SHOWN, other)) == ["method"]


def test_other_arrays_are_other_data_even_with_equal_values():
    asked = Asked(3, Settings(), None)
    now = Shown((PICTURE.copy(),))
    assert names(changes(made_as(asked), SHOWN, now, asked)) == [DATA]
    assert names(changes(made_as(asked), SHOWN, now, asked, (PIXELS, OUTLINE))) == [DATA]


@pytest.mark.parametrize("seen", [(), (PIXELS,), (OUTLINE,), (PIXELS, OUTLINE)])
def test_what_was_seen_in_the_pixels_counts(seen):
    asked = Asked(3, Settings(), Region(LEAVES[0]))
    assert names(changes(made_as(asked), SHOWN, SHOWN, asked, seen)) == list(seen)


def test_the_outline_of_another_region_is_not_spoken_of():
    made = made_as(Asked(3, Settings(), Region(LEAVES[0])))
    asked = Asked(3, Settings(), None)
    assert names(changes(made, SHOWN, SHOWN, asked, (OUTLINE,))) == [REGION]


def test_both_the_k_that_was_asked_for_and_that_of_fewer_colors_hold():
    few = count_colors(np.repeat(np.uint8([[[9, 9, 9], [200, 0, 0]]]), 9, axis=0))
    made = Segmentation(cluster_histogram(few, 5, Settings()), n_asked=5)
    found = [changes(made, SHOWN, SHOWN, Asked(k, Settings(), None)) for k in (2, 3, 5)]
    assert list(map(names, found)) == [[], [N_CLUSTERS], []]


def test_k_does_not_count_where_the_method_finds_it():
    settings = Settings("dbscan")
    made = Segmentation(cluster_histogram(COLORS, None, settings))
    assert changes(made, SHOWN, SHOWN, Asked(None, settings, None)) == ()


def test_of_a_palette_of_other_images_only_the_image_counts():
    clustering = cluster_histogram(COLORS, 3, Settings())
    made = Segmentation(clustering, applied=Applied(COLORS, ("other",)))
    asked = Asked(7, Settings("median_cut"), Region(LEAVES[0]))
    assert changes(made, SHOWN, SHOWN, asked) == ()
    now = replace(SHOWN, gamma=0.4)
    assert changes(made, SHOWN, now, asked, (PIXELS,)) == (Change(PIXELS), Change("gamma", 0.4))


def test_every_method_can_be_compared():
    for name, method in METHODS.items():
        settings = Settings(name)
        k = None if method().finds_n_clusters else 3
        asked = Asked(k, settings, None)
        assert changes(made_as(asked), SHOWN, SHOWN, asked) == ()

"""The sentences about a result, whatever it is."""

from dataclasses import fields, replace
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Labels

from napari_colorcluster import count_colors
from napari_colorcluster.core.clustering.fitting import cluster_histogram
from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.pixels.histogram import ColorHistogram, Excluded
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied
from napari_colorcluster.session.changed.changes import Asked, Change
from napari_colorcluster.widgets.status.words import (
    changed_words,
    dropped_words,
    fit_words,
    lost_words,
    shown_words,
)

PICTURE = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)
LEAF = Labels(np.ones((8, 9), np.uint8), name="leaf")
ASKED = Asked(5, Settings(), None)


@pytest.fixture(scope="module")
def made():
    return Segmentation(cluster_histogram(count_colors(PICTURE), 5, Settings()), n_asked=5)


def words(made, **keywords):
    return shown_words(made, made.palette, **keywords)


def test_the_whole_image(made):
    assert words(made) == "k-means, k = 5, CIELAB: 72 pixels."


def test_a_region_and_what_is_left_out(made):
    counted = count_colors(PICTURE, np.arange(72).reshape(8, 9) < 60)
    inside = replace(
        made,
        clustering=cluster_histogram(counted, 5, Settings()),
        region=Region(LEAF),
        masks=(np.ones((8, 9), bool),),
    )
    assert words(inside) == (
        'k-means, k = 5, CIELAB, inside "leaf": 60 pixels, left out: 12 outside the mask.'
    )
    assert "inside a mask: 60" in words(replace(inside, region=None))


def test_what_a_person_has_done(made):
    edited = made.edited("merge", [1, 2]).edited("rename", 1, "bark")
    assert words(edited) == "k-means, k = 5, CIELAB, 2 edits: 72 pixels."
    cleaned = replace(made.edited("rename", 1, "bark"), min_pixels=6)
    assert ", 1 edit, specks below 6 pixels removed: 72 pixels." in words(cleaned)
    overlay = Overlay.from_pixels((8, 9), np.arange(3), 2)
    assert ", 3 pixels corrected by hand: " in words(replace(made, overlay=overlay))
    assert "hand" not in words(replace(made, overlay=overlay.keeping([1])))


def test_painted_pixels_whose_cluster_is_gone(made):
    none, three = (Overlay.from_pixels((8, 9), np.arange(n), 2) for n in (0, 3))
    painted_in = replace(made, overlay=three)
    assert lost_words(replace(made, overlay=none, painted_in=painted_in)) == (
        "3 pixels corrected by hand could not be kept: their clusters are gone. "
        "Undo brings them back."
    )
    assert not lost_words(painted_in, made)


def test_edits_that_a_run_has_replaced(made):
    merged = made.edited("rename", 1, "bark").edited("merge", [2, 3])
    assert lost_words(made, merged) == "1 edit is not in this result. Undo brings it back."
    more = merged.edited("recolor", 1, "#123456")
    assert lost_words(made, more) == "2 edits are not in this result. Undo brings them back."
    assert not lost_words(merged, more)
    # Runs keep names.
    assert not lost_words(made, made.edited("rename", 1, "bark"))


def test_background_is_told_apart_from_what_is_left_out(made):
    n = int(made.palette.pixels[0])
    assert words(made.edited("set_background", 1)) == (
        f"k-means, k = 5, CIELAB, 1 edit: {72 - n} pixels, {n} as background."
    )


def test_what_is_painted_on_what_was_left_out_is_told_once(made):
    mask = np.arange(72).reshape(8, 9) < 60
    counted = count_colors(PICTURE, mask)
    inside = replace(made, clustering=cluster_histogram(counted, 5, Settings()), masks=(mask,))
    painted = inside.edited("paint", Overlay.from_pixels((8, 9), [0, 70, 71], [0, 1, 2]))
    said = shown_words(painted, painted.paint([PICTURE]).palette)
    assert said.endswith(": 61 pixels, 1 as background, left out: 10 outside the mask.")
    far = made.edited("leave_out_beyond", 20.0)
    labels = far.clustering.predict(PICTURE)
    there, label = np.flatnonzero(labels == 0)[:3], int(far.clustering.row_labels[0])
    again = far.edited("paint", Overlay.from_pixels((8, 9), there, label))
    n = np.count_nonzero(labels) + 3
    said = shown_words(again, again.paint([PICTURE]).palette)
    assert said.endswith(f": {n} pixels, {72 - n} too far from a cluster.")
    alpha = np.dstack([PICTURE, np.where(mask, 255, 0).astype(np.uint8)])
    opaque = Segmentation(cluster_histogram(count_colors(alpha), 5, Settings()))
    seen = opaque.edited("paint", Overlay.from_pixels((8, 9), [70, 71], 1))
    said = shown_words(seen, seen.paint([alpha]).palette)
    assert said.endswith(": 62 pixels, left out: 10 transparent.")


def test_a_k_that_was_found(made):
    clustering = cluster_histogram(made.histogram, None, Settings("dbscan"))
    n = clustering.n_clusters
    assert words(Segmentation(clustering)).startswith(f"DBSCAN, {n} clusters found, CIELAB: ")
    auto = replace(made, n_asked="auto")
    assert words(auto).startswith("k-means, k = 5, ")


def test_calibrated_colors(made, calibration):
    clustering = cluster_histogram(made.histogram, 5, Settings(calibration=calibration))
    assert words(Segmentation(clustering)).startswith("k-means, k = 5, CIELAB, calibrated: ")


def test_a_first_look_says_whether_more_is_coming(made):
    look = replace(made, level=2)
    assert words(look, is_coming=True).endswith("level 2 of the pyramid: the exact shares follow.")
    assert words(look).endswith("level 2 of the pyramid: press Cluster for the exact shares.")


def test_fewer_colors_than_k():
    few = count_colors(np.repeat(np.uint8([[[9, 9, 9], [200, 0, 0]]]), 9, axis=0))
    made = Segmentation(cluster_histogram(few, 5, Settings()), n_asked=5)
    assert words(made) == f"k-means, k = 5, CIELAB: 18 pixels. {made.fewer_colors}"
    assert words(made.edited("rename", 1, "ink")).endswith(": 18 pixels.")


def test_palettes_of_others(made):
    others = replace(made, applied=Applied(made.histogram, ("leaf",)))
    assert words(others) == 'The palette of "leaf", with the shares of this image: 72 pixels.'
    three = replace(made, applied=Applied(made.histogram, ("leaf", "stem", "root")))
    assert 'The palette of "leaf" and 2 more, with' in words(three)
    assert dropped_words("leaf") == 'The palette of "leaf", not applied to an image yet.'


def test_pixels_that_were_counted_again(made):
    again = replace(made, applied=Applied(made.histogram, ()))
    assert words(again).startswith(
        "k-means, k = 5, CIELAB: 72 pixels. The pixels have changed since:"
    )


@given(
    st.integers(1, 10**12),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from(list(METHODS)),
)
def test_all_numbers_are_told_in_a_sentence(n_pixels, masked, transparent, method):
    excluded = Excluded(masked=masked, transparent=transparent)
    histogram = ColorHistogram([[1, 2, 3]], [n_pixels], excluded=excluded)
    k = None if METHODS[method]().finds_n_clusters else 1
    made = Segmentation(cluster_histogram(histogram, k, Settings(method)), n_asked=k)
    said = shown_words(made, Palette([[1, 2, 3]], [n_pixels], ["ink"]))
    assert said.startswith(METHODS[method].title)
    assert said.endswith(".")
    noun = "pixel" if n_pixels == 1 else "pixels"
    assert f": {n_pixels:,} {noun}" in said
    for number, reason in ((masked, "outside the mask"), (transparent, "transparent")):
        assert (f"{number:,} {reason}" in said) == (number > 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("data"), "the image has new data"),
        (Change("pixels"), "the pixels have changed"),
        (Change("contrast_limits"), "the contrast limits have changed"),
        (Change("gamma", 0.4), "gamma is now 0.4"),
        (Change("region"), "the region is now the whole image"),
        (Change("region", Region(LEAF)), 'the region is now inside "leaf"'),
        (Change("outline"), "the region was moved or redrawn"),
        (Change("method", "median_cut"), "the method is now Median cut"),
        (Change("n_clusters", 7), "k is now 7"),
        (Change("color_space", "rgb"), "the color space is now sRGB"),
        (Change("standardize", True), "axes are now standardized"),
        (Change("standardize", False), "axes are no longer standardized"),
        (Change("lightness_weight", 0.5), "the weight of lightness is now 0.5"),
        (Change("random_state", 3), "the seed is now 3"),
        (Change("min_alpha", 0.2), "the min alpha is now 0.2"),
        (Change("calibration"), "colors are no longer calibrated"),
        (Change("white", (1, 2, 3)), "the white point has changed"),
    ],
)
def test_a_change_in_words(change, said):
    assert changed_words([change], ASKED) == f"Out of date: {said}. Press Cluster to update."
    assert changed_words([change], ASKED, asks=False) == f"Out of date: {said}."


def test_no_change_needs_no_words():
    assert changed_words([], ASKED) == ""


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_many_changes_are_told_in_short(n):
    found = [Change("n_clusters", 7), Change("random_state", 3)]
    found += [Change("gamma", 0.4)] * (n - 2)
    said = changed_words(found[:n], ASKED, asks=False)
    parts = {
        1: "k is now 7",
        2: "k is now 7 and the seed is now 3",
        3: "k is now 7, the seed is now 3 and 1 more",
        7: "k is now 7, the seed is now 3 and 5 more",
    }
    assert said == f"Out of date: {parts[n]}."


def test_every_setting_and_every_option_has_words():
    for each in fields(Settings):
        if each.name == "options":
            continue
        now = {"method": "kmeans", "color_space": "lab"}.get(each.name, 1)
        assert changed_words([Change(each.name, now)], ASKED)
    for name, method in METHODS.items():
        asked = Asked(None, Settings(name), None)
        for option in fields(method):
            for now in (option.default, None, 3, 0.5):
                said = changed_words([Change(option.name, now)], asked, asks=False)
                assert said.startswith(f"Out of date: {option.metadata['label']} is ")
                assert "None" not in said


def test_the_fit_is_told_in_two_numbers():
    assert fit_words(Residuals(3.14, 8.25)) == "Mean ΔE2000 3.1, 95% within 8.2."
    assert fit_words(Residuals(nan, nan)) == ""

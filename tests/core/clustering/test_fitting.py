"""Whole clusterings: held against scikit-learn on all pixels, and equal to the bit."""

import json

import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist
from skimage import data
from skimage.color import rgb2lab
from skimage.data import chelsea
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from napari_colorcluster import (
    COLOR_SPACES,
    METHODS,
    Calibration,
    ColorHistogram,
    cluster_colors,
    count_colors,
    read_clustering,
    sweep_clusters,
)
from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.core.support.progress import Cancelled

TAKE_K = [name for name, method in METHODS.items() if not method().finds_n_clusters]
each_method = pytest.mark.parametrize("method", METHODS)
each_that_takes_k = pytest.mark.parametrize("method", TAKE_K)
each_space = pytest.mark.parametrize("space", COLOR_SPACES)

PATCHES = np.array([[200, 30, 40], [20, 160, 70], [250, 240, 200], [0, 0, 90]], np.uint8)


@pytest.fixture
def patches():
    """Four flat colors with shares of 0.4, 0.3, 0.2 and 0.1."""
    return np.repeat(PATCHES, [40, 30, 20, 10], axis=0).reshape(10, 10, 3)


def asked(method, n_clusters):
    """What to ask of a method: no number where it finds the number itself."""
    return n_clusters if method in TAKE_K else None


def sse_of(pixels, labels):
    """Sum over all pixels of the squared distance to the mean of those with their label."""
    pixels, labels = pixels.reshape(-1, 3).astype(float), labels.reshape(-1)
    groups = [pixels[labels == label] for label in np.unique(labels)]
    return sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups)


@pytest.mark.parametrize("n_clusters", [3, 5, 8])
def test_kmeans_is_as_good_as_ten_starts_of_scikit_learn_on_all_pixels(coffee, n_clusters):
    clustering = cluster_colors(coffee, n_clusters, color_space="rgb")
    pixels = coffee.reshape(-1, 3).astype(float)
    best = KMeans(n_clusters, n_init=10, random_state=0).fit(pixels).inertia_
    sse = sse_of(coffee, clustering.predict(coffee))
    assert sse <= 1.001 * best
    assert clustering.inertia == pytest.approx(sse, rel=1e-9)


@pytest.mark.parametrize(
    "stretched", [{"standardize": True}, {"lightness_weight": 0.1}], ids=["standardized", "light"]
)
@pytest.mark.parametrize("n_clusters", [4, 8])
def test_kmeans_is_as_good_in_a_space_in_which_boxes_of_colors_are_long(
    astronaut, stretched, n_clusters
):
    gray = astronaut.mean(axis=2, keepdims=True)
    faded = np.rint(gray + 0.12 * (astronaut - gray)).astype(np.uint8)
    clustering = cluster_colors(faded, n_clusters, color_space="lab", **stretched)
    histogram = clustering.histogram
    points = clustering.partition.space.points(histogram.colors)
    model = KMeans(n_clusters, n_init=5, random_state=0)
    best = model.fit(points, sample_weight=histogram.counts).inertia_
    assert clustering.inertia <= 1.005 * best


def test_few_clusters_come_out_as_good_for_any_seed():
    histogram = count_colors(chelsea())
    stretched = {"color_space": "lab", "standardize": True}
    inertias = [
        cluster_colors(histogram, 3, random_state=seed, **stretched).inertia for seed in range(12)
    ]
    assert max(inertias) <= 1.002 * min(inertias)


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_fractions_are_the_counts_of_the_predicted_labels(request, name):
    image = request.getfixturevalue(name)
    clustering = cluster_colors(image, 6)
    labels, counts = np.unique(clustering.predict(image), return_counts=True)
    assert labels.tolist() == [1, 2, 3, 4, 5, 6]
    assert clustering.palette.pixels.tolist() == counts.tolist()
    assert clustering.palette.fractions.tolist() == (counts / counts.sum()).tolist()


@each_method
@each_space
def test_flat_patches_are_found_with_their_colors_and_shares(patches, method, space):
    clustering = cluster_colors(patches, asked(method, 4), method, space)
    np.testing.assert_array_equal(clustering.palette.colors, PATCHES)
    assert clustering.palette.fractions.tolist() == [0.4, 0.3, 0.2, 0.1]
    assert clustering.inertia == pytest.approx(0, abs=1e-12)
    np.testing.assert_array_equal(clustering.quantize(patches), patches)


@each_method
@each_space
def test_every_method_counts_every_pixel_once_in_every_space(thumbnail, method, space):
    clustering = cluster_colors(thumbnail, asked(method, 4), method, space, standardize=True)
    counts = np.bincount(clustering.predict(thumbnail).ravel())
    assert clustering.palette.pixels.tolist() == counts[1:].tolist()
    assert counts[0] == 0
    assert np.all(np.diff(clustering.palette.pixels) <= 0)


@settings(max_examples=25)
@given(
    colors=arrays(np.uint8, st.tuples(st.integers(1, 30), st.just(3))),
    data=st.data(),
    space=st.sampled_from(list(COLOR_SPACES)),
)
def test_any_colors_with_any_counts_are_parted_into_any_number_of_clusters(colors, data, space):
    distinct = np.unique(colors, axis=0)
    n_colors = len(distinct)
    counts = data.draw(st.lists(st.integers(1, 10**9), min_size=n_colors, max_size=n_colors))
    n_clusters = data.draw(st.integers(1, n_colors))
    histogram = ColorHistogram(distinct, counts)
    clustering = cluster_colors(histogram, n_clusters, color_space=space)
    palette = clustering.palette
    assert set(clustering.labels) == set(range(1, n_clusters + 1))
    assert palette.pixels.tolist() == [
        histogram.counts[clustering.labels == label].sum() for label in range(1, n_clusters + 1)
    ]
    assert palette.pixels.tolist() == sorted(palette.pixels, reverse=True)
    assert palette.fractions.sum() == pytest.approx(1, abs=1e-12)
    assert len(set(palette.names)) == n_clusters


@each_method
def test_the_order_of_pixels_does_not_matter_to_the_bit(thumbnail, method, assert_identical):
    shuffled = np.random.default_rng(0).permutation(thumbnail.reshape(-1, 3))
    assert_identical(
        cluster_colors(thumbnail, 5, method, standardize=True),
        cluster_colors(shuffled, 5, method, standardize=True),
    )


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"n_clusters": 3, "color_space": "oklab", "lightness_weight": 0.3},
        {"n_clusters": "auto", "color_space": "hsv", "standardize": True, "random_state": 7},
        {"n_clusters": 4, "method": "agglomerative", "color_space": "rgb"},
        {"method": "agglomerative", "distance_threshold": 90.5},
        {"n_clusters": 4, "method": "agglomerative", "linkage": "average", "max_colors": 100},
        {"method": "mean_shift"},
        {"n_clusters": None, "method": "mean_shift", "bandwidth": 7.5, "color_space": "rgb"},
        {"method": "dbscan"},
        {"n_clusters": None, "method": "dbscan", "eps": 2, "min_samples": 3},
    ],
)
def test_the_settings_give_the_result_again_to_the_bit(thumbnail, keywords, assert_identical):
    image = thumbnail[::2, ::2]
    clustering = cluster_colors(image, **keywords)
    stored = json.loads(json.dumps(clustering.settings))
    assert stored == clustering.settings
    assert_identical(clustering, cluster_colors(image, **stored))


@each_space
def test_the_number_of_threads_does_not_matter_to_the_bit(
    monkeypatch, photo, space, assert_identical
):
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 3000)
    results = []
    for n_threads in (1, 2, 4):
        monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
        with threadpool_limits(n_threads):
            results.append(cluster_colors(photo, 5, color_space=space, standardize=True))
    assert_identical(results[0], results[1])
    assert_identical(results[0], results[2])


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_dask_gives_what_numpy_gives_to_the_bit(photo, scheduler, assert_identical):
    mask = photo[..., 0] > 60
    chunked = da.from_array(photo, chunks=(50, 70, 2))
    with dask.config.set(scheduler=scheduler):
        lazy = cluster_colors(chunked, 4, mask=da.from_array(mask, chunks=(40, 90)))
    assert_identical(lazy, cluster_colors(photo, 4, mask=mask))


def test_a_histogram_gives_what_its_image_gives(thumbnail, assert_identical):
    histogram = count_colors(thumbnail)
    assert_identical(cluster_colors(histogram, 4), cluster_colors(thumbnail, 4))


def test_two_images_are_clustered_together_by_adding_their_histograms(
    thumbnail, astronaut, assert_identical
):
    face = astronaut[50:150:3, 180:260:3]
    together = np.concatenate([thumbnail.reshape(-1, 3), face.reshape(-1, 3)])
    pooled = count_colors(thumbnail) + count_colors(face)
    assert_identical(cluster_colors(pooled, 5), cluster_colors(together, 5))


def test_a_mask_gives_what_the_cut_out_region_gives(thumbnail):
    mask = np.zeros(thumbnail.shape[:2], bool)
    mask[5:30, 10:50] = True
    masked, cut = cluster_colors(thumbnail, 4, mask=mask), cluster_colors(thumbnail[5:30, 10:50], 4)
    assert masked.palette == cut.palette
    assert masked.histogram.n_excluded == mask.size - 25 * 40


@given(exponent=st.integers(1, 26))
@settings(max_examples=5)
def test_counts_of_a_billion_change_nothing_but_the_scale(thumbnail_histogram, exponent):
    counts = thumbnail_histogram.counts << exponent
    once = cluster_colors(thumbnail_histogram, 5)
    often = cluster_colors(ColorHistogram(thumbnail_histogram.colors, counts), 5)
    np.testing.assert_array_equal(often.labels, once.labels)
    assert often.inertia == once.inertia * 2.0**exponent
    assert often.palette.fractions.tolist() == once.palette.fractions.tolist()


@pytest.fixture(scope="module")
def thumbnail_histogram(thumbnail):
    return count_colors(thumbnail)


def test_one_cluster_is_the_mean_of_all_pixels(thumbnail):
    clustering = cluster_colors(thumbnail, 1, color_space="rgb")
    mean = thumbnail.reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(clustering.centers, [mean])
    np.testing.assert_array_equal(clustering.palette.colors, [np.rint(mean)])
    assert clustering.inertia == pytest.approx(thumbnail.size / 3 * thumbnail.var((0, 1)).sum())


def test_as_many_clusters_as_colors_are_the_colors():
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    clustering = cluster_colors(image, 20)
    assert clustering.inertia == pytest.approx(0, abs=1e-12)
    np.testing.assert_array_equal(clustering.quantize(image), image)


def test_equal_shares_are_ordered_by_color():
    image = np.array([[9, 9, 9], [0, 0, 0], [200, 0, 0], [0, 200, 0]], np.uint8)
    in_order = image[np.argsort(encode(image))]
    assert cluster_colors(image, 4).palette.colors.tolist() == in_order.tolist()


@pytest.mark.parametrize("n_clusters", [1, "auto"])
@each_method
@each_space
@pytest.mark.parametrize("standardize", [False, True])
def test_an_image_of_one_color_is_one_cluster(n_clusters, method, space, standardize):
    image = np.full((5, 6, 3), (12, 34, 56), np.uint8)
    clustering = cluster_colors(image, asked(method, n_clusters), method, space, standardize)
    assert clustering.palette.colors.tolist() == [[12, 34, 56]]
    assert clustering.palette.fractions.tolist() == [1]
    assert clustering.settings["n_clusters"] == asked(method, 1)


@each_that_takes_k
def test_auto_is_the_sweeps_suggestion(patches, method, assert_identical):
    noise = np.random.default_rng(0).integers(0, 5, patches.shape, np.uint8)
    image = np.where(patches > 100, patches - noise, patches + noise)
    sweep = sweep_clusters(image, method=method)
    # A cut at the median goes through groups of other sizes than a half.
    assert sweep.suggested == (3 if method == "median_cut" else 4)
    assert_identical(cluster_colors(image, "auto", method), sweep[sweep.suggested])


def test_standardizing_lets_a_faint_axis_count():
    red = np.repeat([0, 100, 200], 40)
    blue = np.tile([0, 6], 60)
    image = np.stack([red, np.zeros(120), blue], axis=1).astype(np.uint8)
    plain = cluster_colors(image, 2, color_space="rgb")
    standardized = cluster_colors(image, 2, color_space="rgb", standardize=True)
    assert len(np.unique(plain.predict(image)[blue == 0])) == 2
    assert len(np.unique(standardized.predict(image)[blue == 0])) == 1


def test_a_small_lightness_weight_lets_shade_and_light_come_together():
    light = np.repeat([60, 120, 180], 20)
    red = np.stack([light, light // 5, light // 5], axis=1)
    blue = np.stack([light // 5, light // 5, light], axis=1)
    image = np.concatenate([red, blue]).astype(np.uint8)
    labels = cluster_colors(image, 2, lightness_weight=0.01).predict(image)
    assert len(np.unique(labels[:60])) == 1
    assert labels[0] != labels[-1]


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        ({"n_clusters": 0}, ("n_clusters must be an integer of at least 1", "got 0.")),
        ({"n_clusters": -3}, ("n_clusters must be an integer of at least 1", "got -3.")),
        ({"n_clusters": 2.0}, ("n_clusters must be an integer of at least 1", "got 2.0.")),
        ({"n_clusters": None}, ("n_clusters must be an integer of at least 1", "got None.")),
        ({"n_clusters": 3, "method": "dbscan"}, ("'dbscan' finds", "must be None, got 3.")),
        ({"n_clusters": True}, ("n_clusters must be an integer of at least 1", "got True.")),
        ({"n_clusters": "many"}, ("n_clusters must be an integer of at least 1", "got 'many'.")),
        ({"min_alpha": 2}, ("min_alpha must be a number in 0..1, got 2.",)),
        ({"mask": np.zeros((10, 10), bool)}, ("No pixel takes part: all 100 are masked",)),
        ({"mask": np.ones((10, 9), bool)}, ("(10, 10)", "got (10, 9).")),
        ({"mask": np.ones((10, 10, 3), bool)}, ("(10, 10)", "got (10, 10, 3).")),
        ({"method": "median"}, ("Unknown method 'median'", *map(repr, METHODS))),
        ({"color_space": "cmyk"}, ("Unknown color_space 'cmyk'", *map(repr, COLOR_SPACES))),
        ({"colour_space": "lab"}, ("'colour_space' is no option of method 'kmeans'",)),
        ({"color_space": "rgb", "lightness_weight": 2}, ("lightness_weight=2", "'lab', 'oklab'")),
        ({"random_state": -1}, ("random_state must be an integer in 0..2**32 - 1", "got -1.")),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_sentence(patches, refused, keywords, parts):
    with refused(*parts):
        cluster_colors(patches, **keywords)


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        (np.zeros((8, 8, 4), np.uint8), ("all 64 are masked, transparent or not finite",)),
        (np.full((8, 8, 3), np.nan), ("all 64 are masked, transparent or not finite",)),
        (np.zeros((0, 8, 3), np.uint8), ("the image is empty",)),
        (np.zeros((8, 8), np.uint8), ("3 (RGB) or 4 (RGBA) channels", "(8, 8)")),
        (np.full((8, 8, 3), 1.5), ("must lie in [0, 1]", "1.5")),
        (np.zeros((8, 8, 3), complex), ("integer or float type", "complex128")),
        (np.zeros((8, 8, 3), bool), ("integer or float type", "bool")),
        (np.zeros((8, 8, 3), object), ("integer or float type", "object")),
        (np.full((8, 8, 3), -1), ("must not be negative", "-1")),
    ],
)
@pytest.mark.parametrize("n_clusters", [1, "auto"])
def test_an_image_without_colors_to_cluster_is_refused_in_one_sentence(
    refused, image, parts, n_clusters
):
    with refused(*parts):
        cluster_colors(image, n_clusters)


def test_a_mask_with_a_histogram_is_refused(refused, patches):
    with refused("A mask needs an image"):
        cluster_colors(count_colors(patches), 2, mask=np.ones((10, 10), bool))


@pytest.mark.parametrize(
    ("run", "method"),
    [(cluster_colors, method) for method in METHODS] + [(sweep_clusters, each) for each in TAKE_K],
)
def test_a_run_reports_rising_fractions_and_stops_wherever_it_is_cancelled(
    monkeypatch, thumbnail, run, method
):
    # What several threads have done by then is not the same each time.
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", 1)
    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 400)
    image, n_clusters = thumbnail[::2, ::2], asked(method, 3)
    if run is sweep_clusters:
        n_clusters = [2, 3]
    fractions = []
    run(image, n_clusters, method, progress=lambda fraction, what: fractions.append(fraction))
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1

    for last in range(1, len(fractions) + 1, 1 + len(fractions) // 12):
        told = []

        def cancel(fraction, what, told=told, last=last):
            told.append(fraction)
            if len(told) == last:
                raise Cancelled

        with pytest.raises(Cancelled):
            run(image, n_clusters, method, progress=cancel)
        assert told == fractions[:last]


def test_an_impossible_number_is_refused_before_anything_is_counted(refused):
    class Untouchable:
        shape, dtype = (10**6, 10**6, 3), np.dtype(np.uint8)

    with refused("at least 1, got 0"):
        cluster_colors(Untouchable(), 0)


@pytest.mark.parametrize("method", METHODS)
def test_progress_ends_at_1_where_every_color_is_a_cluster(method):
    told = []
    image = np.array([[0, 0, 0], [9, 9, 9], [250, 250, 250]], np.uint8)
    cluster_colors(
        image, asked(method, 3), method, progress=lambda fraction, what: told.append(fraction)
    )
    assert told[-1] == 1


@pytest.mark.parametrize("method", ["kmeans", "agglomerative", "median_cut", "gaussian_mixture"])
def test_of_fewer_colors_than_clusters_each_is_one_and_a_warning_says_so(patches, method):
    said = "The image has only 4 distinct colors, so there are 4 clusters instead of 9."
    with pytest.warns(UserWarning, match=said):
        clustering = cluster_colors(patches, 9, method)
    assert clustering.n_clusters == 4
    np.testing.assert_array_equal(clustering.quantize(patches), patches)
    # The settings give the same without a warning.
    assert cluster_colors(patches, **clustering.settings).palette == clustering.palette


def test_of_one_color_more_clusters_than_one_are_warned_of():
    image = np.full((5, 6, 3), 77, np.uint8)
    with pytest.warns(UserWarning, match=r"only 1 color, so there is 1 cluster instead of 5"):
        clustering = cluster_colors(image)
    assert clustering.palette.hex == ("#4d4d4d",)


@pytest.mark.parametrize(("min_alpha", "n_pixels"), [(0.5, 20), (0, 30), (0.9, 10)])
def test_how_much_alpha_takes_part_is_a_setting_and_holds_for_predictions(min_alpha, n_pixels):
    image = np.zeros((4, 10, 4), np.uint8)
    image[..., 0] = np.arange(40).reshape(4, 10)
    image[..., 3] = np.array([0, 100, 128, 255])[:, np.newaxis]
    clustering = cluster_colors(image, 2, min_alpha=min_alpha)
    assert clustering.settings.get("min_alpha", 0.5) == clustering.min_alpha == min_alpha
    assert clustering.histogram.n_pixels == n_pixels
    assert clustering.histogram.excluded.transparent == 40 - n_pixels
    assert np.count_nonzero(clustering.predict(image)) == n_pixels
    assert np.count_nonzero(np.asarray(clustering.predict(da.from_array(image)))) == n_pixels


BRIGHTER = Calibration("white_balance", ((1.5, 0, 0), (0, 1.5, 0), (0, 0, 1.5)))


@pytest.mark.parametrize("space", ["lab", "rgb", "oklab"])
def test_a_calibrated_clustering_is_one_of_the_calibrated_picture(photo, space, assert_identical):
    clustering = cluster_colors(photo, 4, color_space=space, calibration=BRIGHTER)
    apart = BRIGHTER.apply(photo)
    # But for the 8 bits of the picture, which the clustering does without.
    other = cluster_colors(apart, 4, color_space=space)
    differences = delta_e(clustering.colors, other.colors).min(axis=1)
    assert differences.max() < 0.7
    np.testing.assert_allclose(clustering.palette.fractions, other.palette.fractions, atol=0.01)
    assert clustering.settings["calibration"] == BRIGHTER.to_dict()
    assert_identical(
        cluster_colors(photo, **json.loads(json.dumps(clustering.settings))), clustering
    )


def test_a_clustering_remembers_its_calibration_in_a_file(photo, tmp_path, assert_identical):
    clustering = cluster_colors(photo, 3, calibration=BRIGHTER).merge([1, 2])
    clustering.write(tmp_path / "calibrated.json")
    assert_identical(read_clustering(tmp_path / "calibrated.json"), clustering)


def test_colors_that_a_calibration_makes_equal_are_one_cluster():
    image = np.array([[[250, 250, 250], [255, 255, 255], [0, 0, 0]]], np.uint8)
    with pytest.warns(UserWarning, match="only 2 distinct colors, so there are 2 clusters"):
        clustering = cluster_colors(image, 3, calibration=BRIGHTER)
    assert clustering.predict(image).tolist() == [[1, 1, 2]]
    with pytest.raises(ValueError, match="has a single color and cannot be split"):
        clustering.split(1)


@pytest.mark.parametrize("method", ["kmeans", "agglomerative", "gaussian_mixture"])
def test_stains_are_told_apart_by_optical_density(method):
    image = data.immunohistochemistry()[::4, ::4]
    clustering = cluster_colors(image, 3, method, "od", white=(240, 235, 240))
    assert clustering.settings["white"] == [240, 235, 240]
    assert clustering.n_clusters == 3
    assert cluster_colors(image, **clustering.settings).palette == clustering.palette


def test_a_white_point_needs_a_space_that_asks_for_one(photo, refused):
    with refused("'white' is an option of color space 'od' only, not of 'lab'"):
        cluster_colors(photo, white=(240, 240, 240))


def test_a_method_that_finds_k_warns_of_nothing(patches):
    assert cluster_colors(patches, method="dbscan").n_clusters < 5


def test_components_that_a_mixture_leaves_empty_are_not_taken_for_missing_colors(photo):
    # Such as those of 40: nobody is told that the photo has few colors.
    clustering = cluster_colors(photo, 40, "gaussian_mixture")
    assert clustering.settings["n_clusters"] == 40
    assert clustering.n_clusters <= 40


@pytest.mark.parametrize("weight", [1e-6, 1e6])
def test_an_extreme_weight_of_lightness_leaves_or_takes_all(weight):
    colors = np.random.default_rng(0).integers(0, 256, (60, 3)).astype(np.uint8)
    lab = rgb2lab(colors[np.newaxis])[0]
    axes = lab[:, 1:] if weight < 1 else lab[:, :1]
    found = cluster_colors(colors[np.newaxis], 4, lightness_weight=weight)
    labels = found.predict(colors[np.newaxis])[0]
    means = np.array([axes[labels == label].mean(axis=0) for label in range(1, 5)])
    assert (cdist(axes, means).argmin(axis=1) + 1 == labels).all()

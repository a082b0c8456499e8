"""The result: labels, paint and colors that agree, for any image, and survive a pickle."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import numpy as np
import pytest
from skimage.color import lab2rgb, rgb2lab

from napari_colorcluster import COLOR_SPACES, METHODS, cluster_colors, count_colors
from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.core.support.progress import Cancelled

each_space = pytest.mark.parametrize("space", COLOR_SPACES)


@pytest.fixture(scope="module")
def clustering(photo):
    return cluster_colors(photo, 5)


def test_predicted_labels_are_those_of_the_colors(photo, clustering):
    codes, where = np.unique(encode(photo), return_inverse=True)
    np.testing.assert_array_equal(clustering.histogram.codes, codes)
    np.testing.assert_array_equal(clustering.predict(photo), clustering.labels[where])


@each_space
def test_no_color_is_nearer_to_another_clusters_center(photo, space):
    clustering = cluster_colors(photo, 8, color_space=space)
    points = COLOR_SPACES[space].from_srgb(clustering.histogram.colors)
    distances = np.linalg.norm(points[:, np.newaxis] - clustering.centers, axis=2)
    own = distances[np.arange(len(points)), clustering.labels.astype(int) - 1]
    np.testing.assert_allclose(own, distances.min(axis=1), rtol=1e-9)


@each_space
def test_colors_never_seen_go_to_the_nearest_center(photo, astronaut, space):
    clustering = cluster_colors(photo, 7, color_space=space)
    points = COLOR_SPACES[space].from_srgb(astronaut.reshape(-1, 3))
    distances = np.linalg.norm(points[:, np.newaxis] - clustering.centers, axis=2)
    chosen = clustering.predict(astronaut).reshape(-1, 1).astype(int) - 1
    taken = np.take_along_axis(distances, chosen, axis=1)[:, 0]
    np.testing.assert_allclose(taken, distances.min(axis=1), rtol=1e-9, atol=1e-9)


def test_a_cluster_has_the_mean_color_of_its_pixels_in_rgb(photo):
    clustering = cluster_colors(photo, 4, color_space="rgb")
    labels = clustering.predict(photo)
    means = [photo[labels == label].mean(axis=0) for label in (1, 2, 3, 4)]
    np.testing.assert_allclose(clustering.centers, means)
    np.testing.assert_array_equal(clustering.palette.colors, np.rint(means))


def test_a_cluster_has_the_mean_color_of_its_pixels_in_lab(photo, clustering):
    labels, lab = clustering.predict(photo), rgb2lab(photo)
    means = np.array([lab[labels == label].mean(axis=0) for label in range(1, 6)])
    np.testing.assert_allclose(clustering.centers, means, atol=1e-9)
    np.testing.assert_array_equal(clustering.palette.colors, np.rint(255 * lab2rgb(means)))


@each_space
def test_inertia_is_measured_on_the_scaled_axes(thumbnail, space):
    clustering = cluster_colors(thumbnail, 3, color_space=space, standardize=True)
    pixels = COLOR_SPACES[space].from_srgb(thumbnail.reshape(-1, 3))
    pixels = pixels / pixels.std(axis=0)
    away = pixels - clustering.centers[clustering.predict(thumbnail).ravel().astype(int) - 1]
    assert clustering.inertia == pytest.approx((away**2).sum())


def test_the_quantized_image_is_the_labels_in_the_palettes_colors(photo, clustering):
    labels, quantized = clustering.predict(photo), clustering.quantize(photo)
    np.testing.assert_array_equal(quantized, clustering.palette.colors[labels - 1])
    np.testing.assert_array_equal(quantized, clustering.paint(labels))


def test_what_is_left_out_has_label_0_and_is_black_or_transparent(photo, clustering):
    mask = np.indices(photo.shape[:2]).sum(axis=0) % 3 == 0
    labels = clustering.predict(photo, mask)
    np.testing.assert_array_equal(labels, clustering.predict(photo) * mask)
    np.testing.assert_array_equal(
        clustering.quantize(photo, mask), clustering.quantize(photo) * mask[..., np.newaxis]
    )
    painted = clustering.paint(labels, alpha=True)
    np.testing.assert_array_equal(painted[..., :3], clustering.quantize(photo, mask))
    np.testing.assert_array_equal(painted[..., 3], 255 * mask)


def test_transparent_and_not_finite_pixels_are_left_out_of_a_prediction(thumbnail, clustering):
    image = np.dstack([thumbnail / 255, np.ones(thumbnail.shape[:2])])
    image[0, :5, 3], image[1, :5, 0] = 0, np.nan
    expected = clustering.predict(thumbnail)
    expected[:2, :5] = 0
    np.testing.assert_array_equal(clustering.predict(image), expected)


@pytest.mark.parametrize(
    "version",
    [
        lambda image: image / 255,
        lambda image: (image / 255).astype(np.float32),
        lambda image: image.astype(np.uint16) * 257,
        lambda image: image[:, ::-1].copy()[:, ::-1],
        np.asfortranarray,
    ],
    ids=["float64", "float32", "uint16", "negative strides", "fortran"],
)
def test_an_image_is_labeled_the_same_in_any_type_and_layout(photo, clustering, version):
    np.testing.assert_array_equal(clustering.predict(version(photo)), clustering.predict(photo))


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_a_dask_image_gives_lazy_results_equal_to_numpys(photo, clustering, scheduler):
    chunked = da.from_array(photo, chunks=(50, 70, 2))
    mask = photo[..., 0] > 60
    labels, quantized = clustering.predict(chunked, mask), clustering.quantize(chunked, mask)
    assert isinstance(labels, da.Array)
    assert isinstance(quantized, da.Array)
    with dask.config.set(scheduler=scheduler):
        np.testing.assert_array_equal(labels.compute(), clustering.predict(photo, mask))
        np.testing.assert_array_equal(quantized.compute(), clustering.quantize(photo, mask))


def test_threads_that_predict_at_once_agree(thumbnail, astronaut):
    clustering = cluster_colors(thumbnail, 6)
    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(clustering.predict, [astronaut] * 4))
    expected = cluster_colors(thumbnail, 6).predict(astronaut)
    for labels in several:
        np.testing.assert_array_equal(labels, expected)


@pytest.mark.parametrize(("n_clusters", "dtype"), [(255, np.uint8), (256, np.uint16)])
def test_labels_beyond_255_are_uint16(n_clusters, dtype):
    reds, greens = np.divmod(np.arange(n_clusters), 16)
    colors = np.stack([13 * reds, 15 * greens, np.full(n_clusters, 80)], axis=1)
    image = np.repeat(colors.astype(np.uint8), 2, axis=0)[np.newaxis]
    clustering = cluster_colors(image, n_clusters)
    labels = clustering.predict(image)
    assert labels.dtype == clustering.labels.dtype == dtype
    assert np.unique(labels).tolist() == list(range(1, n_clusters + 1))
    np.testing.assert_array_equal(clustering.quantize(image), image)


@each_space
@pytest.mark.parametrize("method", METHODS)
def test_a_pickled_clustering_predicts_the_same(
    thumbnail, astronaut, method, space, assert_identical
):
    n_clusters = None if METHODS[method]().finds_n_clusters else 3
    clustering = cluster_colors(thumbnail, n_clusters, method, space)
    labels = clustering.predict(astronaut)
    pickled = pickle.dumps(clustering)
    again = pickle.loads(pickled)
    assert_identical(again, clustering)
    np.testing.assert_array_equal(again.predict(astronaut), labels)
    assert len(pickled) < 1_000_000


def test_a_clustering_cannot_be_changed(clustering):
    with pytest.raises(AttributeError):
        clustering.inertia = 0
    for array in (clustering.labels, clustering.centers):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_prediction_that_was_cancelled_can_be_made_again(photo, astronaut):
    def cancel(fraction, what):
        raise Cancelled

    clustering = cluster_colors(photo, 4)
    with pytest.raises(Cancelled):
        clustering.predict(astronaut, progress=cancel)
    np.testing.assert_array_equal(
        clustering.predict(astronaut), cluster_colors(photo, 4).predict(astronaut)
    )


@pytest.mark.parametrize("name", ["predict", "quantize"])
def test_an_image_that_cannot_be_labeled_is_refused(refused, clustering, name):
    with refused("3 (RGB) or 4 (RGBA) channels", "(20, 30)"):
        getattr(clustering, name)(np.zeros((20, 30), np.uint8))


def test_a_clustering_knows_its_number_of_clusters_and_its_histogram(photo, clustering):
    assert clustering.n_clusters == 5
    assert clustering.settings["n_clusters"] == len(clustering.palette) == 5
    assert clustering.histogram == count_colors(photo)


@pytest.mark.parametrize("wrap", [np.asarray, da.asarray])
def test_only_integers_are_painted(thumbnail, refused, wrap):
    with refused("Labels must be integers, got float64"):
        cluster_colors(thumbnail, 2).paint(wrap([[1.5, 2.0]]))

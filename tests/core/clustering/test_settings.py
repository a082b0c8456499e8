"""What a user may ask of a clustering, and the one sentence that what is not allowed gets."""

import json
from dataclasses import fields

import numpy as np
import pytest

from napari_colorcluster import COLOR_SPACES, METHODS
from napari_colorcluster.core.clustering.settings import Settings, check_n_clusters


def test_the_defaults_are_the_first_method_and_the_first_space():
    settings = Settings()
    assert settings.method == next(iter(METHODS)) == "kmeans"
    assert settings.color_space == next(iter(COLOR_SPACES)) == "lab"


@pytest.mark.parametrize("value", ["k-means", "KMEANS", "", None, 3, ["kmeans"]])
def test_an_unknown_method_is_refused_with_those_known(refused, value):
    with refused(f"Unknown method {value!r}", *map(repr, METHODS)):
        Settings(method=value)


@pytest.mark.parametrize("value", ["cielab", "RGB", None])
def test_an_unknown_space_is_refused_with_those_known(refused, value):
    with refused(f"Unknown color_space {value!r}", *map(repr, COLOR_SPACES)):
        Settings(color_space=value)


@pytest.mark.parametrize("value", [-1, 2**32, 1.0, True, np.True_, "0", None])
def test_a_bad_seed_is_refused_with_the_range(refused, value):
    with refused("random_state must be an integer in 0..2**32 - 1", f"got {value!r}."):
        Settings(random_state=value)


@pytest.mark.parametrize("value", [0, -1.5, float("nan"), float("inf"), 1e200, "1", None, 1j])
def test_a_bad_lightness_weight_is_refused_with_the_range(refused, value):
    with refused("a number greater than 0 and up to 1,000,000", f"got {value!r}."):
        Settings(lightness_weight=value)


@pytest.mark.parametrize("space", ["rgb", "linear_rgb", "hsv"])
def test_a_lightness_weight_without_a_lightness_is_refused_with_the_spaces_that_have_one(
    refused, space
):
    with refused("lightness_weight=0.5", "'lab', 'oklab'", f"got {space!r}."):
        Settings(color_space=space, lightness_weight=0.5)
    assert Settings(color_space=space, lightness_weight=1.0).lightness_weight == 1


def test_an_unknown_option_is_refused_with_the_methods_own(refused):
    with refused("'n_starts' is no option of method 'kmeans'", "which has 'effort'."):
        Settings(options={"n_starts": 3})
    with refused("'n_starts' is no option of method 'median_cut'", "which has none."):
        Settings("median_cut", options={"n_starts": 3})


@pytest.mark.parametrize("value", [0, -1, 2.0, True, np.True_, "3", None, np.float64(3), [2]])
def test_a_number_of_clusters_that_is_no_positive_integer_is_refused(refused, value):
    with refused("n_clusters must be an integer of at least 1", f"got {value!r}."):
        check_n_clusters(value, 100)


@pytest.mark.parametrize("n_colors", [1, 12_345])
def test_there_are_no_more_clusters_than_colors(n_colors):
    assert check_n_clusters(n_colors + 1, n_colors) == n_colors
    assert check_n_clusters(n_colors, n_colors) == n_colors


def test_more_clusters_than_a_labels_image_can_hold_are_refused(refused):
    with refused("n_clusters must be at most 65,535", "got 65,536."):
        check_n_clusters(65_536, 100_000)
    assert check_n_clusters(65_535, 100_000) == 65_535


@pytest.mark.parametrize("method", METHODS)
def test_numpy_scalars_become_what_json_can_hold_and_the_options_are_written_out(method):
    settings = Settings(
        method=method,
        standardize=np.True_,
        lightness_weight=np.float32(0.5),
        random_state=np.int64(7),
    )
    written = settings.to_dict(check_n_clusters(np.uint8(4), 9))
    assert json.loads(json.dumps(written)) == written
    options = {option.name: written.pop(option.name) for option in fields(METHODS[method])}
    assert written.pop("n_clusters") == 4
    assert Settings(**written, options=options) == settings


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        Settings().method = "agglomerative"

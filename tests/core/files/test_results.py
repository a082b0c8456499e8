"""A whole result in a file gives the same labels again, with the image alone."""

import json

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.files.results import SavedResult, read_result, write_result
from napari_colorcluster.core.pattern.specks import remove_specks


@pytest.fixture
def clustering(thumbnail):
    mask = np.ones(thumbnail.shape[:2], bool)
    mask[:20, :9] = False
    return ncc.cluster_colors(thumbnail, 4, mask=mask).rename(2, "bone"), mask


@pytest.fixture
def written(clustering, tmp_path):
    clustering, mask = clustering
    overlay = Overlay.from_pixels(mask.shape, np.arange(0, 900, 3), np.arange(300) % 5)
    region = {"layer": "leaf", "label": None, "outside": True}
    result = SavedResult(clustering, region, 6, overlay, mask)
    write_result(result, tmp_path / "leaf.json")
    return result, tmp_path / "leaf.json"


def test_all_of_it_comes_back(written, assert_identical, thumbnail):
    result, path = written
    read = read_result(path)
    assert_identical(read.clustering, result.clustering)
    assert (read.region, read.min_pixels, read.overlay) == (result.region, 6, result.overlay)
    np.testing.assert_array_equal(read.mask, result.mask)
    expected = remove_specks(result.clustering.predict(thumbnail, result.mask), 6)
    expected = result.overlay.apply(expected)
    np.testing.assert_array_equal(read.predict(thumbnail), expected)


def test_others_read_the_clustering_and_the_palette(written, assert_identical):
    result, path = written
    assert_identical(ncc.read_clustering(path), result.clustering)
    assert ncc.read_palette(path) == result.clustering.palette


def test_a_clustering_alone_is_a_result_without_corrections(clustering, thumbnail, tmp_path):
    clustering, _ = clustering
    clustering.write(tmp_path / "alone.json")
    read = read_result(tmp_path / "alone.json")
    assert (read.region, read.min_pixels, read.overlay, read.mask) == (None, 1, None, None)
    np.testing.assert_array_equal(read.predict(thumbnail), clustering.predict(thumbnail))
    write_result(read, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "alone.json").read_bytes()


def test_painted_pixels_are_not_laid_over_another_image(clustering, thumbnail, refused):
    overlay = Overlay.from_pixels(thumbnail.shape[:2], range(70, 200), 3)
    result = SavedResult(clustering[0], overlay=overlay)
    # A smaller one is no coarser level: it was taken as such, and painted where nothing was meant.
    for other in (thumbnail[::2, ::2], np.tile(thumbnail, (2, 1, 1))):
        with refused(f"image of shape (47, 68) do not fit one of shape {other.shape[:2]}"):
            result.predict(other)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region": "leaf"}, "\"region\" must be a dict, got 'leaf'"),
        ({"min_pixels": 0}, '"min_pixels" must be an integer of at least 1, got 0'),
        ({"min_pixels": True}, '"min_pixels" must be an integer of at least 1, got True'),
        ({"overlay": []}, "need the shape of their image, got []"),
        ({"mask": {"shape": [2, 2], "runs": [[0, 3, 1]]}}, "must end with its row of 2 pixels"),
        ({"clustering": None}, "it holds a palette but no clustering"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_name(written, refused, change, said):
    _, path = written
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}), "utf-8")
    with refused("Cannot read 'leaf.json': ", said):
        read_result(path)

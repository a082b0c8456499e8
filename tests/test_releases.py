"""What each release has saved is read by all later ones, with the same colors, names and labels."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

import napari_colorcluster as ncc
from napari_colorcluster.core.files.label_tiffs import read_label_tiff

RELEASES = sorted((Path(__file__).parent / "data" / "releases").iterdir())


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def release(request):
    """The folder of a release."""
    return request.param


@pytest.fixture
def expected(release):
    """What its files hold, as was stated when they were written."""
    return json.loads((release / "expected.json").read_text("utf-8"))


@pytest.fixture
def labels(release):
    """The labels of its image by each of its clusterings."""
    with np.load(release / "labels.npz") as stored:
        return dict(stored)


@pytest.fixture
def image(release):
    return np.asarray(Image.open(release / "image.png"))


def rows(palette):
    columns = (palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist())
    return [list(row) for row in zip(*columns, strict=True)]


def test_clusterings_are_read(release, expected, labels, image):
    assert {*expected["clusterings"], "corrected"} == {*labels}
    assert len(expected["clusterings"]) > 1
    for name, palette in expected["clusterings"].items():
        clustering = ncc.read_clustering(release / f"{name}.colors.json")
        assert rows(clustering.palette) == palette, name
        np.testing.assert_array_equal(clustering.predict(image), labels[name], name)
        assert rows(ncc.read_palette(release / f"{name}.colors.json")) == palette


def test_results_with_a_region_and_painted_pixels_are_read(release, labels, image):
    result = ncc.read_result(release / "corrected.colors.json")
    assert result.region == {"layer": "cup"}
    np.testing.assert_array_equal(result.predict(image), labels["corrected"])
    assert (labels["corrected"] != labels["edited"]).any()


def test_palettes_of_all_formats_are_read(release, expected):
    names = {f"palette{suffix}" for suffix in expected["palettes"]}
    assert names == {path.name for path in release.glob("palette.*")}
    for suffix, palette in expected["palettes"].items():
        read = ncc.read_palette(release / f"palette{suffix}")
        assert rows(read) == palette, suffix
        assert list(read.hex) == [row[2] for row in expected["clusterings"]["edited"]]


def test_calibrations_are_read(release, expected):
    calibration = ncc.read_calibration(release / "calibration.json")
    before, after = (np.uint8([expected["calibration"][what]]) for what in ("from", "to"))
    np.testing.assert_array_equal(calibration.apply(before), after)
    assert (before != after).any()


def test_label_images_are_read_with_their_palette(release, expected, labels):
    path = release / "labels.tif"
    np.testing.assert_array_equal(tifffile.imread(path), labels["edited"])
    assert rows(read_label_tiff(path).palette) == expected["clusterings"]["edited"]

"""The painted samples: what is said to be true of them is, and is found by clustering."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.files.samples.load import SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_the_palette_is_that_of_the_labels(name):
    sample = ncc.load_sample(name)
    assert sample.image.dtype == np.uint8
    assert sample.image.shape == (*sample.labels.shape, 3)
    assert len(sample.axis_labels) == sample.labels.ndim
    assert (sample.palette.pixels > 0).all()
    for label, color, pixels in zip(
        sample.palette.labels, sample.palette.colors, sample.palette.pixels, strict=True
    ):
        inside = sample.image[sample.labels == label]
        assert len(inside) == pixels
        np.testing.assert_allclose(inside.mean(axis=0), color, atol=0.5)


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_the_same_each_time(name):
    np.testing.assert_array_equal(ncc.load_sample(name).image, ncc.load_sample(name).image)


def test_an_unknown_name_is_refused(refused):
    with refused("name must be one of 'painted patches', 'beetle'", "got 'tulip'"):
        ncc.load_sample("tulip")


@pytest.mark.parametrize("severity", [0, 0.02, 0.15, 0.6])
def test_a_leaf_is_as_diseased_as_it_was_asked_to_be(severity):
    sample = ncc.load_sample("leaf", severity=severity, random_state=4)
    n_pixels = np.bincount(sample.labels.ravel(), minlength=4)
    assert n_pixels[2:].sum() == round(severity * n_pixels[1:].sum())
    assert 0 <= n_pixels[2] - n_pixels[3] <= 1


@pytest.mark.parametrize("severity", [-0.1, 0.7, float("nan")])
def test_a_severity_out_of_range_is_refused(severity, refused):
    with refused(f"severity must be from 0 to 0.6, got {severity}"):
        ncc.load_sample("leaf", severity=severity)


def test_leaves_of_other_numbers_differ():
    one, other = (ncc.load_sample("leaf", random_state=n) for n in (1, 2))
    assert (one.labels != other.labels).mean() > 0.02


def test_the_disease_of_a_leaf_is_found_by_its_colors():
    sample = ncc.load_sample("leaf")
    found = ncc.cluster_colors(sample.image, 5).predict(sample.image)
    # Each cluster is what most of it is.
    truth = np.zeros((6, 4), np.int64)
    np.add.at(truth, (found.ravel(), sample.labels.ravel()), 1)
    named = truth.argmax(axis=1)[found]
    share = np.isin(named, [2, 3]).sum() / (named > 0).sum()
    assert share == pytest.approx(0.15, abs=0.02)
    assert (named == sample.labels).mean() > 0.97


def test_the_parts_of_the_beetle_are_found_by_their_colors():
    sample = ncc.load_sample("beetle")
    found = ncc.cluster_colors(sample.image, mask=sample.labels > 0, n_clusters=3)
    distances = np.linalg.norm(
        found.palette.colors[:, None].astype(float) - sample.palette.colors, axis=-1
    )
    assert sorted(distances.argmin(axis=1)) == [0, 1, 2]
    assert distances.min(axis=1).max() < 40


def test_tomatoes_ripen_from_green_to_red():
    sample = ncc.load_sample("ripening")
    shares = np.array([np.bincount(day.ravel(), minlength=4)[1:] for day in sample.labels])
    assert (np.diff(shares[:, 0]) <= 0).all()
    assert (np.diff(shares[:, 2]) >= 0).all()
    assert shares[0, 0] / shares[0].sum() > 0.98
    assert shares[-1, 2] / shares[-1].sum() > 0.95


def test_the_card_tells_the_true_colors():
    sample = ncc.load_sample("leaf with card")
    calibration = ncc.Calibration.from_card(sample.image, sample.corners)
    assert calibration.delta_e < 0.5
    before = np.abs(sample.image.astype(float) - sample.true_image).mean()
    after = np.abs(calibration.apply(sample.image).astype(float) - sample.true_image).mean()
    assert before > 20
    assert after < 1


def test_by_that_card_other_photos_in_the_same_light_are_calibrated():
    card = ncc.load_sample("leaf with card")
    calibration = ncc.Calibration.from_card(card.image, card.corners)
    photo = ncc.load_sample("leaf", random_state=3, lamp=True)
    true = ncc.load_sample("leaf", random_state=3).image
    np.testing.assert_array_equal(photo.true_image, true)
    assert np.abs(calibration.apply(photo.image).astype(float) - true).mean() < 1

"""Calibrations that are requested: those of the library, and steps that can be undone."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.requests.calibration_requests import CardRequest, GrayRequest
from napari_colorcluster.session.session import Session

CARD = find_card("ColorChecker Classic")


@pytest.fixture
def scene(see_card, random_camera):
    rng = np.random.default_rng(11)
    return see_card(random_camera(rng), rng)


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    session.heard = []
    session.calibrated.connect(session.heard.append)
    yield session
    session.close()


@pytest.fixture
def wait(qtbot, session):
    return lambda: qtbot.waitUntil(lambda: not session.is_busy, timeout=60_000)


def test_a_card_in_a_plane_of_a_stack_is_fitted(viewer, session, wait, scene):
    stack = np.stack([np.zeros_like(scene.image), scene.image])
    image = viewer.add_image(stack, name="stack", rgb=True)
    session.submit(CardRequest(image, Plane((1, 2), ((0, 1),)), scene.corners, CARD))
    wait()
    assert session.heard == [ncc.Calibration.from_card(scene.image, scene.corners)]


def test_a_card_is_measured_as_napari_shows_it(viewer, session, wait, scene):
    dark = scene.image.astype(np.uint16) * 16
    image = viewer.add_image(dark, name="12 bits", rgb=True, contrast_limits=(0, 255 * 16))
    session.submit(CardRequest(image, Plane((0, 1)), scene.corners, CARD))
    wait()
    assert session.heard == [ncc.Calibration.from_card(scene.image, scene.corners)]


def test_a_gray_patch_is_balanced_and_stays_as_light(viewer, session, wait):
    patch = np.full((30, 30, 3), (120, 100, 90), np.uint8)
    patch[:, 20:] = 255
    image = viewer.add_image(patch, name="patch", rgb=True)
    session.submit(GrayRequest(image, Plane((0, 1)), np.array([15, 10])))
    wait()
    [calibration] = session.heard
    balanced = calibration.apply(patch)[15, 10].astype(int)
    assert np.ptp(balanced) <= 1
    linear = ((np.array([120, 100, 90]) / 255 + 0.055) / 1.055) ** 2.4
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    assert abs(balanced.mean() / 255 - (1.055 * luminance ** (1 / 2.4) - 0.055)) < 1 / 255


def test_what_cannot_be_fitted_is_told(viewer, session, wait, told):
    image = viewer.layers["photo"]
    corners = np.array([[0, 0], [0, 0], [5, 5], [5, 0]])
    session.submit(CardRequest(image, Plane((0, 1)), corners, CARD))
    wait()
    [(severity, message)] = told
    told.clear()
    assert severity == "error"
    assert message.startswith("corners must be those of a convex quadrilateral")
    assert session.heard == []


def test_a_run_of_colors_calibrated_in_another_way_can_be_undone(
    viewer, session, wait, calibration, assert_identical, thumbnail
):
    image = viewer.layers["photo"]
    plain, calibrated = Settings(), Settings(calibration=calibration)
    for settings, k in ((plain, 5), (plain, 5), (calibrated, 5), (calibrated, 6)):
        session.cluster(image, k, settings)
        wait()
    assert len(session.history_of(image).past) == 1
    session.undo(image)
    wait()
    assert_identical(results.of(image).clustering, ncc.cluster_colors(thumbnail, 5))
    session.redo(image)
    wait()
    shown = results.of(image).clustering.settings
    assert ncc.Calibration.from_dict(shown["calibration"]) == calibration
    assert shown["n_clusters"] == 6

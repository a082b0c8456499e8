"""Photographs and color cards that many tests share, and how a refusal must read."""

import gc
import os
import re
import shutil
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright
from skimage import data
from skimage.transform import estimate_transform, resize

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.color.srgb import encode_gamma

# Neither read nor written by tests: what whoever runs them has set in napari's Preferences.
os.environ["NAPARI_CONFIG"] = ""

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("steady")


BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PHOTOS = {"coffee", "astronaut", "photo"}


def pytest_collection_modifyitems(items):
    """Mark the tests on whole photos."""
    for item in items:
        if PHOTOS.intersection(item.fixturenames):
            item.add_marker("large")


def _kept(photo):
    photo.setflags(write=False)
    return photo


@pytest.fixture(scope="session", autouse=True)
def _traced_jobs():
    """Let jobs be traced, as for coverage: in threads of Qt, Python does not begin by itself."""
    trace = threading.gettrace()
    if trace is None:
        yield
        return

    from napari_colorcluster.session.job import Job

    run = Job.run

    def traced_run(job):
        sys.settrace(trace)
        run(job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Job, "run", traced_run)
        yield


@pytest.fixture(autouse=True)
def _no_window_of_before(request):
    """Collect windows that are closed but still in a circle: napari's own fixture refuses them."""
    if "make_napari_viewer" in request.fixturenames:
        from napari._qt.qt_viewer import QtViewer

        if QtViewer._instances:
            gc.collect()


@pytest.fixture(scope="session")
def coffee():
    """A photo of 400 × 600 pixels, read-only."""
    return _kept(data.coffee())


@pytest.fixture(scope="session")
def astronaut():
    """A photo of 512 × 512 pixels, read-only."""
    return _kept(data.astronaut())


@pytest.fixture(scope="session")
def photo(coffee):
    """The coffee at 185 × 272 pixels, read-only."""
    return _kept(np.rint(255 * resize(coffee, (185, 272), anti_aliasing=True)).astype(np.uint8))


@pytest.fixture(scope="session")
def thumbnail(photo):
    """The coffee at 47 × 68 pixels, read-only: small enough for an oracle on every pixel."""
    return _kept(photo[::4, ::4].copy())


HEIGHT, WIDTH = 240, 340


@dataclass(frozen=True)
class Camera:
    """From the light of sRGB to 8 bits: a matrix, and a power or else sRGB's curve."""

    matrix: np.ndarray
    gamma: float | None = None

    @classmethod
    def random(cls, rng):
        matrix = np.eye(3) + rng.uniform(-0.15, 0.15, (3, 3))
        gains = rng.uniform(0.6, 1, (3, 1))
        return cls(matrix * gains / matrix.sum(axis=1, keepdims=True), rng.uniform(1.8, 2.6))

    def see(self, linear, noise=0.0, rng=None):
        light = np.clip(linear @ self.matrix.T, 0, 1)
        seen = 255 * (light ** (1 / self.gamma) if self.gamma else encode_gamma(light))
        if noise:
            seen = seen + rng.normal(0, noise, seen.shape)
        return np.clip(np.rint(seen), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Scene:
    """An image of a card, its corners in some order and in that in which the card is read, and
    where on the card each pixel is.
    """

    image: np.ndarray
    corners: np.ndarray
    upright: np.ndarray
    on_card: np.ndarray


def _see_card(
    camera,
    rng,
    *,
    card="ColorChecker Classic",
    gradient=0.2,
    noise=1.5,
    shadow=None,
    mirrored=False,
    size=(HEIGHT, WIDTH),
):
    """Look at a card, somehow turned and at an angle, in a light that changes across the image."""
    height, width = size
    card = find_card(card)
    upright = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]])
    corners = np.roll(upright + rng.uniform(-0.08, 0.08, (4, 2)), rng.integers(4), axis=0)
    if mirrored:
        corners = corners[::-1]
    corners = corners * [width, height]
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    rows, columns = np.mgrid[:height, :width].reshape(2, -1)
    on_card = estimate_transform("projective", corners, square)(np.column_stack([columns, rows]))
    linear = np.full((height * width, 3), 0.25)
    linear[((on_card > 0) & (on_card < 1)).all(axis=1)] = 0.03
    for (x, y, w, h), light in zip(card.boxes, np.clip(card.linear, 0, 1), strict=True):
        inside = np.abs(on_card - [x, y]) < [w / 2, h / 2]
        linear[inside.all(axis=1)] = light
    toward = rng.uniform(0, 2 * np.pi)
    across = np.cos(toward) * (2 * columns / width - 1) + np.sin(toward) * (2 * rows / height - 1)
    light = 1 + gradient * across
    if shadow is not None:
        light = light * np.where(shadow(*on_card.T), 0.45, 1)
    image = camera.see(linear * light[:, np.newaxis], noise, rng).reshape(height, width, 3)
    some_order = corners[rng.permutation(4), ::-1]
    return Scene(image, some_order, corners[:, ::-1], on_card.reshape(height, width, 2))


@pytest.fixture(scope="session")
def see_card():
    return _see_card


@pytest.fixture(scope="session")
def random_camera():
    return Camera.random


@pytest.fixture(scope="session")
def true_camera():
    """A camera that shows sRGB as it is."""
    return Camera(np.eye(3))


@pytest.fixture(scope="session")
def calibration():
    """A calibration by a card of an odd camera."""
    from napari_colorcluster import Calibration

    rng = np.random.default_rng(3)
    scene = _see_card(Camera.random(rng), rng)
    return Calibration.from_card(scene.image, scene.corners)


def _assert_identical(one, other):
    for name in ("labels", "centers"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("palette", "inertia", "settings", "histogram"):
        assert getattr(one, name) == getattr(other, name)


@pytest.fixture(scope="session")
def assert_identical():
    """Compare two clusterings to the bit."""
    return _assert_identical


@contextmanager
def _refused(*parts):
    with pytest.raises(ValueError, match=re.escape(parts[0])) as caught:
        yield
    message = str(caught.value)
    for expected in parts:
        assert expected in message
    assert message.endswith(".")
    assert "\n" not in message
    assert not re.search(r"[.!?]\s", message), "more than one sentence"


@pytest.fixture(scope="session")
def refused():
    """A context in which a ``ValueError`` of one sentence with the given parts must be raised."""
    return _refused


@pytest.fixture(scope="session")
def warm():
    """Compile everything first: compiling sets warning filters aside, which all threads share."""
    from napari_colorcluster.core.clustering.warm_up import warm_up
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.correcting.warm_up import warm_up_corrections
    from napari_colorcluster.layers.result.results import label_colormap
    from napari_colorcluster.session.pattern_requests import warm_up_pattern

    label_colormap(Palette([[0, 0, 0]], [1], ("black",))).map(np.zeros((1, 1), np.uint8))
    warm_up()
    warm_up_pattern()
    warm_up_corrections()


@pytest.fixture
def told():
    """The notifications of a test; an error that the test does not take out fails it."""
    from napari.utils.notifications import notification_manager

    heard = []

    def hear(notification):
        heard.append((str(notification.severity), notification.message))

    notification_manager.notification_ready.connect(hear)
    yield heard
    notification_manager.notification_ready.disconnect(hear)
    assert not [message for severity, message in heard if severity == "error"]


@pytest.fixture
def viewer(thumbnail, told):
    """A viewer without a window, with a small photo in it."""
    from napari.components import ViewerModel

    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def panel(qtbot, viewer):
    """A panel on that viewer, shown by itself."""
    from napari_colorcluster.widgets import ColorClusteringPanel

    panel = ColorClusteringPanel(viewer)
    qtbot.addWidget(panel.native)
    panel.native.resize(320, 900)
    with qtbot.waitExposed(panel.native):
        panel.native.show()
    return panel


@pytest.fixture
def press(qtbot, panel):
    """Press a button of the panel and wait until the work that it began is done."""
    from qtpy.QtCore import Qt

    def press_and_wait(button=None):
        qtbot.mouseClick(button or panel.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)

    return press_and_wait


@pytest.fixture(scope="module")
def browser():
    """Chromium, without a window."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    how = {"executable_path": found} if found else {"channel": "chrome"}
    with sync_playwright() as playwright:
        # As root, as in a container, Chromium has no sandbox.
        browser = playwright.chromium.launch(args=["--no-sandbox"], **how)
        yield browser
        browser.close()

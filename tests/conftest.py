"""Photographs that many tests share, and how a refusal must read."""

import os
import re
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import settings
from skimage import data
from skimage.transform import resize

# Neither read nor written by tests: what whoever runs them has set in napari's Preferences.
os.environ["NAPARI_CONFIG"] = ""

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("steady")


def _kept(photo):
    photo.setflags(write=False)
    return photo


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
    from napari_colorcluster.layers.results import warm_up_labels
    from napari_colorcluster.session.pattern_requests import warm_up_pattern

    warm_up_labels()
    warm_up()
    warm_up_pattern()


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

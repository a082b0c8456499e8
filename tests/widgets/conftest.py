"""A panel on a viewer without a window, and what it told the user."""

import pytest
from napari.components import ViewerModel
from napari.utils.notifications import notification_manager

from napari_colorcluster.core.warm_up import warm_up
from napari_colorcluster.layers.results import warm_up_labels
from napari_colorcluster.widgets import ColorClusteringPanel


@pytest.fixture(scope="session", autouse=True)
def warm():
    """Compile everything first: compiling sets warning filters aside, which all threads share."""
    warm_up_labels()
    warm_up()


@pytest.fixture
def told():
    """The notifications of a test; an error that the test does not take out fails it."""
    heard = []

    def hear(notification):
        heard.append((str(notification.severity), notification.message))

    notification_manager.notification_ready.connect(hear)
    yield heard
    notification_manager.notification_ready.disconnect(hear)
    assert not [message for severity, message in heard if severity == "error"]


@pytest.fixture
def viewer(thumbnail, told):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


@pytest.fixture
def panel(qtbot, viewer):
    panel = ColorClusteringPanel(viewer)
    qtbot.addWidget(panel.native)
    panel.native.resize(320, 900)
    with qtbot.waitExposed(panel.native):
        panel.native.show()
    return panel


@pytest.fixture
def press(qtbot, panel):
    """Press a button of the panel and wait until the work that it began is done."""

    def press_and_wait(button=None):
        from qtpy.QtCore import Qt

        qtbot.mouseClick(button or panel.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)

    return press_and_wait

"""The fold, unfolded, of a panel whose image is clustered."""

import pytest


@pytest.fixture
def measured(qtbot, panel, press):
    """Cluster, unfold and measure."""
    panel.pattern_fold.open()
    press()
    view = panel.pattern.view
    view.measure.click()
    qtbot.waitUntil(lambda: not panel.pattern.is_busy, timeout=60_000)
    assert view.measured is not None
    return view


@pytest.fixture
def settle(qtbot, panel):
    """Wait until nothing is clustered or measured any more."""

    def wait():
        qtbot.wait(20)
        qtbot.waitUntil(
            lambda: not (panel.session.is_busy or panel.pattern.is_busy), timeout=60_000
        )

    return wait

"""Python ending while napari is open, or after its window was closed by its cross."""

import subprocess
import sys

import pytest

SCRIPT = """
import napari
from qtpy.QtTest import QTest
from skimage.data import coffee

viewer = napari.Viewer()
viewer.add_image(coffee(), rgb=True)
{panel}
QTest.qWait({after})
{closed}
QTest.qWait(100)
print("the end")
"""

PANEL = """
_, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster")
QTest.qWait({before})
panel.button.click()
"""


def lines_on_stderr(**parts):
    script = SCRIPT.format(**parts)
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.stdout == "the end\n", ended.stderr
    assert ended.returncode == 0
    return ended.stderr.splitlines()


@pytest.fixture(scope="module")
def of_the_machine():
    """What napari says without the panel: that this machine has no DPI, no locale, no fonts."""
    return frozenset(lines_on_stderr(panel="", after=500, closed=""))


@pytest.mark.parametrize(
    ("before", "after", "closed"),
    [
        (0, 0, ""),
        (500, 50, ""),
        (0, 3000, ""),
        (500, 50, "viewer.window._qt_window.close()"),
    ],
)
def test_python_may_end_with_napari_open_or_closed_by_hand(before, after, closed, of_the_machine):
    said = lines_on_stderr(panel=PANEL.format(before=before), after=after, closed=closed)
    assert [line for line in said if line not in of_the_machine] == []

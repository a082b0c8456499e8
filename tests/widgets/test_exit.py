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
_, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster")
QTest.qWait({before})
panel.button.click()
QTest.qWait({after})
{closed}
QTest.qWait(100)
print("the end")
"""


@pytest.mark.parametrize(
    ("before", "after", "closed"),
    [
        (0, 0, ""),
        (500, 50, ""),
        (0, 3000, ""),
        (500, 50, "viewer.window._qt_window.close()"),
    ],
)
def test_python_may_end_with_napari_open_or_closed_by_hand(before, after, closed):
    script = SCRIPT.format(before=before, after=after, closed=closed)
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.stdout == "the end\n"
    assert ended.stderr == ""
    assert ended.returncode == 0

"""Python ending while napari is open, as a script does that nobody told to wait for the window."""

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
print("the end")
"""


@pytest.mark.parametrize(("before", "after"), [(0, 0), (500, 50), (0, 3000)])
def test_python_may_end_with_napari_open(before, after):
    script = SCRIPT.format(before=before, after=after)
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.stdout == "the end\n"
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 0, ended.stderr

"""What takes long to import is there before a result is shown."""

import subprocess
import sys

SCRIPT = """
import sys
from napari_colorcluster.session.libraries import LIBRARIES, load_libraries, warm_up_figures

load_libraries()
warm_up_figures()
print(*(name in sys.modules for name in LIBRARIES))
"""


def test_they_are_loaded_and_no_application_is_begun():
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout.split() == ["True"] * 3

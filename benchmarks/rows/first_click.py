"""Start-up in a new process: the import, and the first clustering with all it loads."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from probes import seconds_of

from rows.row import Row

LIBRARIES = "import sklearn.cluster, numba"
CLICK = """
import sys
import numpy as np
from napari_colorcluster import cluster_colors
image = np.load(sys.argv[1])
cluster_colors(image).predict_and_paint(image)
"""


def imports(options):
    ours, numpy = interleaved_medians(
        3 * options.repeats,
        lambda: seconds_of("import napari_colorcluster"),
        lambda: seconds_of("import numpy"),
    )
    yield Row(
        "`import napari_colorcluster` in a fresh process / `import numpy`",
        "≤ 1.3",
        f"{ours / numpy:.2f} ({1e3 * ours:.0f} / {1e3 * numpy:.0f} ms)",
        ours <= 1.3 * numpy,
    )


def first_click(options):
    """Labels and colors of an image with the defaults; the whole process is timed."""
    path = options.stored(1)

    def recompiled():
        with TemporaryDirectory() as empty:
            return seconds_of(CLICK, path, cache=empty)

    with TemporaryDirectory() as folder:
        filled = Path(folder)
        seconds_of(CLICK, path, cache=filled)
        cached, empty, libraries = interleaved_medians(
            options.repeats,
            lambda: seconds_of(CLICK, path, cache=filled),
            recompiled,
            lambda: seconds_of(LIBRARIES),
        )
    for seconds, which, most in ((cached, "kernels cached", 1.5), (empty, "cache empty", 4)):
        yield Row(
            f"first clustering of {options.size(1)} in a fresh process, {which} / a process that "
            "only imports sklearn.cluster and numba",
            f"≤ {most}",
            f"{seconds / libraries:.2f} ({seconds:.2f} / {libraries:.2f} s)",
            seconds <= most * libraries,
        )


def interleaved_medians(repeats, *probes):
    """The median seconds of each probe, run in turns."""
    seconds = [[probe() for probe in probes] for _ in range(repeats + 1)]
    # The first turn reads files that are not cached yet.
    return np.median(seconds[1:], axis=0).tolist()

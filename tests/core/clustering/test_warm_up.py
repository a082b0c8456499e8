"""After warming up, nothing is left to compile."""

import subprocess
import sys

import pytest
from numba import types
from numba.core.dispatcher import Dispatcher

from napari_colorcluster.core.clustering.warm_up import warm_up
from napari_colorcluster.core.support.progress import Cancelled

LATER = """
import numpy as np
from numba.core import event
from skimage import data
import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.warm_up import warm_up

warm_up()
with event.install_recorder("numba:compile") as recorder:
    ncc.count_colors(np.tile(data.coffee(), (2, 2, 1)))
    image = data.coffee()[::8, ::8]
    ncc.sweep_clusters(image, (2, 3))
    for method, each in ncc.METHODS.items():
        clustering = ncc.cluster_colors(image, None if each().finds_n_clusters else 3, method)
        clustering.quantize(image), clustering.paint(clustering.predict(image))
        clustering.relabel({1: 255}).predict_and_paint(image)
print(len(recorder.buffer), "compilations")
"""


def test_nothing_is_compiled_afterwards():
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 compilations"


def test_no_loop_is_compiled_for_a_class_of_this_package():
    # numba's cache on disk would name it, and break once a later version has no such class.
    warm_up()
    loops = {
        loop
        for name, module in sys.modules.items()
        if name.startswith("napari_colorcluster.")
        for loop in vars(module).values()
        if isinstance(loop, Dispatcher)
    }
    arguments = {type(each) for loop in loops for taken in loop.signatures for each in taken}
    assert types.Array in arguments
    assert not [each for each in arguments if issubclass(each, types.BaseNamedTuple)]


def test_it_reports_and_can_be_stopped():
    told = []
    warm_up(lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1

    def stop(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        warm_up(stop)

"""How loops are compiled."""

import gc

import pytest
from numba import njit
from numba.core.errors import TypingError
from numba.core.event import Listener, install_listener

import napari_colorcluster.core.support.compiled  # noqa: F401  (holds the collector)


class Watch(Listener):
    """Whether the garbage collector runs while something is compiled."""

    def __init__(self):
        self.collects = []

    def on_start(self, event):
        self.collects.append(gc.isenabled())

    def on_end(self, event):
        pass


@pytest.fixture
def watch():
    assert gc.isenabled()
    with install_listener("numba:compile", watch := Watch()):
        yield watch
    assert gc.isenabled()


def loop(module):
    """A loop that no other test has compiled."""

    def add(one, other):
        return one + other

    add.__module__ = module
    return njit(add)


def test_the_collector_rests_while_a_loop_of_this_package_is_compiled(watch):
    inner = loop("napari_colorcluster.core.some")

    def outer(one):
        return inner(one, one)

    outer.__module__ = "napari_colorcluster.core.other"
    assert njit(outer)(3) == 6
    assert watch.collects == [False, False]


def test_it_goes_on_after_a_loop_that_cannot_be_compiled(watch):
    with pytest.raises(TypingError):
        loop("napari_colorcluster.core.some")(1, "one")
    assert watch.collects == [False]


def test_it_goes_on_while_the_loops_of_others_are_compiled(watch):
    assert loop("napari.some")(1, 2) == 3
    assert watch.collects == [True]


def test_a_loop_without_a_module_is_compiled_as_any(watch):
    made = {}
    exec("def add(one, other): return one + other", made)
    made["add"].__module__ = None
    assert njit(made["add"])(1, 2) == 3
    assert watch.collects == [True]


def test_who_has_turned_it_off_keeps_it_off():
    gc.disable()
    try:
        assert loop("napari_colorcluster.core.some")(1, 2) == 3
        assert not gc.isenabled()
    finally:
        gc.enable()

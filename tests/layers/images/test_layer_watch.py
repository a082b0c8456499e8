"""One layer is listened to, and no other."""

import numpy as np
import pytest
from napari.layers import Labels, Shapes

from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch


@pytest.fixture
def heard():
    return []


@pytest.fixture
def watch(heard):
    return LayerWatch(
        (*PLACED_BY, "selected_label"), lambda event: heard.append((event.source, event.type))
    )


@pytest.mark.parametrize(
    ("name", "value"), [("scale", (2, 2)), ("units", ("mm", "mm")), ("translate", (1, 2))]
)
def test_a_layer_that_is_moved_is_heard(watch, heard, name, value):
    layer = Labels(np.ones((4, 4), int))
    watch.watch(layer)
    setattr(layer, name, value)
    assert (layer, name) in heard


def test_the_layer_before_is_left_alone(watch, heard):
    one, other = Labels(np.ones((4, 4), int)), Shapes()
    watch.watch(one)
    watch.watch(other)
    one.selected_label = 3
    assert heard == []
    other.scale = (2, 2)
    assert (other, "scale") in heard
    heard.clear()
    watch.watch(None)
    other.scale = (3, 3)
    assert heard == []


def test_several_layers_are_heard_at_once_and_each_once(watch, heard):
    one, other = Labels(np.ones((4, 4), int)), Labels(np.ones((4, 4), int))
    watch.watch(one)
    watch.watch(one, other)
    for layer in (one, other):
        layer.selected_label = 3
    assert heard == [(one, "selected_label"), (other, "selected_label")]
    watch.watch(other)
    one.selected_label = 4
    assert len(heard) == 2

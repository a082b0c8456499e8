"""What represents a cluster, in the menu."""

import pytest

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.clustering.parts.representatives import MEAN, OWN_COLORS
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.widgets.palette.edits.represent_actions import RepresentActions


@pytest.fixture
def actions(parent):
    return RepresentActions(parent)


def checked(actions):
    return [name for name, action in actions.choices.items() if action.isChecked()]


def test_there_is_an_action_for_all_that_can(actions):
    assert list(actions.choices) == [MEAN, *OWN_COLORS]


def test_what_holds_is_checked(thumbnail, actions):
    assert not actions.menu.menuAction().isEnabled()
    made = Segmentation(cluster_colors(thumbnail, 3))
    actions.set_made(made)
    assert checked(actions) == ["mean"]
    actions.set_made(made.edited("represent", "medoid"))
    assert checked(actions) == ["medoid"]
    actions.set_made(None)
    assert not any(action.isEnabled() for action in actions.choices.values())


def test_a_choice_is_requested_and_not_taken_for_done(thumbnail, actions):
    asked = []
    actions.edit_requested.connect(lambda *edit: asked.append(edit))
    actions.set_made(Segmentation(cluster_colors(thumbnail, 3)))
    actions.choices["mode"].trigger()
    actions.choices["mean"].trigger()
    assert asked == [("represent", ("mode",)), ("represent", ("mean",))]
    assert checked(actions) == ["mean"]

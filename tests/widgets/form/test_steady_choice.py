"""The menu keeps what is chosen, by identity."""

import pytest

from napari_colorcluster.widgets.form.steady_choice import SteadyChoice


class Thing:
    def __init__(self, name):
        self.name = name


@pytest.fixture
def things():
    return [Thing("first"), Thing("second"), Thing("third")]


@pytest.fixture
def choice(qtbot, things):
    choice = SteadyChoice(choices=lambda _: [(thing.name, thing) for thing in things])
    qtbot.addWidget(choice.native)
    choice.value = things[1]
    choice.heard = []
    choice.changed.connect(choice.heard.append)
    return choice


def test_a_new_name_leaves_the_choice(choice, things):
    things[1].name = "other"
    choice.reset_choices()
    assert choice.value is things[1]
    assert choice.current_choice == "other"
    assert choice.heard == []


def test_it_is_filled_again_only_where_it_would_differ(choice, things):
    filled = []
    choice.native.model().rowsInserted.connect(lambda *_: filled.append(True))
    choice.reset_choices()
    assert not filled
    things.append(Thing("fourth"))
    choice.reset_choices()
    assert choice.native.count() == 4


def test_names_may_be_swapped(choice, things):
    things[0].name, things[1].name = "second", "first"
    choice.reset_choices()
    assert choice.value is things[1]
    assert choice.current_choice == "first"
    assert choice.heard == []


def test_where_the_choice_is_gone_the_first_is_taken_and_told(choice, things):
    gone = things.pop(1)
    choice.reset_choices()
    assert choice.value is things[0]
    assert choice.heard == [things[0]]
    assert gone not in choice.choices


def test_that_nothing_is_left_is_told(choice, things):
    things.clear()
    choice.reset_choices()
    assert choice.value is None
    assert choice.heard == [None]
    choice.reset_choices()
    assert choice.heard == [None]

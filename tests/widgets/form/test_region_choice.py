"""The menu of regions follows the layers that outline them."""

import numpy as np
import pytest
from napari.layers import Labels, Shapes

from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.widgets.form.region_choice import WHOLE_IMAGE, RegionChoice


@pytest.fixture
def leaf():
    return Labels(np.pad(np.ones((4, 4), np.uint8), 2), name="leaf")


@pytest.fixture
def shapes():
    return Shapes([np.array([[0, 0], [0, 5], [5, 5], [5, 0]])], name="Shapes")


@pytest.fixture
def choice(qtbot, leaf, shapes):
    def regions():
        labels = (None, leaf.selected_label)
        return [*(Region(leaf, label) for label in labels), Region(shapes)]

    choice = RegionChoice(regions)
    qtbot.addWidget(choice.native)
    return choice


@pytest.fixture
def changes(choice):
    heard = []
    choice.outline_changed.connect(lambda: heard.append(True))
    return heard


def test_the_whole_image_comes_first(choice):
    assert choice.region is None
    assert choice.native.itemText(0) == WHOLE_IMAGE
    assert choice.native.itemText(3) == 'inside "Shapes"'


def test_going_back_to_the_whole_image_is_told(choice, leaf):
    choice.region = Region(leaf)
    heard = []
    choice.changed.connect(lambda: heard.append(choice.region))
    choice.native.setCurrentIndex(0)
    choice.region = Region(leaf)
    choice.region = None
    assert heard == [None, Region(leaf), None]


def test_drawing_in_the_chosen_layer_is_told(choice, changes, leaf, shapes):
    choice.value = Region(leaf)
    leaf.paint((0, 0), 1)
    assert changes
    changes.clear()
    shapes.add_rectangles(np.array([[1, 1], [1, 3], [3, 3], [3, 1]]))
    assert not changes
    choice.value = Region(shapes)
    shapes.add_rectangles(np.array([[1, 1], [1, 3], [3, 3], [3, 1]]))
    assert changes
    changes.clear()
    leaf.paint((0, 1), 1)
    assert not changes


def test_moving_the_chosen_layer_is_told(choice, changes, shapes):
    choice.value = Region(shapes)
    shapes.translate = (3, 4)
    assert changes


def test_the_selected_label_is_followed(choice, leaf):
    heard = []
    choice.value = Region(leaf, leaf.selected_label)
    choice.changed.connect(heard.append)
    leaf.selected_label = 7
    assert choice.value == Region(leaf, 7)
    assert heard == [Region(leaf, 7)]


def test_all_labels_stay_all_labels(choice, leaf):
    choice.value = Region(leaf)
    leaf.selected_label = 7
    assert choice.value == Region(leaf)


def test_it_can_stop_watching(choice, changes, leaf):
    choice.value = Region(leaf)
    choice.stop_watching()
    leaf.paint((0, 0), 1)
    assert not changes


def test_a_renamed_layer_stays_chosen(choice, leaf):
    choice.value = Region(leaf)
    heard = []
    choice.changed.connect(heard.append)
    leaf.name = "blade"
    choice.reset_choices()
    assert choice.value == Region(leaf)
    assert choice.current_choice == 'inside "blade"'
    assert heard == []


def test_any_label_of_a_layer_can_be_asked_for(choice, leaf, shapes):
    asked = Region(leaf, 5, outside=True)
    assert asked not in choice.choices
    assert choice.offers(asked)
    choice.region = asked
    choice.reset_choices()
    assert choice.region == asked
    texts = [choice.native.itemText(at) for at in range(choice.native.count())]
    assert 'outside "leaf" (label 5)' in texts
    choice.region = Region(leaf)
    choice.reset_choices()
    assert asked not in choice.choices
    assert not choice.offers(Region(Labels(leaf.data)))


def test_one_label_after_another_can_be_asked_for(choice, leaf):
    heard = []
    choice.changed.connect(heard.append)
    for label in (5, 6):
        choice.region = Region(leaf, label)
    assert heard == [Region(leaf, 5), Region(leaf, 6)]
    leaf.selected_label = 9
    assert choice.region == Region(leaf, 9)


def test_new_units_of_the_chosen_layer_are_told(choice, changes, leaf):
    choice.value = Region(leaf)
    leaf.units = ("mm", "mm")
    assert changes


def test_the_label_that_is_selected_is_offered_also_of_a_layer_that_is_not_chosen(choice, leaf):
    leaf.selected_label = 9
    assert Region(leaf, 9) in choice.choices
    assert 'inside "leaf" (label 9)' in [choice.native.itemText(at) for at in range(4)]
    assert choice.region is None
    choice.stop_watching()
    leaf.selected_label = 4
    assert Region(leaf, 9) in choice.choices


def test_each_object_of_a_labels_layer_is_offered_and_stays_chosen(choice, leaf, shapes):
    texts = [choice.native.itemText(at) for at in range(choice.native.count())]
    assert texts[-1] == 'each object of "leaf"'
    assert sum("each" in text for text in texts) == 1
    choice.native.setCurrentIndex(len(texts) - 1)
    assert choice.region == Region(leaf, each=True)
    choice.reset_choices()
    assert choice.region == Region(leaf, each=True)
    # Another label is selected with the brush; the region is still that of all of them.
    leaf.selected_label = 7
    assert choice.region == Region(leaf, each=True)
    choice.region = Region(leaf, 9)
    choice.region = Region(leaf, each=True)
    assert [choice.native.itemText(at) for at in range(choice.native.count())].count(texts[-1]) == 1

"""Undo and redo of values."""

from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.session.history import History


def test_it_goes_back_and_forth():
    history = History("a").then("b").then("c")
    assert history.present == "c"
    assert history.undone().present == "b"
    assert history.undone().undone().present == "a"
    assert history.undone().redone().present == "c"


def test_at_its_ends_it_stays_itself():
    history = History("a")
    assert history.undone() is history
    assert history.redone() is history


def test_going_on_forgets_what_was_undone():
    history = History("a").then("b").undone().then("c")
    assert history.present == "c"
    assert history.redone() is history
    assert history.undone().present == "a"


def test_one_value_in_place_of_another_leaves_no_step():
    history = History("a").then("b").instead("c")
    assert history.present == "c"
    assert history.undone().present == "a"


def test_it_goes_to_the_very_value_before_or_undone_last_and_else_on():
    first, second, third = object(), object(), object()
    history = History(first).then(second)
    back = history.at(first)
    assert (back.present, back.past, back.future) == (first, (), (second,))
    again = back.at(second)
    assert (again.present, again.past, again.future) == (second, (first,), ())
    on = back.at(third)
    assert (on.present, on.past, on.future) == (third, (first,), ())


@given(st.lists(st.one_of(st.integers(), st.sampled_from(["undo", "redo"])), max_size=40))
def test_it_agrees_with_a_list_and_an_index(steps):
    history, values, at = History(None), [None], 0
    for step in steps:
        if step == "undo":
            history, at = history.undone(), max(at - 1, 0)
        elif step == "redo":
            history, at = history.redone(), min(at + 1, len(values) - 1)
        else:
            history, values, at = history.then(step), [*values[: at + 1], step], at + 1
        assert history.present == values[at]
        assert (len(history.past), len(history.future)) == (at, len(values) - at - 1)

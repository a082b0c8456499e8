"""The box for a number or none, typed into as a person types."""

import pytest
from qtpy.QtCore import Qt

from napari_colorcluster.widgets.form.optional_number import OptionalNumber


@pytest.fixture
def make(qtbot):
    def make(*args, **kwargs):
        box = OptionalNumber(*args, **kwargs)
        qtbot.addWidget(box.native)
        box.heard = []
        box.changed.connect(box.heard.append)
        return box

    return make


def test_none_is_shown_as_a_word(make):
    assert make().value is None
    assert make().native.text() == "auto"
    assert make(none="off").native.text() == "off"


@pytest.mark.parametrize(("whole", "typed", "value"), [(False, "2.5", 2.5), (True, "25", 25)])
def test_what_is_typed_is_the_value(qtbot, make, whole, typed, value):
    box = make(whole=whole)
    box.native.selectAll()
    qtbot.keyClicks(box.native, typed)
    qtbot.keyClick(box.native, Qt.Key.Key_Return)
    assert box.value == value
    assert type(box.value) is type(value)
    assert box.heard[-1] == value


def test_zero_is_none_again(make):
    box = make(3.0)
    assert box.value == 3
    box.value = 0
    assert box.value is None
    box.value = 4
    box.value = None
    assert box.value is None
    assert box.heard == [None, 4, None]


def test_a_negative_number_is_refused(make):
    with pytest.raises(ValueError, match="outside of the allowed range"):
        make().value = -1


def test_a_number_that_is_found_where_it_is_0_says_so_too(panel):
    form = panel.form
    form.method.value = "gaussian_mixture"
    [box] = form._options["gaussian_mixture"]
    assert box.native.text() == "auto"
    assert form.settings().options == {"reg_covar": 0.0}
    form.set_settings({**form.settings().to_dict(5), "reg_covar": 1e-6})
    assert form.settings().options == {"reg_covar": 1e-6}
    assert box.native.text() == "0.000001"
    box.value = 0
    assert box.native.text() == "auto"

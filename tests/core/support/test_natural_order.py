"""Names in the order in which people expect them."""

from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.support.natural_order import in_natural_order


def test_numbers_in_names_count_as_numbers():
    names = ["site 10", "", "Site 3", "site 2", "b", "2", "site", "10", "A1b20", "a1b3", "site 2"]
    expected = ["2", "10", "a1b3", "A1b20", "b", "site", "site 2", "Site 3", "site 10", ""]
    assert in_natural_order(names) == expected
    assert in_natural_order(["9" * 5000, "1" + "0" * 5000, "a01", "a1"])[2:] == ["a01", "a1"]


@given(st.lists(st.text("aB01 \u0661\udce9")))
def test_any_names_have_one_order_each_once(names):
    ordered = in_natural_order(names)
    assert ordered == in_natural_order(reversed(names))
    assert sorted(ordered) == sorted(set(names))

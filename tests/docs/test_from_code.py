"""What the site takes from the code: all of it, and nothing else."""

import re
from pathlib import Path

import pytest

from napari_colorcluster import METHODS
from napari_colorcluster.cli.arguments import command_parser


@pytest.fixture(autouse=True)
def on_path(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "docs" / "_extensions")


def test_rooms_import_downward_but_for_the_exceptions():
    from from_code.rooms import imports_between, rooms_of

    rooms = rooms_of("napari_colorcluster.core")
    assert all(each.above < each.below for each in imports_between("napari_colorcluster"))
    upward = {
        (rooms[each.above], rooms[each.below])
        for each in imports_between("napari_colorcluster.core")
        if each.above > each.below
    }
    assert upward == {("color", "files"), ("clustering", "files")}


def test_the_picture_of_the_rooms_names_each_and_draws_each_import():
    from from_code.rooms import drawn, imports_between, rooms_of

    svg = drawn("napari_colorcluster", "The rooms")
    assert svg.get("aria-label") == svg.find("title").text == "The rooms"
    names = [each.text for each in svg.iter("text") if each.get("class") == "rooms-name"]
    assert names == rooms_of("napari_colorcluster")
    arcs = [each.find("title").text for each in svg.iter("path") if each.find("title") is not None]
    assert len(arcs) == len(imports_between("napari_colorcluster"))
    assert any(re.fullmatch(r"\d+ modules of widgets import core", text) for text in arcs)


def test_every_argument_is_described():
    from from_code.command_line import CommandLine

    page = CommandLine.markdown(None)
    for argument in command_parser()._actions[1:]:
        for name in argument.option_strings or [argument.metavar]:
            assert re.search(rf"^.*`{name}[ `].*\n: [A-Z]", page, re.M), name


def test_every_part_of_the_panel_and_its_menus_are_there(panel):
    from from_code.panel import read_panel

    sections = read_panel(panel)
    assert list(sections) == [
        *("Image, method and k", "Options", "Palette"),
        *("Choose k", "Pattern", "Calibrate", "More images"),
    ]
    names = {name for controls in sections.values() for name, _ in controls}
    assert {"k", "Live", "Merge", "⋯ ▸ By shape ▸ Grow…", "Save ▸ Copy as Python"} <= names
    assert "Linkage" not in names
    order = next(name for name in names if "Largest first" in name)
    assert order.startswith("⋯ ▸ Order ▸ Largest first, By number")


def test_a_term_is_a_link_where_a_section_names_it_first():
    from from_code.panel import linked

    controls = [("A", "All clusters of a color space."), ("B", "A cluster in a space.")]
    one, other = linked(controls, ["color space", "cluster"])
    assert one == ("A", "All {term}`clusters <cluster>` of a {term}`color space <color space>`.")
    assert other == controls[1]


def test_every_method_and_option_is_described():
    from from_code.methods import MethodList, MethodTable

    overview, page = MethodTable.markdown(None), MethodList.markdown(None)
    assert overview.count("\n") == len(METHODS) + 1
    for name in METHODS:
        assert f"(#{name}-method)" in overview
        assert f"({name}-method)=" in page
    assert "| Linkage | `linkage` | `'ward'` |" in page


def test_a_bar_and_a_new_line_do_not_break_a_table():
    from from_code.markdown import table

    assert table(["a"], [["x | y\nz"]]).splitlines()[2:] == [r"| x \| y z |"]


def test_each_paper_stands_for_itself():
    from from_code.references import part_references

    lines = ["Text.", "", "References", "----------", "A, “One”,", "B 2 (1999).", "C 3 (2000)."]
    part_references(None, "class", "name", None, None, lines)
    assert lines[4:] == ["\\A, “One”,", "B 2 (1999).", "", "\\C 3 (2000).", ""]
    numbered = ["References", "----------", ".. [1] A.", ".. [2] B."]
    kept = list(numbered)
    part_references(None, "class", "name", None, None, kept)
    assert kept == numbered


def test_no_two_controls_of_a_part_of_the_panel_share_a_name(panel):
    from from_code.panel import read_panel

    for controls in read_panel(panel).values():
        names = [name for name, _ in controls]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("signature", "plain"),
    [
        ("(image, progress=<function silent>)", "(image, progress=silent)"),
        ("(tell=<function <lambda>>, names=<factory>)", "(tell=..., names=...)"),
        ("(k=5)", "(k=5)"),
        (None, None),
    ],
)
def test_a_signature_shows_functions_by_name_and_no_factories(signature, plain):
    from from_code.signatures import plain_defaults

    shown = plain_defaults(None, "function", "name", None, None, signature, None)
    assert shown == (plain, None)

"""A picture of the rooms: which there are, by the contracts, and which imports which, by the code.

It is drawn in the colors of the page, so that it fits the light theme and the dark one.
"""

import textwrap
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import Element, SubElement, tostring

import grimp
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

PACKAGE = "napari_colorcluster"
ROW, BOX, GAP = 54, 40, 18
"""The height of a row and of its box, and the distance between two arcs."""
WIDTH, LEFT = 130, 8
"""The width of a box, and its distance from the edge."""
TEXT, LINE = 44, 17
"""How many letters a line beside a box has, and the distance to the next line."""


@dataclass(frozen=True)
class Import:
    """That a room imports another, in so many places."""

    above: int
    below: int
    count: int


class Rooms(SphinxDirective):
    """The rooms of a package, from the top down, with an arc for each import."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Draw it."""
        package = self.arguments[0]
        svg = tostring(drawn(package, self.options["alt"]), encoding="unicode")
        return [nodes.raw("", f'<div class="rooms">{svg}</div>', format="html")]


def rooms_of(package: str) -> list[str]:
    """The rooms of a package from the top down, as the contract of import-linter lists them."""
    pyproject = Path(__file__).parents[3] / "pyproject.toml"
    contracts = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each.get("containers") == [package]]
    return layers


def imports_between(package: str) -> list[Import]:
    """Each import of a room by another, with the number of modules that import."""
    graph, rooms = _graph(), rooms_of(package)
    modules = [{room, *graph.find_descendants(room)} for room in _full(package, rooms)]
    found = []
    for above, importers in enumerate(modules):
        for below, imported in enumerate(modules):
            count = sum(
                bool(graph.find_modules_directly_imported_by(importer) & imported)
                for importer in importers
            )
            if count and above != below:
                found.append(Import(above, below, count))
    return found


def drawn(package: str, alt: str) -> Element:
    """The picture as SVG."""
    rooms = rooms_of(package)
    # Short arcs lie inside, so that few of them cross.
    imports = sorted(imports_between(package), key=lambda each: abs(each.below - each.above))
    tallest = len(rooms) - 1
    right = LEFT + WIDTH
    width = right + GAP * tallest + 30
    svg = Element(
        "svg",
        {
            "viewBox": f"0 0 {width + 330} {ROW * len(rooms)}",
            "role": "img",
            "aria-label": alt,
            "xmlns": "http://www.w3.org/2000/svg",
        },
    )
    SubElement(svg, "title").text = alt
    for each in imports:
        _draw_arc(svg, each, rooms, right)
    for row, room in enumerate(rooms):
        _draw_room(svg, row, room, import_module(f"{package}.{room}").__doc__, width)
    return svg


def _draw_arc(svg: Element, each: Import, rooms: list[str], right: int) -> None:
    start, end = ROW * each.above + ROW / 2 + 7, ROW * each.below + ROW / 2 - 7
    bend = right + 2 * GAP * abs(each.below - each.above) * 0.72
    path = f"M{right} {start} C{bend} {start} {bend} {end} {right + 5} {end}"
    kind = "rooms-import" if each.below > each.above else "rooms-import rooms-exception"
    line = SubElement(
        svg, "path", {"d": path, "class": kind, "stroke-width": f"{1 + each.count**0.5 / 3:.1f}"}
    )
    count = f"{each.count} module{'s' if each.count > 1 else ''} of {rooms[each.above]}"
    SubElement(line, "title").text = f"{count} import{'' if each.count > 1 else 's'} " + (
        f"{rooms[each.below]}"
    )
    tip = f"M{right + 8} {end - 4} L{right} {end} L{right + 8} {end + 4} Z"
    SubElement(svg, "path", {"d": tip, "class": f"{kind} rooms-tip"})


def _draw_room(svg: Element, row: int, room: str, docstring: str, text_at: int) -> None:
    top = ROW * row + (ROW - BOX) / 2
    box = {"x": LEFT, "y": top, "width": WIDTH, "height": BOX, "rx": 6}
    SubElement(svg, "rect", {**{name: str(value) for name, value in box.items()}})
    middle = str(top + BOX / 2 + 5)
    name = SubElement(svg, "text", {"x": str(LEFT + WIDTH / 2), "y": middle, "class": "rooms-name"})
    name.text = room
    lines = textwrap.wrap(docstring.partition("\n")[0].partition(". ")[0].rstrip("."), TEXT)
    first = top + BOX / 2 + 5 - LINE * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        place = {"x": str(text_at), "y": str(first + LINE * number), "class": "rooms-what"}
        SubElement(svg, "text", place).text = line


def _full(package: str, rooms: list[str]) -> list[str]:
    return [f"{package}.{room}" for room in rooms]


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, cache_dir=None)

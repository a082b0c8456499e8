"""The controls of the panel, as a panel itself names and explains them."""

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from itertools import pairwise
from pathlib import Path

from napari.components import ViewerModel
from qtpy.QtCore import QObject
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget

from from_code.markdown import MarkdownDirective, definitions
from napari_colorcluster import METHODS
from napari_colorcluster.widgets import ColorClusteringPanel
from napari_colorcluster.widgets.parts.layout import Fold

MORE = "⋯"
"""What the button of the menu of more edits shows, in place of its name."""


class Panel(MarkdownDirective):
    """Each control with its tooltip, from the top of the panel to its end."""

    def markdown(self) -> str:
        terms = _glossary_terms(Path(self.env.doc2path("reference/glossary")))
        return "\n\n".join(
            f"## {section}\n\n"
            + definitions((f"**{name}**", text) for name, text in linked(controls, terms))
            for section, controls in _sections().items()
        )


@cache
def _sections() -> dict[str, list[tuple[str, str]]]:
    """The parts of the panel, each with its controls and what they say."""
    # Kept, as no widget may outlive it.
    _sections.application = QApplication.instance() or QApplication([])
    panel = ColorClusteringPanel(ViewerModel())
    try:
        return read_panel(panel)
    finally:
        panel.close()


def read_panel(panel: ColorClusteringPanel) -> dict[str, list[tuple[str, str]]]:
    """The titles of a panel's parts, and for each the names and texts of its controls."""
    of_methods = {each.metadata["tooltip"] for m in METHODS.values() for each in fields(m)}
    # By section and text: the parts of a control, and the entries of a menu, may share one.
    sections: dict[str, dict[str, list[str]]] = {}
    for widget in panel.native.findChildren(QWidget):
        section = sections.setdefault(_section_of(widget, panel), {})
        name, text = _named(widget)
        if text not in section and text not in of_methods:
            _add(section, name, text)
        for entry in _menu_of(widget):
            _add(section, *entry)
    return {
        title: [(_together(names), text) for text, names in section.items()]
        for title, section in sections.items()
        if section
    }


def _add(section: dict[str, list[str]], name: str, text: str) -> None:
    if name and text and name != text:
        section.setdefault(text, []).append(name)


def _together(names: list[str]) -> str:
    """Entries of one menu, whose path is written once."""
    first, *others = names
    return ", ".join([first, *(name.rpartition(" ▸ ")[2] for name in others)])


def _section_of(widget: QWidget, panel: ColorClusteringPanel) -> str:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, Fold):
            return parent.title.text()
        if parent is panel.palette:
            return "Palette"
        parent = parent.parentWidget()
    return "Image, method and k"


def _text_of(part: QAction | QWidget) -> str:
    """The tooltip, without its breaks of lines."""
    return " ".join(part.toolTip().split())


def _named(widget: QWidget) -> tuple[str, str]:
    """What a control is called, and its tooltip."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    if isinstance(widget, QToolButton) and widget.defaultAction() is not None:
        # The button leaves out the dots that its action ends with.
        text = widget.defaultAction().text()
    return text or widget.accessibleName(), _text_of(widget)


def _menu_of(button: QObject, path: str = "") -> Iterator[tuple[str, str]]:
    """What the menu of a button offers, and the menus in it, each with its tooltip."""
    menu = button.menu() if callable(getattr(button, "menu", None)) else None
    if menu is None:
        return
    path = path or (MORE if button.text() == "More" else button.text())
    for action in menu.actions():
        title = f"{path} ▸ {action.text()}"
        if action.toolTip().rstrip("….") != action.text().rstrip("…."):
            yield title, _text_of(action)
        yield from _menu_of(action, title)


def _glossary_terms(path: Path) -> list[str]:
    """The terms that the glossary explains, the longest first."""
    lines = path.read_text("utf-8").splitlines()
    terms = [one for one, two in pairwise(lines) if two[:1] == " " != one[:1]]
    return sorted(terms, key=len, reverse=True)


def linked(controls: list[tuple[str, str]], terms: list[str]) -> Iterator[tuple[str, str]]:
    """The controls of a section, with a link where a term of the glossary comes up first."""
    # A Labels layer is one of napari's kinds of layers, not a label.
    names = "|".join(map(re.escape, terms))
    found = re.compile(rf"(?<![\w-])({names})(e?s)?(?![\w-]| layer)", re.I)
    seen = set()

    def link(match: re.Match) -> str:
        term = next(each for each in terms if each.lower() == match[1].lower())
        if term in seen:
            return match[0]
        seen.add(term)
        return f"{{term}}`{match[0]} <{term}>`"

    for name, text in controls:
        yield name, found.sub(link, text)

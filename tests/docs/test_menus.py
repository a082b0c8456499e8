"""Menus of napari that a page names are there, by the names that napari shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
PAGES = [ROOT / "README.md", *sorted(PAGES)]

PATH = re.compile(r"\*((?:File|View|Layers|Plugins|Window) ▸ [^*]+)\*")


def paths_of(page):
    return [" ".join(path.split()) for path in PATH.findall(page.read_text("utf-8"))]


def entries_of(menu, path):
    """The path of a menu, and of all that is in it."""
    yield " ▸ ".join(path)
    # napari fills some menus when they are opened.
    menu.aboutToShow.emit()
    for action in menu.actions():
        below = [*path, action.text().replace("&", "")]
        if action.menu() is not None:
            yield from entries_of(action.menu(), below)
        else:
            yield " ▸ ".join(below)


@pytest.fixture
def entries(make_napari_viewer):
    bar = make_napari_viewer().window._qt_window.menuBar()
    return {
        entry
        for action in bar.actions()
        for entry in entries_of(action.menu(), [action.text().replace("&", "")])
    }


def test_each_menu_is_there(entries):
    named = {path: page for page in PAGES for path in paths_of(page)}
    assert "Layers ▸ Classify ▸ Color Clustering (napari-colorcluster)" in named
    missing = {path: str(page) for path, page in named.items() if path not in entries}
    assert not missing

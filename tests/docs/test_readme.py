"""The README is shown elsewhere, too: its links and pictures are addresses, and none is dead."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
SITE = URLS["Documentation"].rstrip("/") + "/"
REPOSITORY = URLS["Homepage"] + "/"
FILES = REPOSITORY + "blob/main/"
PICTURES = REPOSITORY.replace("//github.com/", "//raw.githubusercontent.com/") + "main/"

LINKS = re.findall(r"(?<!!)\[[^]]*\]\(([^)]*)\)", README)
SHOWN = re.findall(r"!\[[^]]*\]\(([^)]*)\)|(?:src|srcset)=\"([^\"]*)\"", README)
SHOWN = [one or other for one, other in SHOWN]


def source_of(address):
    """The file of the repository that an address shows; None if it is somewhere else."""
    for start, folder in ((FILES, ROOT), (PICTURES, ROOT), (SITE, ROOT / "docs")):
        if address.startswith(start):
            name = address.removeprefix(start) or "index.html"
            return folder / (re.sub(r"\.html$", ".md", name) if start == SITE else name)
    return None


def test_it_has_links_and_pictures():
    assert len(LINKS) > 5
    assert SHOWN
    assert not re.search(r"^\[[^]]*\]:", README, re.M), "a kind of link that is not tested here"
    assert "href=" not in README


@pytest.mark.parametrize("address", sorted({*LINKS, *SHOWN}))
def test_an_address_is_absolute_and_leads_somewhere(address):
    assert address.startswith("https://")
    source = source_of(address)
    if source is not None:
        assert source.is_file()


@pytest.mark.parametrize("address", SHOWN)
def test_a_picture_is_of_this_repository(address):
    assert source_of(address) is not None


def test_all_pages_of_the_site_and_files_are_told_apart():
    assert source_of(SITE) == ROOT / "docs" / "index.md"
    assert source_of(SITE + "how_to/napari.html") == ROOT / "docs" / "how_to" / "napari.md"
    assert source_of(FILES + "LICENSE") == ROOT / "LICENSE"
    assert source_of("https://napari.org") is None
    assert not source_of(SITE + "missing.html").is_file()

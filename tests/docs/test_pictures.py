"""The pictures of the site: each is there in both themes, is shown, and loads quickly."""

import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = sorted((DOCS / "pictures").glob("*.webp"))
SHOWN = {
    (page.parent / name).resolve()
    for page in DOCS.rglob("*.md")
    if "_build" not in page.parts
    for name in re.findall(r"\{image\} (\S+\.webp)", page.read_text("utf-8"))
}
MOST_BYTES, MOST_FILM_BYTES = 200_000, 3_000_000


def test_each_picture_that_is_shown_is_there_and_each_that_is_there_is_shown():
    assert set(PICTURES) == SHOWN


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_compact_and_has_a_twin_in_the_other_theme(path):
    name, theme = path.stem.rsplit("-", 1)
    other = {"light": "dark", "dark": "light"}[theme]
    with Image.open(path) as picture, Image.open(path.with_stem(f"{name}-{other}")) as twin:
        assert picture.size == twin.size
        is_film = getattr(picture, "n_frames", 1) > 1
    assert path.stat().st_size <= (MOST_FILM_BYTES if is_film else MOST_BYTES)

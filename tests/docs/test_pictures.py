"""The pictures of the site: each is there in both themes, is shown, and loads quickly."""

import re
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

import napari_colorcluster as ncc

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = sorted((DOCS / "pictures").glob("*.webp"))
SHOWN = {
    (page.parent / name).resolve()
    for page in DOCS.rglob("*.md")
    if "_build" not in page.parts
    for name in re.findall(r"\{image\} (\S+\.webp)", page.read_text("utf-8"))
}
ALT = re.compile(r"\{image\} \S+/(\S+)-light\.webp\n.*\n *:alt: (.*)")
TOLD = {
    name: text
    for page in (DOCS / "how_to").glob("*.md")
    for name, text in ALT.findall(page.read_text("utf-8"))
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


def beetle():
    return ncc.cluster_colors(ncc.load_sample("beetle").image, 4)


def scored_leaf():
    return ncc.cluster_colors(ncc.load_sample("leaf").image, 5).set_background(1).merge([2, 3])


def stains(n_clusters, **space):
    return ncc.cluster_colors(data.immunohistochemistry(), n_clusters, **space)


@pytest.mark.parametrize(
    ("name", "clustering"),
    [
        ("beetle-clustered", beetle),
        ("beetle-palette", lambda: beetle().set_background(1)),
        ("leaf-scored", scored_leaf),
        ("stains-levels", lambda: stains(3, color_space="od")),
        ("stains-apart", lambda: stains(4, color_space="hed", standardize=True)),
    ],
)
def test_a_picture_is_told_with_the_shares_that_it_shows(name, clustering):
    shares = [f"{share:.1%}" for share in clustering().palette.fractions]
    assert sorted(re.findall(r"[\d.]+%", TOLD[name])) == sorted(shares)

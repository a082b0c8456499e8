"""The files of a report: what is in them, and that names are texts wherever they stand."""

import json
import re

import numpy as np
import pytest

from napari_colorcluster import Palette
from napari_colorcluster.core.clustering.residuals import Residuals
from napari_colorcluster.core.studies.comparison import palette_distance
from napari_colorcluster.report.html import figures
from napari_colorcluster.report.html.figures import report_figures
from napari_colorcluster.report.html.image import ReportImage, thumbnail_paths
from napari_colorcluster.report.html.page import write_report
from napari_colorcluster.report.html.study import facts_of, report_image, with_distances

COLORS, NAMES = [[0, 0, 0], [255, 255, 255], [200, 0, 0]], ["black", "white", "red"]
EVIL = "</script><img src=x onerror=alert(1)>&\"'$\\frac$"


def images(n, groups=("north", "south"), **more):
    pixels = np.random.default_rng(0).integers(1, 99, size=(n, 3))
    return [
        ReportImage(
            f"leaf {at}", f"in/{at}.png", Palette(COLORS, each, NAMES), groups[at % 2], **more
        )
        for at, each in enumerate(pixels)
    ]


def data_of(folder):
    text = (folder / "report" / "data.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.STUDY = ").removesuffix(";\n"))


def test_data_are_those_of_the_images(tmp_path):
    made = images(5, notes=("Read upright.",), excluded={"masked": 0, "too_far": 7})
    made[2] = ReportImage(
        "own",
        "own.png",
        Palette([[9, 9, 9]], [4], ["ink"], [6]),
        residuals=Residuals(1.23456, np.nan),
    )
    assert write_report(tmp_path, made) == tmp_path / "report.html"
    data = data_of(tmp_path)
    assert data["name"] == ["leaf 0", "leaf 1", "own", "leaf 3", "leaf 4"]
    assert [data["groups"][at] for at in data["group"]] == ["north", "south", "", "south", "north"]
    assert data["pixels"] == [image.palette.pixels.tolist() for image in made]
    assert data["palettes"][data["palette"][2]] == [[6, "ink", "#090909"]]
    assert data["palettes"][data["palette"][4]][2] == [3, "red", "#c80000"]
    assert data["mean"] == [None, None, 1.235, None, None]
    assert data["p95"] == data["distance"] == [None] * 5
    assert data["excluded"][0] == [["too far from every cluster", 7]]
    assert data["thumbnails"][2] == list(thumbnail_paths("own"))


def test_a_report_is_the_same_each_time_and_marks_stay_with_its_folder(tmp_path):
    def written(folder, n):
        write_report(tmp_path / folder, images(n))
        return [path.read_bytes() for path in sorted((tmp_path / folder).rglob("*.*"))]

    first = written("one", 3)
    key = data_of(tmp_path / "one")["key"]
    assert written("one", 3) == first
    assert written("one", 1) != first
    assert data_of(tmp_path / "one")["key"] == key
    written("two", 1)
    assert data_of(tmp_path / "two")["key"] != key


def test_names_are_texts_in_the_page(tmp_path):
    made = [*images(3), ReportImage(EVIL, EVIL, images(1)[0].palette, EVIL)]
    page = write_report(tmp_path, made, title=EVIL, facts=(EVIL,)).read_text("utf-8")
    assert "<img src=x" not in page
    assert "onerror=alert(1)&gt;" in page
    assert page.count("</script>") == 2


def test_any_file_name_goes(tmp_path):
    odd = ["caf\udce9.png", "two\nlines", "漢字", "x" * 240, "x" * 239 + "y", "a$b$c_{", "\x01"]
    palette = images(1)[0].palette
    write_report(tmp_path, [ReportImage(name, name, palette, name) for name in odd], title=odd[0])
    assert data_of(tmp_path)["name"] == ["caf\\udce9.png", *odd[1:]]
    paths = [thumbnail_paths(name) for name in odd]
    assert len(set(paths)) == len(odd)
    assert all(path.isascii() and len(path) < 60 for both in paths for path in both)


def test_nothing_is_fetched_from_elsewhere(tmp_path):
    page = write_report(tmp_path, images(6)).read_text("utf-8")
    linked = re.findall(r'(?:src|href)="([^"#][^"]*)"', page)
    assert {each for each in linked if not each.startswith("data:")} == {"report/data.js"}
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)


def test_figures_are_those_that_the_images_allow():
    def titles(made):
        return [figure.title for figure in report_figures(made)]

    assert titles(images(1)) == ["Shares by group"]
    assert titles(images(2, ("", ""))) == ["Shares", "Distances between palettes"]
    own = ReportImage("own", "own", Palette([[9, 9, 9]], [4], ["ink"]))
    assert titles([*images(2), own]) == ["Ordination", "Distances between palettes"]
    empty = ReportImage("empty", "empty", Palette(COLORS, [0, 0, 0], NAMES))
    assert titles([empty]) == []
    with pytest.raises(ValueError, match="at least one image"):
        write_report(".", [])


def test_points_lead_to_their_images_and_tables_tell_the_means():
    made = images(6)
    made[1] = ReportImage("empty", "empty", Palette(COLORS, [0, 0, 0], NAMES), "south")
    shares, ordination, _ = report_figures(made)
    found = re.findall(r'href="#image=(\d+)" tabindex="-1"><title>leaf (\d+)', ordination.svg)
    assert sorted(found) == [(at, at) for at in "02345"]
    assert shares.columns == ("group", "images", *NAMES)
    north = np.mean([made[at].palette.fractions for at in (0, 2, 4)], axis=0)
    assert [cell.partition(" ")[0] for cell in shares.rows[0][2:]] == [
        f"{each:.1%}" for each in north
    ]
    assert [row[0] for row in ordination.rows] == ["all groups"]


def test_of_many_images_some_of_each_group_are_compared(monkeypatch):
    monkeypatch.setattr(figures, "MOST_COMPARED", 10)
    ordination = report_figures(images(34))[1]
    at = [int(each) for each in re.findall(r"#image=(\d+)", ordination.svg)]
    assert len(at) == 10
    assert sum(each % 2 for each in at) == 5
    assert "10 of 34 images" in ordination.caption


def test_what_a_study_records_is_shown():
    rows = [[1, "black", "#000000", 30], [4, "red", "#c80000", 10]]
    image = report_image("a", "in/a.png", rows, notes=["n"], residuals=[1.5, 3.0])
    assert image.palette == Palette([[0, 0, 0], [200, 0, 0]], [30, 10], ["black", "red"], [1, 4])
    assert image.residuals == Residuals(1.5, 3.0)
    pool = Palette([[0, 0, 0], [200, 0, 0]], [1, 1], ["black", "red"])
    [near] = with_distances([image], pool)
    assert near.distance == pytest.approx(palette_distance(image.palette, pool))
    settings = {"method": "kmeans", "color_space": "lab", "n_clusters": 5}
    assert facts_of(settings) == ["k-means in CIELAB", "5 clusters"]

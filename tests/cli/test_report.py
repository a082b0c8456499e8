"""The report of the command: its data against the table, resuming, and a second run by marks."""

import json
import re

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest

from napari_colorcluster import ColorClustering, Palette, cluster_colors, count_colors
from napari_colorcluster.core.studies.comparison import palette_distance
from napari_colorcluster.report.html.image import thumbnail_paths


def data_of(folder):
    text = (folder / "report" / "data.js").read_text("utf-8")
    return json.loads(text.partition("= ")[2].rstrip(";\n"))


def test_the_report_shows_what_the_table_holds(run, photos, tmp_path):
    out = tmp_path / "out"
    assert run(photos, "-k", 3, "--pool", "--report") == 0
    data = data_of(out)
    table = pd.read_csv(out / "shares.csv")
    assert data["name"] == ["a", "b", "c"]
    assert data["pixels"] == [rows["pixels"].tolist() for _, rows in table.groupby("image")]
    [clusters] = data["palettes"]
    first = table[table["image"] == "a"]
    assert [tuple(each) for each in clusters] == list(
        first[["cluster", "name", "hex"]].itertuples(index=False, name=None)
    )
    colors = [tuple(bytes.fromhex(each[1:])) for each in first["hex"]]
    pool = Palette(colors, np.sum(data["pixels"], axis=0), tuple(first["name"]))
    for at, name in enumerate("abc"):
        own = Palette(colors, data["pixels"][at], pool.names)
        assert data["distance"][at] == pytest.approx(palette_distance(own, pool), abs=6e-4)
        image = iio.imread(photos / f"{name}.png")
        given = ColorClustering.from_palette(pool).residual_summary_of(count_colors(image))
        assert data["mean"][at] == pytest.approx(given.mean, abs=0.2)
        photo, quantized = thumbnail_paths(name)
        assert iio.imread(out / photo).shape == image.shape
        expected = iio.imread(out / f"{name}-quantized.png")
        np.testing.assert_array_equal(iio.imread(out / quantized)[..., :3], expected[..., :3])
    assert "k-means in CIELAB" in (out / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", ["saved.gpl", "saved.json"])
def test_a_palette_that_was_given_is_said_to_be_so(run, photos, tmp_path, name):
    made = cluster_colors(iio.imread(photos / "a.png"), 4, method="median_cut")
    (made if name.endswith("json") else made.palette).write(tmp_path / name)
    assert run(photos, "--palette", tmp_path / name, "--report") == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    facts = re.findall("<span>(.*)</span>", page.partition("</header>")[0])
    assert facts == ["3 images", "given palette applied", "4 clusters", "one palette for all"]


def test_folders_are_groups_and_a_resumed_run_makes_what_is_missing(run, photos, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (photos / "c.png").rename(other / "c.png")
    run(photos, other, "-k", 3)
    assert not (tmp_path / "out" / "report").exists()
    assert run(photos, other, "-k", 3, "--report", "--resume") == 0
    data = data_of(tmp_path / "out")
    assert [data["groups"][at] for at in data["group"]] == ["photos", "photos", "other"]
    assert data["distance"] == [None] * 3
    lost = tmp_path / "out" / thumbnail_paths("b")[1]
    before = lost.read_bytes()
    lost.unlink()
    assert run(photos, other, "-k", 3, "--report", "--resume") == 0
    assert lost.read_bytes() == before
    assert data_of(tmp_path / "out") == data


def test_a_second_run_takes_only_what_was_marked(run, photos, tmp_path, capsys):
    marked = tmp_path / "marked.csv"
    marked.write_text('\ufeffimage,path,wrong,comment\nb,in/b.png,yes,"two,\nlines"\n', "utf-8")
    assert run(photos, "-k", 3, "--only", marked) == 0
    assert set(pd.read_csv(tmp_path / "out" / "shares.csv")["image"]) == {"b"}
    # As spreadsheets save it where commas are part of numbers.
    marked.write_text("image;wrong\nb;yes\ny;yes\nz;no\n", "utf-8")
    assert run(photos, "-k", 3, "--only", marked) == 0
    said = f"{marked} names 2 that are not among the images, such as y."
    assert said in capsys.readouterr().err
    marked.write_text("name\nb\n", "utf-8")
    with pytest.raises(SystemExit):
        run(photos, "--only", marked)
    assert "must be a CSV file with a column named image" in capsys.readouterr().err
    marked.write_text("image\nz\n", "utf-8")
    with pytest.raises(SystemExit):
        run(photos, "--only", marked)
    assert "None of the images is named" in capsys.readouterr().err

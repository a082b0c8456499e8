"""A clustering that was saved, applied by the command to other images as it is."""

import struct

import imageio.v3 as iio
import pandas as pd
import pytest

from napari_colorcluster import ColorClustering, cluster_colors, read_palette
from napari_colorcluster.core.studies.pooling import shares


def test_a_saved_clustering_is_applied_edits_included(run, photos, tmp_path):
    images = {name: iio.imread(photos / f"{name}.png") for name in "abc"}
    saved = cluster_colors(images["a"], 5).merge([1, 3]).rename(2, "bark").recolor(4, "#00ff00")
    saved.write(tmp_path / "saved.json")
    assert run(photos, "--palette", tmp_path / "saved.json") == 0
    table = pd.read_csv(tmp_path / "out" / "shares.csv")
    for name, rows in table.groupby("image"):
        palette = shares(saved, images[name])
        assert rows["cluster"].tolist() == palette.labels.tolist()
        assert tuple(rows["name"]) == palette.names
        assert tuple(rows["hex"]) == palette.hex
        assert rows["pixels"].tolist() == palette.pixels.tolist()


def test_an_invalid_palette_file_is_a_wrong_argument(run, photos, tmp_path, capsys):
    (tmp_path / "wrong.json").write_text("{}")
    for name in ("wrong.json", "gone.json"):
        with pytest.raises(SystemExit) as ended:
            run(photos, "--palette", tmp_path / name)
        assert ended.value.code == 2
        assert name in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".json", ".csv", ".gpl", ".ase"])
def test_a_palette_alone_is_applied_to_the_nearest_color(run, photos, tmp_path, suffix):
    images = {name: iio.imread(photos / f"{name}.png") for name in "abc"}
    cluster_colors(images["a"], 5).rename(2, "bark").palette.write(tmp_path / f"saved{suffix}")
    saved = read_palette(tmp_path / f"saved{suffix}")
    assert run(photos, "--palette", tmp_path / f"saved{suffix}") == 0
    table = pd.read_csv(tmp_path / "out" / "shares.csv")
    clustering = ColorClustering.from_palette(saved)
    for name, rows in table.groupby("image"):
        palette = shares(clustering, images[name])
        assert rows["pixels"].tolist() == palette.pixels.tolist()
        assert dict(zip(rows["name"], rows["hex"], strict=True)) == dict(
            zip(saved.names, saved.hex, strict=True)
        )


@pytest.mark.parametrize("suffix", [".json", ".gpl"])
def test_what_is_too_far_from_a_palette_is_counted_apart(run, photos, tmp_path, suffix):
    images = {name: iio.imread(photos / f"{name}.png") for name in "abc"}
    saved = cluster_colors(images["a"], 5)
    file = tmp_path / f"saved{suffix}"
    (saved if suffix == ".json" else saved.palette).write(file)
    assert run(photos, "--palette", file, "--max-distance", 12) == 0
    table = pd.read_csv(tmp_path / "out" / "shares.csv")
    applied = saved if suffix == ".json" else ColorClustering.from_palette(read_palette(file))
    limited = applied.leave_out_beyond(12)
    for name, rows in table.groupby("image"):
        labels = limited.predict(images[name])
        assert rows["too_far"].unique().tolist() == [(labels == 0).sum()]
        assert rows["pixels"].sum() == (labels > 0).sum()
        assert rows["fraction"].sum() == pytest.approx(1)
    assert table["too_far"].min() < table["too_far"].max()


@pytest.mark.filterwarnings("default")
def test_how_inks_are_read_is_told(run, photos, tmp_path, capsys):
    path = tmp_path / "inks.aco"
    path.write_bytes(struct.pack(">14H", 1, 2, *(2, 0, 65535, 65535, 65535), 0, 0, 0, 0, 0, 0, 0))
    assert run(photos, "--palette", path) == 0
    said = capsys.readouterr().err
    assert said.count("red is taken as (1 - cyan) × (1 - black)") == 1
    assert "UserWarning" not in said
    (tmp_path / "press.icc").write_bytes(b"no profile")
    wrong = {
        ("--palette", path, "--cmyk-profile", tmp_path / "press.icc"): "'press.icc' is no ICC",
        ("--cmyk-profile", tmp_path / "press.icc"): "--cmyk-profile needs --palette",
    }
    for options, expected in wrong.items():
        with pytest.raises(SystemExit):
            run(photos, *options, out="other")
        assert expected in capsys.readouterr().err

"""A study as a script runs it: what is in its tables, what a second run does, its record."""

import json
import subprocess
import sys
import threading
import time

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest
import zarr

import napari_colorcluster as ncc
from napari_colorcluster.core.support.progress import Cancelled

RUN = """
import sys
import napari_colorcluster as ncc
ncc.run_study(sys.argv[2:], sys.argv[1], 3)
"""


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def table_of(folder):
    return pd.read_csv(folder / "shares.csv", keep_default_na=False)


def test_sub_folders_are_in_names_and_groups(photos, out, files_in):
    study = ncc.run_study(photos, out, 3, recursive=True, groups="folder")
    assert study.done == ("a", "b", "sun/a", "sun/c")
    assert not study.skipped
    table = table_of(out)
    assert table["image"].unique().tolist() == ["a", "b", "sun/a", "sun/c"]
    assert table["path"].unique()[-1] == str(photos / "sun" / "c.png")
    assert table["group"].unique().tolist() == ["photos", "sun"]
    pd.testing.assert_frame_equal(study.to_dataframe()[table.columns[:6]], table.iloc[:, :6])
    expected = ncc.cluster_colors(iio.imread(photos / "sun" / "c.png"), 3).palette
    assert table.query("image == 'sun/c'")["pixels"].tolist() == expected.pixels.tolist()
    assert {"sun/c-labels.tif", "sun/c-quantized.png"} < files_in(out).keys()
    again = ncc.run_study([photos / "sun", photos], out / "2", 3)
    assert again.done == ("b", "c", "photos/a", "sun/a")


def test_masks_and_ignored_colors_are_left_out_and_counted(photos, tmp_path, out):
    masks = tmp_path / "masks"
    (masks / "sun").mkdir(parents=True)
    images = {name: iio.imread(photos / f"{name}.png") for name in ("a", "b", "sun/a", "sun/c")}
    for number, (name, image) in enumerate(images.items()):
        mask = np.random.default_rng(number).random(image.shape[:2]) > 0.3
        np.save(masks / f"{name}.npy", mask)
    color = "#{:02x}{:02x}{:02x}".format(*images["a"][5, 5])
    options = {"masks": masks, "ignore": [f"{color}:9"]}
    for pool in (None, "pixels"):
        folder = out / str(pool)
        ncc.run_study(photos, folder, 3, recursive=True, pool=pool, **options)
        for name, rows in table_of(folder).groupby("image"):
            mask, near = np.load(masks / f"{name}.npy"), ncc.SphericalRange(color, 9)
            inside = ncc.count_range(images[name], near, mask, return_mask=True).mask
            left_out = {"masked": (~mask).sum(), "ignored": inside.sum(), "transparent": 0}
            assert {each: rows[each].iloc[0] for each in left_out} == left_out
            assert rows["pixels"].sum() == (mask & ~inside).sum()
            labels = iio.imread(folder / f"{name}-labels.tif")
            np.testing.assert_array_equal(labels > 0, mask & ~inside)
            if pool is None:
                palette = ncc.cluster_colors(images[name], 3, mask=mask & ~inside).palette
                assert rows["pixels"].tolist() == palette.pixels.tolist()
    (masks / "b.npy").unlink()
    (masks / "sun" / "a.npy").unlink()
    np.save(masks / "sun" / "c.npy", np.ones((2, 2), bool))
    study = ncc.run_study(photos, out / "3", 3, recursive=True, **options)
    assert study.done == ("a",)
    told = " ".join(str(message) for message in study.skipped)
    assert told.count("There is no mask for it") == 2
    assert "(2, 2)" in told


def test_a_second_run_adds_to_the_first(photos, out, files_in):
    groups = {"a": {"site": "A"}, "b": {"site": "B"}}
    ncc.run_study(photos / "a.png", out, 3, groups=groups)
    assert ncc.run_study(photos / "b.png", out, 3, groups={"b": {"site": "B"}}).done == ("b",)
    ncc.run_study(photos, out.parent / "whole", 3, groups=groups)
    assert files_in(out) == files_in(out.parent / "whole")


def test_images_belong_to_what_the_last_run_with_groups_says(photos, out):
    ncc.run_study(photos, out, 3, groups="(?)*")
    ncc.run_study(photos / "a.png", out, 3, resume=True)
    assert set(table_of(out)["group"]) == {"a", "b"}
    ncc.run_study(photos, out, 3, groups="(b)*", resume=True)
    assert set(table_of(out)["group"]) == {"", "b"}
    # Of images that a run is not about, it says nothing.
    ncc.run_study(photos / "a.png", out, 3, groups={"a": {"site": "A"}}, resume=True)
    first = table_of(out).drop_duplicates("image")
    assert first[["group", "site"]].to_numpy().tolist() == [["", "A"], ["b", ""]]


def test_images_that_are_made_anew_or_half_take_no_groups_and_no_record_with_them(photos, out):
    ncc.run_study(photos, out, 3, groups="(?)*")
    ncc.run_study(photos / "b.png", out, 3)
    assert set(table_of(out)["group"]) == {"a", "b"}

    def stop(fraction, what):
        if fraction >= 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        ncc.run_study(photos, out, 3, n_jobs=1, progress=stop)
    assert not (out / "shares.csv").exists()
    ncc.rerun_study(out / "study.json", resume=True)
    assert set(table_of(out)["group"]) == {"a", "b"}
    # Other settings are none that the record could tell.
    with pytest.raises(Cancelled):
        ncc.run_study(photos, out, 4, progress=stop)
    assert not (out / "study.json").exists()


def test_results_of_an_image_that_is_skipped_later_stay_in_the_table(photos, out, files_in):
    ncc.run_study(photos, out, 3)
    before, told = files_in(out), []
    (photos / "b.png").write_bytes(b"no picture")
    study = ncc.run_study(photos, out, 3, on_message=told.append)
    assert study.done == ("a",)
    assert files_in(out) == before
    assert str(told[-1]) == f"{photos / 'b.png'}: Its results of an earlier run stay in the tables."
    ncc.run_study(photos, out, 4)
    assert set(table_of(out)["image"]) == {"a"}


def test_results_are_neither_mixed_up_nor_replaced(photos, out, files_in, refused):
    ncc.run_study(photos, out, 3)
    before = files_in(out)
    with refused("results of 1 other images", "such as b", "other settings"):
        ncc.run_study(photos / "a.png", out, 4)
    with refused("results of 1 other images", "a pool has one palette"):
        ncc.run_study(photos / "a.png", out, 3, pool="pixels")
    with refused("results of another image named a", str(photos / "a.png")):
        ncc.run_study(photos / "sun" / "a.png", out, 3)
    assert files_in(out) == before
    # All of them anew is another matter.
    ncc.run_study(photos, out, 4)
    assert len(table_of(out)) == 8


def test_an_image_that_was_moved_is_the_same(photos, out, files_in):
    ncc.run_study(photos / "b.png", out, 3)
    (photos / "b.png").rename(photos / "sun" / "b.png")
    told = []
    ncc.run_study(photos / "sun" / "b.png", out, 3, resume=True, on_message=told.append)
    assert told == []
    assert table_of(out)["path"].unique().tolist() == [str(photos / "sun" / "b.png")]


def test_two_processes_in_one_folder_give_what_one_gives(photos, out, files_in):
    parts = [[photos / "a.png", photos / "b.png"], [photos / "b.png", photos / "sun" / "c.png"]]
    with subprocess.Popen([sys.executable, "-c", RUN, str(out), *map(str, parts[0])]) as process:
        while process.poll() is None and not out.exists():
            time.sleep(0.005)
        ncc.run_study(parts[1], out, 3)
    assert process.returncode == 0
    whole = out.parent / "whole"
    ncc.run_study({path: 0 for part in parts for path in part}, whole, 3)
    assert files_in(out) == files_in(whole)


def test_two_threads_in_one_folder_give_what_one_gives(photos, out, files_in):
    parts = [[photos / "a.png"], [photos / "b.png"], [photos / "sun" / "c.png"], [photos]]
    threads = [threading.Thread(target=ncc.run_study, args=(part, out, 3)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    ncc.run_study([photos, photos / "sun" / "c.png"], out.parent / "whole", 3)
    assert files_in(out) == files_in(out.parent / "whole")


def test_what_is_cancelled_keeps_what_is_done(photos, out, files_in):
    def stop(fraction, what):
        if fraction > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        ncc.run_study(photos, out, 3, recursive=True, n_jobs=1, progress=stop)
    assert 1 <= len(list(out.rglob("*-labels.tif"))) < 4
    ncc.run_study(photos, out, 3, recursive=True, resume=True)
    ncc.run_study(photos, out.parent / "whole", 3, recursive=True)
    assert files_in(out) == files_in(out.parent / "whole")


def test_a_record_runs_the_study_again_and_knows_its_files(photos, tmp_path, out, files_in):
    settings = {"ignore": ["#ffffff:10:border"], "pattern": True, "pixel_size": "2x3 mm"}
    how = {
        "method": "bisecting_kmeans",
        "bisecting_strategy": "largest_cluster",
        "max_distance": 30.0,
    }
    ncc.run_study(photos, out, 4, recursive=True, groups="folder", **settings, **how)
    record = json.loads((out / "study.json").read_text())
    assert record["version"] == ncc.__version__
    assert len(record["images"]["sun/a"]["checksums"]["image"]) == 64
    told = []
    study = ncc.rerun_study(out / "study.json", tmp_path / "again", on_message=told.append)
    assert study.done == ("a", "b", "sun/a", "sun/c")
    assert told == []
    assert files_in(tmp_path / "again") == files_in(out)
    iio.imwrite(photos / "b.png", 255 - iio.imread(photos / "b.png"))
    ncc.rerun_study(out / "study.json", resume=True, on_message=told.append)
    assert [str(message) for message in told] == [
        f"{photos / 'b.png'}: Its image is not the file that it was in the study."
    ]


@pytest.mark.parametrize("text", ["{}", "[]", "no json", '{"format": "another"}'])
def test_what_is_no_record_is_refused(tmp_path, refused, text):
    (tmp_path / "study.json").write_text(text)
    with refused("study.json is no record of a study"):
        ncc.rerun_study(tmp_path / "study.json")


def test_a_saved_clustering_is_in_the_record(photos, tmp_path, out, files_in):
    saved = ncc.cluster_colors(iio.imread(photos / "a.png"), 4).merge([1, 2]).rename(1, "bark")
    ncc.run_study(photos, out, clustering=saved)
    assert "bark" in set(table_of(out)["name"])
    ncc.rerun_study(out / "study.json", tmp_path / "again")
    assert files_in(tmp_path / "again") == files_in(out)


def test_ome_zarr_is_written_and_resumed_as_other_files(photos, out, files_in):
    options = {"recursive": True, "format": "ome-zarr"}
    study = ncc.run_study(photos, out, 3, **options)
    zarrs = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.zarr"))
    assert zarrs == [f"{name}.colors.ome.zarr" for name in study.done]
    image = iio.imread(photos / "sun" / "c.png")
    expected = ncc.cluster_colors(image, 3)
    written = zarr.open_group(out / "sun" / "c.colors.ome.zarr", mode="r")
    np.testing.assert_array_equal(written["labels/clusters/0"][:], expected.predict(image))
    quantized = np.moveaxis(written["0"][:], 0, -1)
    np.testing.assert_array_equal(quantized, expected.quantize(image))
    first = files_in(out)
    (out / "a.colors.ome.zarr" / "labels" / "clusters" / "0" / "0" / "0").unlink()
    kept = (out / "b.colors.ome.zarr").stat().st_ino
    ncc.run_study(photos, out, 3, **options, resume=True)
    assert files_in(out) == first
    assert (out / "b.colors.ome.zarr").stat().st_ino == kept
    ncc.rerun_study(out / "study.json", out.with_name("again"))
    assert files_in(out.with_name("again")) == first


def test_without_zarr_its_format_is_refused_before_any_image_is_read(photos, out, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(ValueError, match=r"^Writing OME-Zarr needs the library zarr: pip install"):
        ncc.run_study(photos, out, 3, format="ome-zarr")
    assert not out.exists()


def test_another_format_takes_the_place_of_the_files_before(photos, out, files_in):
    ncc.run_study(photos, out, 3, format="ome-zarr")
    ncc.run_study(photos, out, 3)
    ncc.run_study(photos, out.with_name("other"), 3)
    assert files_in(out) == files_in(out.with_name("other"))
    ncc.run_study(photos, out, 3, format="ome-zarr")
    assert {path.suffix for path in out.iterdir() if path.name != ".colorcluster"} == {
        *(".zarr", ".csv", ".json")
    }
    with pytest.raises(ValueError, match="Unknown format 'zarr'; known are 'tiff', 'ome-zarr'"):
        ncc.run_study(photos, out, 3, format="zarr")

"""The command as a person runs it: results, refusals, exit codes, being killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import dask
import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest
import tifffile
import zarr
from PIL import Image

from napari_colorcluster import (
    Calibration,
    cluster_colors,
    count_colors,
    read_image,
    write_svg,
)
from napari_colorcluster.cli.main import main
from napari_colorcluster.core.studies.pooling import pool, shares
from napari_colorcluster.study import one_image
from napari_colorcluster.study.run_study import run_study

COMMAND = "import sys; from napari_colorcluster.cli.main import main; sys.exit(main())"


def table_of(folder):
    return pd.read_csv(folder / "shares.csv", keep_default_na=False)


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_each_image_gets_its_own_palette(run, photos, tmp_path):
    assert run(photos, "-k", 4, "--space", "rgb", "--seed", 7, "--pixel-size", 0.5) == 0
    table = table_of(tmp_path / "out")
    assert list(table) == [
        "image",
        "path",
        "cluster",
        "name",
        "hex",
        "pixels",
        "fraction",
        "area",
        "area_unit",
        "masked",
        "not_finite",
        "transparent",
        "too_far",
        "ignored",
    ]
    assert not table[["masked", "not_finite", "transparent", "too_far", "ignored"]].to_numpy().any()
    assert table["image"].tolist() == [name for name in "abc" for _ in range(4)]
    for name, rows in table.groupby("image"):
        image = iio.imread(photos / f"{name}.png")
        clustering = cluster_colors(image, 4, color_space="rgb", random_state=7)
        palette = clustering.palette
        assert rows["cluster"].tolist() == palette.labels.tolist()
        assert tuple(rows["name"]) == palette.names
        assert tuple(rows["hex"]) == palette.hex
        assert rows["pixels"].tolist() == palette.pixels.tolist()
        assert rows["fraction"].tolist() == palette.fractions.tolist()
        assert rows["area"].tolist() == (palette.pixels / 4).tolist()
        labels = tifffile.imread(tmp_path / "out" / f"{name}-labels.tif")
        np.testing.assert_array_equal(labels, clustering.predict(image))
        quantized = iio.imread(tmp_path / "out" / f"{name}-quantized.png")
        np.testing.assert_array_equal(quantized, clustering.quantize(image))
    names = [f"{name}-{kind}" for name in "abc" for kind in ("labels.tif", "quantized.png")]
    assert sorted(files_in(tmp_path / "out")) == [*names, "shares.csv", "study.json"]


@pytest.mark.parametrize("weights", ["pixels", "equal"])
def test_a_pool_gives_all_the_same_palette(run, photos, tmp_path, weights):
    assert run(photos, "--pool", "--weights", weights) == 0
    table = table_of(tmp_path / "out")
    images = {name: iio.imread(photos / f"{name}.png") for name in "abc"}
    histograms = [count_colors(image) for image in images.values()]
    clustering = cluster_colors(pool(histograms, weights))
    for name, rows in table.groupby("image"):
        palette = shares(clustering, images[name])
        assert rows["pixels"].tolist() == palette.pixels.tolist()
        assert tuple(rows["hex"]) == palette.hex
        assert rows["fraction"].sum() == pytest.approx(1, abs=1e-12)
    assert set(table["area"]) == set(table["area_unit"]) == {""}


def test_options_of_the_method_and_the_suggested_k(run, photos, tmp_path):
    more = ["--method", "agglomerative", "--option", "linkage=average", "-k", "auto"]
    assert run(photos / "c.png", *more) == 0
    image = iio.imread(photos / "c.png")
    expected = cluster_colors(image, "auto", method="agglomerative", linkage="average").palette
    assert table_of(tmp_path / "out")["pixels"].tolist() == expected.pixels.tolist()


@pytest.mark.parametrize("pooled", [[], ["--pool"]])
def test_a_bad_file_is_reported_and_skipped(run, photos, tmp_path, capsys, pooled):
    (photos / "bad.png").write_bytes(b"no image")
    iio.imwrite(photos / "gray.png", np.arange(81, dtype=np.uint8).reshape(9, 9))
    assert run(photos, photos / "gone.tif", *pooled) == 1
    assert set(table_of(tmp_path / "out")["image"]) == {*"abc", "gray"}
    reported = capsys.readouterr().err
    for name in ("bad.png", "gone.tif"):
        (line,) = [line for line in reported.splitlines() if name in line and "Skipped" in line]
        assert "Traceback" not in line
    assert "4 of 6 images" in reported


@pytest.mark.parametrize("more", [[], ["--pool"], ["--palette"]])
def test_an_image_without_pixels_is_skipped(run, photos, tmp_path, capsys, more):
    image = np.dstack([iio.imread(photos / "a.png"), np.zeros((47, 68), np.uint8)])
    iio.imwrite(photos / "d.png", image)
    if "--palette" in more:
        cluster_colors(image[..., :3]).palette.write(tmp_path / "palette.gpl")
        more = [*more, tmp_path / "palette.gpl"]
    assert run(photos, *more) == 1
    assert set(table_of(tmp_path / "out")["image"]) == set("abc")
    assert "d.png: No pixel takes part" in capsys.readouterr().err


def test_notes_on_reading_are_printed_where_they_are_asked_for_and_recorded(
    run, photos, tmp_path, capsys
):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(photos / "a.png").save(photos / "turned.png", exif=exif)
    note = "turned.png: The picture is turned by 90°."
    run(photos)
    assert note not in capsys.readouterr().err
    run(photos, "--verbose")
    assert capsys.readouterr().err.count(note) == 1
    record = json.loads((tmp_path / "out" / ".colorcluster" / "turned.json").read_text())
    assert record["result"]["notes"] == ["The picture is turned by 90°."]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_a_name_that_is_no_text_is_written_and_reported_all_the_same(photos, tmp_path):
    names = [os.fsencode(photos) + b"/" + name for name in (b"caf\xe9.png", b"bad\xe9.png")]
    os.rename(photos / "a.png", names[0])
    with open(names[1], "wb") as bad:
        bad.write(b"no image")
    command = [sys.executable, "-c", COMMAND, *names, "-o", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, timeout=120)
    assert done.returncode == 1
    assert b"This file format is not supported" in done.stderr
    assert b"Traceback" not in done.stderr
    assert table_of(tmp_path / "out")["image"].unique().tolist() == ["caf\\udce9"]


def test_a_pool_that_fails_leaves_nothing_unfinished(run, photos, tmp_path, capsys):
    iio.imwrite(photos / "clear.png", np.zeros((40, 40, 4), np.uint8))
    assert run(photos / "clear.png", "--pool", "-k", 4) == 1
    assert "No pixel takes part" in capsys.readouterr().err
    assert not (tmp_path / "out" / ".colorcluster" / ".unfinished").exists()


def test_of_fewer_colors_than_clusters_each_is_a_row(run, photos, tmp_path, capsys):
    iio.imwrite(photos / "flat.png", np.full((40, 40, 3), 9, np.uint8))
    assert run(photos / "flat.png", "-k", 4) == 0
    assert table_of(tmp_path / "out")["pixels"].tolist() == [1600]
    assert "only 1 color, so there is 1 cluster instead of 4." in capsys.readouterr().err


def test_no_table_stands_beside_images_that_are_not_its_own(run, photos, tmp_path, monkeypatch):
    assert run(photos) == 0

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(one_image, "write_image", stop)
    assert run(photos, "-k", 3) == 130
    assert not (tmp_path / "out" / "shares.csv").exists()
    assert not (tmp_path / "out" / ".colorcluster" / ".unfinished").exists()


def test_there_is_no_limit_to_the_size_of_a_picture(run, photos, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert run(photos) == 0
    assert Image.MAX_IMAGE_PIXELS == 100


def test_nothing_but_bad_files_gives_an_empty_table(run, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no image")
    for pooled in ([], ["--pool"]):
        assert run(tmp_path / "bad.png", *pooled) == 1
        assert table_of(tmp_path / "out").empty


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["-k", "0"], "n_clusters must be"),
        (["-k", "many"], "a number or auto"),
        (["--method", "magic"], "invalid choice"),
        (["--option", "linkage=average"], "no option of method 'kmeans'"),
        (["-k", "auto", "--method", "dbscan"], "finds the number of clusters itself: leave out -k"),
        (["-k", "3", "--method", "mean_shift"], "leave out -k, got -k 3"),
        (["--weights", "equal"], "--weights needs --pool"),
        (
            [*("--pool", "--weights", "equal", "--method", "dbscan"), "--option", "min_samples=9"],
            "min_samples=9 is a number of pixels",
        ),
        (["--ignore", "white:3"], "Colors to ignore must be"),
        (["--mask", "nowhere"], "--mask must be a folder"),
        (["--jobs", "0"], "a number of at least 1"),
        (["--pixel-size", "0"], "A pixel size must be one length above 0"),
        (["--palette", "p.json", "-k", "3", "--pool"], "does not go with -k, --pool"),
        (["--palette", "gone.json", "--method", "kmeans"], "does not go with --method"),
        (["--palette", "gone.json"], "error: gone.json: No such file or directory."),
        (["--calibration", "gone.json"], "error: gone.json: No such file or directory."),
        (["--groups", "gone.csv"], "error: gone.csv: No such file or directory."),
    ],
)
def test_wrong_arguments_end_with_2_and_write_nothing(run, photos, tmp_path, capsys, wrong, said):
    with pytest.raises(SystemExit) as ended:
        run(photos, *wrong)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_images_and_the_images_own_folder_are_wrong_arguments(
    run, photos, tmp_path, capsys
):
    (tmp_path / "empty").mkdir()
    for folder, out, said in ((tmp_path / "empty", "out", "no images"), (photos, "photos", "anot")):
        with pytest.raises(SystemExit) as ended:
            run(folder, out=out)
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_results_in_a_file_or_below_it_are_refused(run, photos, tmp_path, capsys):
    (tmp_path / "notes").touch()
    with pytest.raises(SystemExit) as ended:
        run(photos, out="notes")
    assert ended.value.code == 2
    said = f"--output must be a folder, got the file {tmp_path / 'notes'}."
    assert said in capsys.readouterr().err
    assert run(photos, out="notes/inside") == 1
    assert capsys.readouterr().err.endswith("Not a directory.\n")


def test_an_error_is_not_lost_below_all_options(run, photos, capsys):
    with pytest.raises(SystemExit):
        run(photos, "-k", 0)
    usage, error = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: napari-colorcluster IMAGE")
    assert error.startswith("napari-colorcluster: error: argument -k: ")


def test_the_summary_is_a_line_whatever_the_folder_is_called(run, photos, capsys):
    try:
        (photos.parent / "two\nlines").mkdir()
    except OSError:
        pytest.skip("This system has no such names.")
    assert run(photos, "-k", 3, out="two\nlines") == 0
    assert capsys.readouterr().err.splitlines()[-1].endswith("two\\nlines")


def test_sub_folders_groups_and_what_is_passed_over(run, photos, tmp_path, capsys):
    (photos / "sun").mkdir()
    (photos / "c.png").rename(photos / "sun" / "a.png")
    (photos / "notes.txt").touch()
    (tmp_path / "groups.csv").write_text("image,site\na,A\nsun/a,B\nx,A\nsun/y,B\n")
    assert run(photos, "-k", 3) == 0
    assert "Left out: 1 .txt, 1 folder." in capsys.readouterr().err
    more = ["--recursive", "--groups", tmp_path / "groups.csv", "--jobs", 1]
    assert run(photos, "-k", 3, *more) == 0
    said = "groups.csv does not say what 1 of the images belong to, such as b."
    told = capsys.readouterr().err
    assert said in told
    assert "groups.csv has 2 that are not among the images, such as x." in told
    table = table_of(tmp_path / "out").drop_duplicates("image")
    assert table[["image", "site"]].to_numpy().tolist() == [["a", "A"], ["b", ""], ["sun/a", "B"]]


def test_a_record_is_run_again(run, photos, tmp_path, capsys):
    assert run(photos, "-k", 3, "--ignore", "#000:20", "--ignore", "#fff:9:border") == 0
    record = tmp_path / "out" / "study.json"
    assert run(record, out="again") == 0
    assert files_in(tmp_path / "again") == files_in(tmp_path / "out")
    assert main([str(record), "--resume"]) == 0
    with pytest.raises(SystemExit) as ended:
        run(record, "-k", 4)
    assert ended.value.code == 2
    assert "does not go with -k" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(photos)])
    assert "-o/--output" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("where", "said"),
    [
        *((each, "local:N needs a number of processes") for each in ("local:0", "local:many")),
        *((each, f"finds no scheduler at {each}.") for each in ("nowhere", "tcp://127.0.0.1:1")),
    ],
)
def test_a_cluster_that_is_none_is_a_wrong_argument(run, photos, capsys, tmp_path, where, said):
    # What dask waits for a scheduler at most; its own settings are read when it is imported.
    pytest.importorskip("distributed")
    quickly = dask.config.set({"distributed.comm.timeouts.connect": "0.2s"})
    with quickly, pytest.raises(SystemExit) as ended:
        run(photos, "--dask", where)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"address": 5}'])
def test_a_file_that_no_scheduler_wrote_is_a_wrong_argument(run, photos, capsys, tmp_path, text):
    pytest.importorskip("distributed")
    (tmp_path / "scheduler.json").write_text(text)
    with pytest.raises(SystemExit) as ended:
        run(photos, "--dask", tmp_path / "scheduler.json")
    assert ended.value.code == 2
    assert "--dask needs the file that a scheduler writes, got" in capsys.readouterr().err


def test_results_of_other_images_stay(run, photos, tmp_path, capsys):
    assert run(photos / "a.png", "-k", 3) == 0
    before = files_in(tmp_path / "out")
    assert run(photos / "b.png", "-k", 4) == 1
    assert "other settings" in capsys.readouterr().err
    assert files_in(tmp_path / "out") == before
    assert run(photos / "b.png", "-k", 3) == 0
    assert set(table_of(tmp_path / "out")["image"]) == {"a", "b"}


def test_results_may_replace_no_image(run, photos, tmp_path, capsys):
    iio.imwrite(photos / "a-labels.tif", iio.imread(photos / "a.png"))
    zarr.save_array(tmp_path / "b.zarr", iio.imread(photos / "b.png"))
    before = files_in(photos)
    for image, out in (
        (photos / "a.png", photos),
        (photos / ".." / "photos" / "a.png", photos),
        (tmp_path / "b.zarr", tmp_path / "b.zarr" / "results"),
    ):
        with pytest.raises(SystemExit) as ended:
            run(image, out=out)
        assert ended.value.code == 2
        assert "--output must be another folder" in capsys.readouterr().err
    assert files_in(photos) == before


def test_areas_are_from_the_files_unless_a_pixel_size_is_given(run, photos, tmp_path):
    image = iio.imread(photos / "a.png")
    stack = np.stack([image, image])
    sides = {"axes": "ZYXS", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5, "PhysicalSizeZ": 2.0}
    tifffile.imwrite(photos / "d.ome.tif", stack, photometric="rgb", metadata=sides)
    per_cm = {"resolution": (10, 10), "resolutionunit": "CENTIMETER"}
    tifffile.imwrite(photos / "e.tif", image, photometric="rgb", **per_cm)
    for more in ([], ["--resume"]):
        assert run(photos, *more) == 0
        table = table_of(tmp_path / "out").set_index("image")
        assert set(table.loc["a", ["area", "area_unit", "volume", "volume_unit"]].stack()) == {""}
        for name, quantity, unit, size in (
            ("d.ome", "volume", "µm³", 0.5),
            ("e", "area", "cm²", 0.01),
        ):
            rows = table.loc[name]
            assert rows[quantity].astype(float).to_numpy() == pytest.approx(rows["pixels"] * size)
            assert set(rows[f"{quantity}_unit"]) == {unit}
    assert run(photos, "--pixel-size", "2x3x4 mm", "--resume") == 0
    table = table_of(tmp_path / "out").set_index("image")
    for name, quantity, unit, size in (("d.ome", "volume", "mm³", 24), ("e", "area", "mm²", 6)):
        rows = table.loc[name]
        assert rows[quantity].astype(float).tolist() == (rows["pixels"] * size).tolist()
        assert set(rows[f"{quantity}_unit"]) == {unit}


def test_ome_zarr_is_written_where_it_is_asked_for(run, photos, tmp_path, capsys):
    assert run(photos, "--format", "ome-zarr", "--pixel-size", "0.5x0.25um") == 0
    found = sorted(path.name for path in (tmp_path / "out").glob("[!.]*"))
    assert found == [*(f"{name}.colors.ome.zarr" for name in "abc"), "shares.csv", "study.json"]
    picture = read_image(tmp_path / "out" / "a.colors.ome.zarr")
    assert picture.lengths == {"x": (0.5, "µm"), "y": (0.25, "µm")}
    with pytest.raises(SystemExit):
        run(photos, "--format", "jpeg")
    assert "choose from tiff, ome-zarr" in capsys.readouterr().err.replace("'", "")


def test_resume_sees_that_a_zarr_was_rewritten(run, photos, tmp_path):
    path = photos / "d.zarr"
    zarr.save_array(path, iio.imread(photos / "a.png"))
    run(path)
    zarr.open_array(path, mode="r+")[...] = iio.imread(photos / "a.png") // 2
    run(path, "--resume")
    run(path, out="whole")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


def test_resume_skips_what_is_done_and_only_that(run, photos, tmp_path, monkeypatch):
    opened = []

    def read_image(path):
        opened.append(path.stem)
        return original(path)

    original = one_image.read_image
    monkeypatch.setattr(one_image, "read_image", read_image)

    def opened_by(*more):
        opened.clear()
        assert run(photos, *more) == 0
        return sorted(opened)

    assert opened_by("-k", 3) == list("abc")
    whole = files_in(tmp_path / "out")
    assert opened_by("-k", 3, "--resume") == []
    (tmp_path / "out" / "b-labels.tif").unlink()
    assert opened_by("-k", 3, "--resume") == ["b"]
    iio.imwrite(photos / "c.png", iio.imread(photos / "c.png"))
    assert opened_by("-k", 3, "--resume") == ["c"]
    assert files_in(tmp_path / "out") == whole
    assert opened_by("-k", 4, "--resume") == list("abc")
    assert opened_by("-k", 4) == list("abc")


def test_a_resumed_pool_writes_again_what_another_image_changes(run, photos, tmp_path):
    run(photos / "a.png", photos / "b.png", "--pool")
    run(photos, "--pool", "--resume")
    run(photos, "--pool", out="whole")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


def test_a_resumed_pool_counts_no_image_again(run, photos, tmp_path, monkeypatch):
    run(photos, "--pool", "-k", 3)
    monkeypatch.setattr(one_image, "count_colors", None)
    assert run(photos, "--pool", "-k", 4, "--resume") == 0
    monkeypatch.undo()
    run(photos, "--pool", "-k", 4, out="whole")
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


def test_progress_is_reported_within_an_image(photos, tmp_path):
    for name in "bc":
        (photos / f"{name}.png").unlink()
    reported = []
    run_study(photos, tmp_path / "out", 3, progress=lambda done, _: reported.append(done))
    assert reported == sorted(reported)
    assert len(set(reported)) > 3
    assert reported[-1] == 1


def test_killed_at_any_moment_and_resumed_it_writes_the_same(run, tmp_path, astronaut):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(12):
        iio.imwrite(photos / f"{number:02}.png", np.roll(astronaut[:200, :200], number) // 2)
    out = tmp_path / "out"
    arguments = [str(photos), "-o", str(out), "-k", "3", "--resume"]
    dice = random.Random(5)
    for enough in (1, 6):
        process = subprocess.Popen([sys.executable, "-c", COMMAND, *arguments])
        while process.poll() is None and len(list(out.glob(".colorcluster/*.json"))) < enough:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Whatever has a name is whole.
        for path in out.glob("*-labels.tif"):
            assert tifffile.imread(path).shape == (200, 200)
        for path in out.glob("*-quantized.png"):
            assert iio.imread(path).shape == (200, 200, 3)
    assert run(photos, "-k", 3, "--resume") == 0
    assert run(photos, "-k", 3, out="whole") == 0
    assert files_in(out) == files_in(tmp_path / "whole")
    assert [path.name for path in out.glob(".colorcluster/*") if path.suffix != ".json"] == []


def test_neither_napari_nor_qt_is_imported(photos, tmp_path):
    code = COMMAND.replace("sys.exit(main())", "main(); print(*sys.modules)")
    for more in ([], ["--pool"]):
        command = [sys.executable, "-c", code, str(photos), "-o", str(tmp_path / "out"), *more]
        output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        loaded = {name.partition(".")[0] for name in output.stdout.split()}
        assert "napari_colorcluster" in loaded
        assert loaded.isdisjoint({"napari", "magicgui", "qtpy", "PyQt5", "PyQt6", "PySide6"})
        assert "matplotlib.pyplot" not in output.stdout.split()


@pytest.mark.parametrize(("min_alpha", "left_out"), [(None, 800), (0, 400), (1, 1200)])
def test_how_many_pixels_are_left_out_is_in_the_table(run, photos, tmp_path, min_alpha, left_out):
    image = np.zeros((40, 40, 4), np.uint8)
    image[..., 0] = np.arange(1600).reshape(40, 40) // 7
    image[..., 3] = np.repeat([0, 100, 200, 255], 10)[:, np.newaxis]
    iio.imwrite(photos / "glass.png", image)
    options = [] if min_alpha is None else ["--min-alpha", min_alpha]
    assert run(photos / "glass.png", "-k", 2, *options) == 0
    table = table_of(tmp_path / "out")
    assert table["transparent"].tolist() == [left_out, left_out]
    assert table["pixels"].sum() == 1600 - left_out
    assert (
        np.count_nonzero(tifffile.imread(tmp_path / "out" / "glass-labels.tif")) == 1600 - left_out
    )


def test_all_images_are_calibrated_alike(run, photos, tmp_path):
    calibration = Calibration("white_balance", ((1.5, 0, 0), (0, 1.2, 0), (0, 0, 1)))
    calibration.write(tmp_path / "card.json")
    assert run(photos, "-k", 3, "--calibration", tmp_path / "card.json") == 0
    for name, rows in table_of(tmp_path / "out").groupby("image"):
        image = iio.imread(photos / f"{name}.png")
        assert tuple(rows["hex"]) == cluster_colors(image, 3, calibration=calibration).palette.hex


def test_a_white_point_and_a_least_alpha_that_are_none_are_refused(run, photos, capsys):
    for options, said in (
        (["--white", "paper"], "A color must be"),
        (["--white", "#ffffff"], "'white' is an option of color space 'od' only, not of 'lab'"),
        (["--min-alpha", 3], "argument --min-alpha: min_alpha must be a number in 0..1, got 3.0."),
        (["--calibration", photos / "none.json"], "none.json"),
    ):
        with pytest.raises(SystemExit):
            run(photos, *options)
        assert said in capsys.readouterr().err


def test_a_largest_distance_leaves_out_what_is_beyond_it(run, photos, tmp_path, capsys):
    assert run(photos, "-k", 4, "--max-distance", 8) == 0
    table = table_of(tmp_path / "out")
    for name, rows in table.groupby("image"):
        image = iio.imread(photos / f"{name}.png")
        clustering = cluster_colors(image, 4, max_distance=8)
        assert rows["too_far"].unique().tolist() == [clustering.n_too_far]
        assert rows["pixels"].tolist() == clustering.palette.pixels.tolist()
        # Transparent where it belongs to none.
        quantized = Image.open(tmp_path / "out" / f"{name}-quantized.png").convert("RGBA")
        alpha = np.asarray(quantized)[..., 3]
        assert np.count_nonzero(alpha == 0) == clustering.n_too_far > 0
    with pytest.raises(SystemExit):
        run(photos, "--max-distance", 0)
    assert "argument --max-distance: max_distance must be" in capsys.readouterr().err


def test_clusters_are_shown_in_the_color_that_represents_them(run, photos, tmp_path):
    for options in ((), ("--pool",)):
        assert run(photos, "-k", 3, "--represent", "mode", *options, out=str(options)) == 0
        folder = tmp_path / str(options)
        table = table_of(folder)
        for name, rows in table.groupby("image"):
            names = [name] if not options else list("abc")
            histograms = [count_colors(iio.imread(photos / f"{each}.png")) for each in names]
            expected = cluster_colors(pool(histograms, "pixels"), 3).represent("mode")
            hexes = dict(zip(expected.row_labels.tolist(), expected.palette.hex, strict=True))
            assert rows["hex"].tolist() == [hexes[label] for label in rows["cluster"]]
        # The same from its record.
        assert main([str(folder / "study.json"), "-o", str(tmp_path / "again" / str(options))]) == 0
        pd.testing.assert_frame_equal(table_of(tmp_path / "again" / str(options)), table)
    cluster_colors(iio.imread(photos / "a.png"), 3).write(tmp_path / "a.colors.json")
    applied = ("--palette", tmp_path / "a.colors.json", "--represent", "medoid")
    assert run(photos, *applied, out="applied") == 0
    expected = cluster_colors(iio.imread(photos / "a.png"), 3).represent("medoid").palette
    assert set(table_of(tmp_path / "applied")["hex"]) == set(expected.hex)


def test_quantized_images_are_written_as_svg_where_they_are_planes(run, photos, tmp_path, capsys):
    iio.imwrite(photos / "stack.tif", np.zeros((3, 5, 6, 3), np.uint8) + 9)
    assert run(photos, "-k", 3, "--svg") == 0
    clustering = cluster_colors(iio.imread(photos / "a.png"), 3)
    labels = clustering.predict(iio.imread(photos / "a.png"))
    write_svg(tmp_path / "a.svg", labels, clustering.palette)
    written = (tmp_path / "out" / "a-quantized.svg").read_bytes()
    assert written == (tmp_path / "a.svg").read_bytes()
    svgs = sorted(path.name for path in (tmp_path / "out").glob("*.svg"))
    assert svgs == ["a-quantized.svg", "b-quantized.svg", "c-quantized.svg"]
    assert "stack.tif: An SVG is of one plane, not of a stack" in capsys.readouterr().err
    assert main([str(tmp_path / "out" / "study.json"), "-o", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "a-quantized.svg").read_bytes() == written

"""The command with --pattern and --objects: its tables against the library's own."""

import csv

import imageio.v3 as iio
import numpy as np
import pandas as pd
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.study import measures
from napari_colorcluster.study.measures import join_tables


def table(folder, name):
    return pd.read_csv(folder / name, keep_default_na=False, na_values={"value": [""]})


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def drawn(tmp_path, photos):
    """A label image for each photo, in another format each."""
    folder = tmp_path / "objects"
    folder.mkdir()
    for name, suffix in zip("abc", ("png", "npy", "tif"), strict=True):
        height, width = iio.imread(photos / f"{name}.png").shape[:2]
        labels = np.zeros((height, width), np.uint16)
        labels[: height // 2, : width // 3] = 3
        labels[height // 3 :, width // 2 :] = 700
        write = np.save if suffix == "npy" else iio.imwrite
        write(folder / f"{name}.{suffix}", labels)
    return folder


def labels_of(folder, name):
    (path,) = folder.glob(f"{name}.*")
    return np.load(path) if path.suffix == ".npy" else iio.imread(path)


def clustered(photos, name):
    image = iio.imread(photos / f"{name}.png")
    return image, ncc.cluster_colors(image, 3)


def test_the_pattern_of_each_image_is_written(run, photos, out):
    assert run(photos, "-k", 3, "--pattern", "--pixel-size", "2x3mm") == 0
    indices, patches = table(out, "pattern.csv"), table(out, "patches.csv")
    assert list(indices) == ["image", "object", "index", "value"]
    assert indices["image"].unique().tolist() == ["a", "b", "c"]
    assert not (out / "objects.csv").exists()
    for name in "abc":
        image, clustering = clustered(photos, name)
        labels = clustering.predict(image)
        pattern = ncc.measure_pattern(labels, clustering.palette, spacing=(3, 2), unit="mm")
        expected, rows = pattern.indices(), indices[indices["image"] == name]
        assert rows["index"].tolist() == expected["index"].tolist()
        np.testing.assert_allclose(rows["value"].astype(float), expected["value"], rtol=1e-12)
        assert set(rows["object"]) == {""}
        rows = patches[patches["image"] == name]
        assert set(rows["length_unit"]) == {"mm"}
        for column in ("cluster", "pixels", "area", "centroid-0", "solidity"):
            np.testing.assert_allclose(rows[column], pattern.patches()[column], rtol=1e-12)


def test_the_objects_of_each_image_are_counted_and_measured(run, photos, drawn, out):
    assert run(photos, "-k", 3, "--pattern", "--objects", drawn) == 0
    objects, indices = table(out, "objects.csv"), table(out, "pattern.csv")
    patches = table(out, "patches.csv")
    for name in "abc":
        image, clustering = clustered(photos, name)
        labels = labels_of(drawn, name)
        expected = ncc.shares_by_label(clustering, image, labels)
        rows = objects[objects["image"] == name].reset_index(drop=True)
        assert list(rows) == ["image", "object", "cluster", "name", "hex", "pixels", "fraction"]
        assert rows["object"].tolist() == expected["label"].tolist()
        assert rows["pixels"].tolist() == expected["pixels"].tolist()
        pattern = ncc.measure_pattern(clustering.predict(image), clustering.palette, objects=labels)
        rows = indices[indices["image"] == name]
        assert rows["object"].tolist() == pattern.indices()["object"].tolist()
        np.testing.assert_allclose(rows["value"], pattern.indices()["value"], rtol=1e-12)
        rows = patches[patches["image"] == name]
        assert rows["object"].tolist() == pattern.patches()["object"].tolist()


def test_objects_alone_need_no_pattern(run, photos, drawn, out):
    assert run(photos, "-k", 3, "--objects", drawn, "--pixel-size", "2mm") == 0
    objects = table(out, "objects.csv")
    assert set(objects["area_unit"]) == {"mm²"}
    assert objects["area"].tolist() == (4 * objects["pixels"]).tolist()
    assert not (out / "pattern.csv").exists()


def test_resuming_measures_what_is_new_or_has_changed(run, photos, drawn, out, monkeypatch):
    measured = []
    write = measures.Measures.write

    def noted(self, output, source, *more):
        measured.append(source.name)
        return write(self, output, source, *more)

    monkeypatch.setattr(measures.Measures, "write", noted)

    def ran(*arguments):
        measured.clear()
        assert run(photos, "-k", 3, "--resume", *arguments) == 0
        return sorted(measured)

    assert ran() == []
    assert ran("--pattern") == ["a", "b", "c"]
    before = {name: (out / name).read_bytes() for name in ("pattern.csv", "patches.csv")}
    (out / "pattern.csv").unlink()
    assert ran("--pattern") == []
    assert {name: (out / name).read_bytes() for name in before} == before
    assert ran("--pattern", "--pixel-size", "2mm") == ["a", "b", "c"]
    with_objects = ("--pattern", "--objects", drawn)
    assert ran(*with_objects) == ["a", "b", "c"]
    assert ran(*with_objects) == []
    labels = labels_of(drawn, "b").copy()
    labels[0, 0] = 8
    np.save(drawn / "b.npy", np.asarray(labels, np.int32))
    assert ran(*with_objects) == ["b"]
    assert set(table(out, "objects.csv").query("image == 'b'")["object"]) == {3, 8, 700}
    # A part that is gone is made again.
    (out / ".colorcluster" / "c.patches.csv").unlink()
    assert ran(*with_objects) == ["c"]


def test_tables_that_are_not_true_any_more_are_gone(run, photos, out):
    assert run(photos, "-k", 3, "--pattern") == 0
    assert run(photos, "-k", 4) == 0
    assert (out / "shares.csv").exists()
    assert not (out / "pattern.csv").exists()
    assert not (out / "patches.csv").exists()


def test_an_image_whose_label_image_is_missing_or_does_not_fit_is_skipped(
    run, photos, drawn, out, capsys
):
    (drawn / "a.png").unlink()
    np.save(drawn / "b.npy", np.ones((2, 2), int))
    assert run(photos, "-k", 3, "--objects", drawn) == 1
    told = capsys.readouterr().err
    assert "no label image for it" in told
    assert "(2, 2)" in told
    assert set(table(out, "objects.csv")["image"]) == {"c"}
    assert set(table(out, "shares.csv")["image"]) == {"c"}


def test_a_folder_of_objects_that_is_none_is_refused(run, photos, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        run(photos, "--objects", tmp_path / "nowhere")
    assert left.value.code == 2
    assert "--objects must be a folder" in capsys.readouterr().err


def test_an_image_too_large_for_its_patches_is_skipped(run, photos, monkeypatch, capsys):
    monkeypatch.setattr(measures, "MAX_PATCHED", 100)
    assert run(photos, "-k", 3, "--pattern") == 1
    assert "leave out --pattern" in capsys.readouterr().err


def test_joined_tables_have_the_columns_of_all(tmp_path):
    texts = ['image,n\n"a, b",1\n', "image,n,unit\nc,2,mm\n", "image,unit\nd,cm\n"]
    parts = [tmp_path / f"{at}.csv" for at in range(3)]
    for part, text in zip(parts, texts, strict=True):
        part.write_text(text, "utf-8")
    join_tables(parts, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [["image", "n", "unit"], ["a, b", "1", ""], ["c", "2", "mm"], ["d", "", "cm"]]

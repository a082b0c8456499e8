"""OME-Zarr 0.4: what its specification asks for, and all levels of labels and colors."""

import json

import dask.array as da
import numpy as np
import pytest
import zarr

from napari_colorcluster import ColorClustering, Palette, read_image
from napari_colorcluster.core.files.pyramids import ome_zarr
from napari_colorcluster.core.files.saved_labels import SavedLabels

LENGTHS = {"x": (0.5, "µm"), "y": (0.25, "µm"), "z": (2.0, "nm")}
PALETTE = Palette([[107, 63, 42], [239, 227, 200]], [30, 10], ["brown", "bone"], [2, 700])


@pytest.fixture
def labels():
    return np.random.default_rng(0).choice([0, 2, 700], (47, 69)).astype(np.uint16)


def paint(labels):
    return ColorClustering.from_palette(PALETTE).paint(labels)


@pytest.fixture
def write(tmp_path):
    def write(labels, lengths=None, name="leaf", progress=None):
        path = tmp_path / f"{name}.zarr"
        saved = SavedLabels(PALETTE, {"image": "leaf"})
        how = {} if progress is None else {"progress": progress}
        layout = name, LENGTHS if lengths is None else lengths, 16, 20, "Writing"
        ome_zarr.write_ome_zarr(path, labels, paint, saved, *layout, **how)
        return path

    return write


def attributes(path):
    return json.loads((path / ".zattrs").read_text("utf-8"))


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("n_more", "lengths", "channel"), [(0, {}, 0), (1, LENGTHS, 0), (1, {}, 1), (2, {}, 1)]
)
def test_each_level_has_every_second_row_and_column(write, labels, lazy, n_more, lengths, channel):
    for _ in range(n_more):
        labels = np.stack([labels, labels[::-1]])
    given = da.from_array(labels, chunks=(1,) * n_more + (10, 30)) if lazy else labels
    image = zarr.open_group(write(given, lengths), mode="r")
    assert sorted(image.array_keys()) == ["0", "1", "2"]
    for level in range(3):
        expected = labels[..., :: 2**level, :: 2**level]
        stored, colors = image[f"labels/clusters/{level}"], image[str(level)]
        np.testing.assert_array_equal(stored[:], expected)
        np.testing.assert_array_equal(np.moveaxis(colors[:], channel, -1), paint(expected))
        assert stored.dtype == np.uint16
        assert stored.chunks == (1,) * n_more + (16, 16)
        assert colors.chunks[channel] == 3


def test_the_metadata_are_those_of_the_specification(write, labels):
    path = write(np.stack([labels, labels]))
    image, clusters = attributes(path), attributes(path / "labels" / "clusters")
    space = [
        {"name": "z", "type": "space", "unit": "nanometer"},
        {"name": "y", "type": "space", "unit": "micrometer"},
        {"name": "x", "type": "space", "unit": "micrometer"},
    ]
    [scales], [label_scales] = image["multiscales"], clusters["multiscales"]
    assert scales["version"] == label_scales["version"] == "0.4"
    assert scales["name"] == "leaf"
    assert scales["axes"] == [{"name": "c", "type": "channel"}, *space]
    assert label_scales["axes"] == space
    expected = [[2.0, 0.25 * step, 0.5 * step] for step in (1, 2, 4)]
    for each, more in ((scales, [1.0]), (label_scales, [])):
        assert [dataset["path"] for dataset in each["datasets"]] == ["0", "1", "2"]
        for dataset, scale in zip(each["datasets"], expected, strict=True):
            assert dataset["coordinateTransformations"] == [
                {"type": "scale", "scale": [*more, *scale]}
            ]
    assert [each["color"] for each in image["omero"]["channels"]] == ["FF0000", "00FF00", "0000FF"]
    assert attributes(path / "labels") == {"labels": ["clusters"]}
    for group in (path, path / "labels", path / "labels" / "clusters"):
        assert json.loads((group / ".zgroup").read_text()) == {"zarr_format": 2}
    stored = json.loads((path / "0" / ".zarray").read_text())
    assert stored["dimension_separator"] == "/"
    assert (path / "0" / "0" / "0" / "0" / "0").is_file()


def test_labels_have_colors_and_names(write, labels):
    clusters = attributes(write(labels) / "labels" / "clusters")
    meaning = clusters["image-label"]
    assert meaning["version"] == "0.4"
    assert meaning["source"] == {"image": "../../"}
    assert meaning["colors"] == [
        {"label-value": 2, "rgba": [107, 63, 42, 255]},
        {"label-value": 700, "rgba": [239, 227, 200, 255]},
    ]
    brown = {"name": "brown", "hex": "#6b3f2a", "fraction": 0.75, "pixels": 30}
    bone = {"name": "bone", "hex": "#efe3c8", "fraction": 0.25, "pixels": 10}
    assert meaning["properties"] == [{"label-value": 2, **brown}, {"label-value": 700, **bone}]
    saved = SavedLabels.from_dict(clusters[ome_zarr.OWN_KEY])
    assert saved == (PALETTE, {"image": "leaf"})


def test_lengths_without_a_unit_and_unknown_ones_are_told_as_such(write, labels):
    [scales] = attributes(write(labels, {"x": (3.0, ""), "y": (2.0, "")}))["multiscales"]
    assert scales["datasets"][1]["coordinateTransformations"][0]["scale"] == [1.0, 4.0, 6.0]
    assert not any("unit" in axis for axis in scales["axes"])
    [scales] = attributes(write(labels, {}, "unknown"))["multiscales"]
    assert scales["datasets"][1]["coordinateTransformations"][0]["scale"] == [1.0, 2.0, 2.0]


def test_it_is_read_again_as_a_picture(write, labels):
    picture = read_image(write(labels))
    np.testing.assert_array_equal(picture.pixels, paint(labels))
    assert picture.lengths == {axis: LENGTHS[axis] for axis in "yx"}


def test_equal_labels_give_equal_files_and_progress_goes_up(write, labels):
    reported = []
    lazy = da.from_array(labels, chunks=(7, 69))
    first = write(labels)
    first = first.rename(first.with_name("first"))
    second = write(lazy, progress=lambda done, step: reported.append(done))
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) > 40
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes(), file
    assert reported == sorted(reported)
    assert reported[-1] == 1


def test_more_axes_than_the_format_knows_are_refused(write, labels):
    with pytest.raises(ValueError, match="an image of 5 axes: write TIFF"):
        write(labels[np.newaxis, np.newaxis, np.newaxis])

"""Large images in tiles and levels: pixel size and palette, and the same each time."""

import dask.array as da
import numpy as np
import pytest
import tifffile
import zarr

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.files.label_tiffs import read_label_tiff
from napari_colorcluster.report import image_files
from napari_colorcluster.study.outputs.image_files import write_image
from napari_colorcluster.study.outputs.output import Output

LENGTHS = {"x": (0.5, "µm"), "y": (0.25, "µm"), "z": (2.0, "µm")}


@pytest.fixture
def written(tmp_path, monkeypatch, thumbnail):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 16)
    monkeypatch.setattr(image_files, "SMALLEST", 20)
    clustering = cluster_colors(thumbnail, 5, max_distance=12)

    def write(folder, image=thumbnail, format="tiff", lengths=LENGTHS):
        output = Output(tmp_path / folder)
        output.prepare()
        chunks = (1,) * (image.ndim - 3) + (10, 30, 3)
        lazy = image if isinstance(image, da.Array) else da.from_array(image, chunks=chunks)
        how = {"lengths": lengths, "format": format}
        files = write_image(output, "leaf", clustering.predict(lazy), clustering, True, **how)
        assert list((output.folder / ".colorcluster" / ".unfinished").iterdir()) == []
        return [output.folder / name for name in files]

    return write, clustering


@pytest.mark.parametrize(
    ("n_planes", "lengths", "axes"),
    [((), LENGTHS, "YX"), ((3,), LENGTHS, "ZYX"), ((3,), {}, "TYX"), ((2, 3), LENGTHS, "TZYX")],
)
def test_each_level_has_every_second_row_and_column(written, thumbnail, n_planes, lengths, axes):
    write, clustering = written
    shades = 1 + np.arange(np.prod(n_planes, dtype=int)).reshape(*n_planes, 1, 1, 1)
    image = (thumbnail // shades).astype(np.uint8).reshape(*n_planes, *thumbnail.shape)
    expected = clustering.predict(image)
    paths = write("out", image, lengths=lengths)
    assert [path.name for path in paths] == [
        "leaf-labels.colors.ome.tif",
        "leaf-quantized.colors.ome.tif",
    ]
    colors = clustering.paint(expected, alpha=True)
    for path, level_0, kind in zip(paths, (expected, colors), ("", "S"), strict=True):
        with tifffile.TiffFile(path) as file:
            assert file.is_ome
            [series] = file.series
            assert series.axes == axes + kind
            assert len(series.levels) == 3
            for level, pages in enumerate(series.levels):
                assert pages.keyframe.tile == (16, 16)
                step = slice(None, None, 2**level)
                where = (*(slice(None),) * len(n_planes), step, step)
                np.testing.assert_array_equal(pages.asarray(), level_0[where])
            lazy = zarr.open(series.aszarr(), mode="r")
            np.testing.assert_array_equal(lazy["0"][:], level_0)


def test_a_voxel_has_a_depth(written, thumbnail):
    write, _ = written
    for path in write("out", np.stack([thumbnail, thumbnail])):
        with tifffile.TiffFile(path) as file:
            pixels = tifffile.xml2dict(file.ome_metadata)["OME"]["Image"]["Pixels"]
            assert [pixels[f"PhysicalSize{axis}"] for axis in "XYZ"] == [0.5, 0.25, 2.0]
            assert pixels["PhysicalSizeZUnit"] == "µm"


def test_more_axes_than_ome_has_are_tiles_without_levels(written, thumbnail):
    write, clustering = written
    image = np.stack([thumbnail] * 2)[np.newaxis, np.newaxis]
    labels, quantized = write("out", image)
    assert [labels.name, quantized.name] == ["leaf-labels.tif", "leaf-quantized.tif"]
    expected = clustering.predict(image)
    with tifffile.TiffFile(labels) as file:
        np.testing.assert_array_equal(file.asarray().reshape(expected.shape), expected)
    with pytest.raises(ValueError, match="an image of 5 axes"):
        write("zarr", image, "ome-zarr")
    assert list((labels.parents[1] / "zarr").rglob("*.zarr")) == []


def test_an_ome_zarr_has_what_the_tiffs_have(written, thumbnail):
    write, _ = written
    [path] = write("out", format="ome-zarr")
    assert path.name == "leaf.colors.ome.zarr"
    image = zarr.open_group(path, mode="r")
    labels, quantized = write("out")
    for level in range(3):
        stored = tifffile.imread(labels, level=level)
        np.testing.assert_array_equal(image[f"labels/clusters/{level}"][:], stored)
        colors = tifffile.imread(quantized, level=level)[..., :3]
        np.testing.assert_array_equal(np.moveaxis(image[str(level)][:], 0, -1), colors)


def test_an_ome_zarr_replaces_one_and_nothing_half_written_stays(written, thumbnail):
    write, clustering = written
    [path] = write("out", np.vstack([thumbnail] * 2), "ome-zarr")
    [path] = write("out", thumbnail, "ome-zarr")
    image = zarr.open_group(path, mode="r")
    np.testing.assert_array_equal(image["labels/clusters/0"][:], clustering.predict(thumbnail))
    assert not (path / "0" / "0" / "5").exists()

    def fails(labels):
        raise OSError("full")

    broken = da.from_array(thumbnail, chunks=(10, 30, 3)).map_blocks(fails, dtype=np.uint8)
    with pytest.raises(OSError, match="full"):
        write("out", broken, "ome-zarr")
    image = zarr.open_group(path, mode="r")
    np.testing.assert_array_equal(image["labels/clusters/0"][:], clustering.predict(thumbnail))
    names = {each.name for each in path.parent.iterdir()}
    assert names == {path.name, ".colorcluster"}


def test_pixel_size_and_palette_are_in_the_files(written):
    write, clustering = written
    labels, quantized = write("out")
    for path in (labels, quantized):
        with tifffile.TiffFile(path) as file:
            pixels = tifffile.xml2dict(file.ome_metadata)["OME"]["Image"]["Pixels"]
            assert [pixels[f"PhysicalSize{axis}"] for axis in "XY"] == [0.5, 0.25]
            assert pixels["PhysicalSizeXUnit"] == "µm"
    with tifffile.TiffFile(labels) as file:
        colors = file.pages.first.colormap.T[: len(clustering.label_colors)] // 257
    np.testing.assert_array_equal(colors, clustering.label_colors)
    assert read_label_tiff(labels).palette.names == clustering.palette.names


def test_equal_results_are_equal_files(written):
    write, _ = written
    first, second = write("one"), write("two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

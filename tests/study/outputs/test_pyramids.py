"""Large planes as OME-TIFF: tiles, levels, pixel size and palette, and the same each time."""

import dask.array as da
import numpy as np
import pytest
import tifffile
import zarr

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.files.label_tiffs import read_label_tiff
from napari_colorcluster.core.files.pyramids import n_levels_of
from napari_colorcluster.report import image_files
from napari_colorcluster.study.outputs.image_files import write_image
from napari_colorcluster.study.outputs.output import Output

LENGTHS = {"x": (0.5, "µm"), "y": (0.25, "µm")}


@pytest.fixture
def written(tmp_path, monkeypatch, thumbnail):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 16)
    monkeypatch.setattr(image_files, "SMALLEST", 20)
    clustering = cluster_colors(thumbnail, 5, max_distance=12)
    lazy = da.from_array(thumbnail, chunks=(10, 30, 3))

    def write(folder):
        output = Output(tmp_path / folder)
        output.prepare()
        files = write_image(output, "leaf", lazy, clustering, True, lengths=LENGTHS)
        assert list((output.folder / ".colorcluster" / ".unfinished").iterdir()) == []
        return [output.folder / name for name in files]

    return write, clustering


@pytest.mark.parametrize(
    ("shape", "n_levels"), [((1024, 1024), 0), ((1025, 3), 1), ((3, 30_000), 5)]
)
def test_levels_are_made_down_to_the_smallest(shape, n_levels):
    assert n_levels_of(shape, 1024) == n_levels


def test_each_level_has_every_second_row_and_column(written, thumbnail):
    write, clustering = written
    expected = clustering.predict(thumbnail)
    for path, level_0 in zip(
        write("out"), (expected, clustering.paint(expected, alpha=True)), strict=True
    ):
        with tifffile.TiffFile(path) as file:
            assert file.is_ome
            [series] = file.series
            assert len(series.levels) == 3
            for level, pages in enumerate(series.levels):
                assert pages.keyframe.tile == (16, 16)
                step = 2**level
                np.testing.assert_array_equal(pages.asarray(), level_0[::step, ::step])
            lazy = zarr.open(series.aszarr(), mode="r")
            np.testing.assert_array_equal(lazy["0"][:9], level_0[:9])


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

"""What was written in levels, opened again: the same, and read only where it is looked at."""

import sys

import dask.array as da
import numpy as np
import pytest
import tifffile

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.files.pyramids.opened import is_opened_here, open_images
from napari_colorcluster.core.support.extras import MissingLibraryError
from napari_colorcluster.report import image_files
from napari_colorcluster.report.image_files import LabeledImage, write_images

LENGTHS = {"x": (0.5, "µm"), "y": (0.25, "µm")}


@pytest.fixture
def written(tmp_path, monkeypatch, thumbnail):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 16)
    monkeypatch.setattr(image_files, "SMALLEST", 20)
    clustering = cluster_colors(thumbnail, 5, max_distance=12)

    def write(image, format, lengths=LENGTHS):
        labels = clustering.predict(image)
        lazy = da.from_array(labels, chunks=(1,) * (labels.ndim - 2) + (16, 16))
        made = {"image": "leaf"}
        labeled = LabeledImage(lazy, clustering, clustering.palette, True, lengths, made)
        files = write_images(tmp_path, "leaf", labeled, format=format)
        return labels, clustering, [tmp_path / file for file in files]

    return write


@pytest.mark.parametrize(
    ("n_planes", "more", "axes"),
    [
        ((), {}, "yx"),
        ((2,), {}, "tyx"),
        ((2,), {"z": (2.0, "mm")}, "zyx"),
        ((2, 3), {"z": (2.0, "mm")}, "tzyx"),
    ],
)
@pytest.mark.parametrize("format", ["tiff", "ome-zarr"])
def test_all_levels_are_there_again(written, thumbnail, format, n_planes, more, axes):
    image = np.broadcast_to(thumbnail, (*n_planes, *thumbnail.shape)).copy()
    image[..., :20, :, :] //= 2
    labels, clustering, paths = written(image, format, LENGTHS | more)
    assert all(map(is_opened_here, paths))
    opened = [open_images(path) for path in paths]
    for each in opened:
        assert (each.title, each.axes, each.lengths) == ("leaf", axes, LENGTHS | more)
    assert opened[0].saved == (clustering.palette, {"image": "leaf"})
    stored, colors = opened[0].labels, opened[-1].colors
    assert len(stored) == len(colors) == 3
    painted = clustering.paint(labels, alpha=format == "tiff")
    for level in range(3):
        np.testing.assert_array_equal(stored[level], labels[..., :: 2**level, :: 2**level])
        expected = painted[..., :: 2**level, :: 2**level, :]
        np.testing.assert_array_equal(colors[level], expected)
        where = (*(0,) * len(n_planes), slice(3, 9), slice(5))
        np.testing.assert_array_equal(colors[level][where], expected[where])


def test_what_is_none_of_these_is_refused_in_a_sentence(written, thumbnail, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file leaf\.colors\.ome\.tif"):
        open_images(tmp_path / "leaf.colors.ome.tif")
    other = tmp_path / "other.colors.ome.tif"
    tifffile.imwrite(other, thumbnail[..., 0])
    _, _, [path] = written(thumbnail, "ome-zarr")
    (path / "labels" / "clusters" / ".zattrs").write_text("{}")
    for each in (other, path):
        with pytest.raises(ValueError, match="was not written by napari-colorcluster"):
            open_images(each)
    assert not is_opened_here("leaf.ome.tif")
    assert not is_opened_here("leaf.ome.zarr")


def test_without_zarr_it_is_said_what_is_missing(written, thumbnail, monkeypatch):
    [path] = written(thumbnail, "ome-zarr")[2]
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(MissingLibraryError, match=r"^Results in levels need the library zarr: pip"):
        open_images(path)

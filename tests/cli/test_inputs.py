"""Which files are images of a batch, their names, and that each kind is read as it was written."""

import dask.array as da
import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from napari_colorcluster.cli import inputs
from napari_colorcluster.cli.inputs import find_sources, open_image


def test_folders_give_their_images_by_name_and_each_only_once(tmp_path):
    for name in ("b.PNG", "a.jpg", ".hidden.png", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "c.zarr").mkdir()
    sources = find_sources([tmp_path / "b.PNG", tmp_path, tmp_path / "a.jpg"])
    assert [source.path.name for source in sources] == ["b.PNG", "a.jpg", "c.zarr"]
    assert [source.name for source in sources] == ["b", "a", "c"]


def test_names_are_unique_even_where_case_does_not_count(tmp_path):
    paths = [tmp_path / name for name in ("one/x.png", "one/X.tif", "two/x.png", "y.png")]
    names = [source.name for source in find_sources(paths)]
    assert names == ["x.png", "X.tif", "x.png 2", "y"]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".ppm"])
def test_pictures_are_read_to_the_bit(tmp_path, thumbnail, suffix):
    iio.imwrite(tmp_path / f"image{suffix}", thumbnail)
    np.testing.assert_array_equal(open_image(tmp_path / f"image{suffix}"), thumbnail)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"compression": "zlib", "tile": (32, 16)},
        {"rowsperstrip": 5},
        {"planarconfig": "separate"},
        {"compression": "zlib", "planarconfig": "separate"},
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_tiffs_are_read_whole_or_streamed(tmp_path, monkeypatch, thumbnail, how, stream):
    planar = "planarconfig" in how
    data = np.moveaxis(thumbnail, -1, 0) if planar else thumbnail
    tifffile.imwrite(tmp_path / "image.tif", data, photometric="rgb", **how)
    if stream:
        monkeypatch.setattr(inputs, "STREAM_BYTES", 100)
    image = open_image(tmp_path / "image.tif")
    assert isinstance(image, da.Array) == stream
    np.testing.assert_array_equal(image, thumbnail)


def test_a_pyramid_gives_its_largest_level(tmp_path, thumbnail):
    with tifffile.TiffWriter(tmp_path / "image.tif") as file:
        file.write(thumbnail, subifds=1, photometric="rgb", tile=(16, 16))
        file.write(thumbnail[::2, ::2], subfiletype=1, photometric="rgb", tile=(16, 16))
    np.testing.assert_array_equal(open_image(tmp_path / "image.tif"), thumbnail)


def test_compressions_that_tifffile_cannot_read_alone_are_read_all_the_same(tmp_path, thumbnail):
    Image.fromarray(thumbnail).save(tmp_path / "image.tif", compression="tiff_lzw")
    np.testing.assert_array_equal(open_image(tmp_path / "image.tif"), thumbnail)


@pytest.mark.parametrize("stream", [False, True])
def test_zarrs_are_read_channels_last(tmp_path, monkeypatch, thumbnail, stream):
    if stream:
        monkeypatch.setattr(inputs, "STREAM_BYTES", 100)
    plain = zarr.create_array(tmp_path / "a.zarr", shape=(47, 68, 3), chunks=(10, 9, 1), dtype="u1")
    plain[...] = thumbnail
    group = zarr.create_group(tmp_path / "b.zarr")
    level = group.create_array("0", shape=(1, 3, 47, 68), chunks=(1, 1, 10, 9), dtype="u1")
    level[0] = np.moveaxis(thumbnail, -1, 0)
    axes = [{"name": name} for name in "tcyx"]
    group.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": [{"path": "0"}]}]}
    for name, expected in (("a.zarr", thumbnail), ("b.zarr", thumbnail[np.newaxis])):
        image = open_image(tmp_path / name)
        assert isinstance(image, da.Array) == stream
        np.testing.assert_array_equal(image, expected)


def test_a_streamed_image_comes_in_chunks_as_high_as_its_strips(monkeypatch, tmp_path):
    monkeypatch.setattr(inputs, "STREAM_BYTES", 100)
    tifffile.imwrite(
        *(tmp_path / "image.tif", np.zeros((1100, 100, 3), np.uint8)),
        **{"photometric": "rgb", "compression": "zlib", "tile": (128, 128)},
    )
    assert open_image(tmp_path / "image.tif").chunks == ((512, 512, 76), (100,), (3,))


def test_cmyk_is_no_rgba(tmp_path, thumbnail):
    cmyk = Image.fromarray(thumbnail).convert("CMYK")
    cmyk.save(tmp_path / "image.jpg")
    assert open_image(tmp_path / "image.jpg").shape == (47, 68, 3)
    cmyk.save(tmp_path / "image.tif")
    with pytest.raises(ValueError, match="CMYK"):
        open_image(tmp_path / "image.tif")


def test_a_gif_of_one_picture_is_a_picture(tmp_path, thumbnail):
    iio.imwrite(tmp_path / "image.gif", thumbnail)
    assert open_image(tmp_path / "image.gif").shape == (47, 68, 3)


def test_gray_is_refused(tmp_path, refused):
    iio.imwrite(tmp_path / "image.png", np.zeros((5, 3), np.uint8))
    with refused("rows, columns and 3 (RGB)", "(5, 3)"):
        open_image(tmp_path / "image.png")

"""That each kind of file is read as it was written, and tells how large its pixels are."""

import dask.array as da
import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.pixel_size import PixelSize


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".ppm"])
def test_pictures_are_read_to_the_bit(tmp_path, thumbnail, suffix):
    iio.imwrite(tmp_path / f"image{suffix}", thumbnail)
    np.testing.assert_array_equal(read_image(tmp_path / f"image{suffix}").pixels, thumbnail)


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
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    image = read_image(tmp_path / "image.tif").pixels
    assert isinstance(image, da.Array) == stream
    np.testing.assert_array_equal(image, thumbnail)


def test_a_pyramid_gives_its_largest_level(tmp_path, thumbnail):
    with tifffile.TiffWriter(tmp_path / "image.tif") as file:
        file.write(thumbnail, subifds=1, photometric="rgb", tile=(16, 16))
        file.write(thumbnail[::2, ::2], subfiletype=1, photometric="rgb", tile=(16, 16))
    np.testing.assert_array_equal(read_image(tmp_path / "image.tif").pixels, thumbnail)


@pytest.mark.parametrize("stream", [False, True])
def test_zarrs_are_read_channels_last(tmp_path, monkeypatch, thumbnail, stream):
    if stream:
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    plain = zarr.create_array(tmp_path / "a.zarr", shape=(47, 68, 3), chunks=(10, 9, 1), dtype="u1")
    plain[...] = thumbnail
    group = zarr.create_group(tmp_path / "b.zarr")
    level = group.create_array("0", shape=(1, 3, 47, 68), chunks=(1, 1, 10, 9), dtype="u1")
    level[0] = np.moveaxis(thumbnail, -1, 0)
    axes = [{"name": name} for name in "tcyx"]
    group.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": [{"path": "0"}]}]}
    for name, expected in (("a.zarr", thumbnail), ("b.zarr", thumbnail[np.newaxis])):
        image = read_image(tmp_path / name).pixels
        assert isinstance(image, da.Array) == stream
        np.testing.assert_array_equal(image, expected)


def test_a_streamed_image_comes_in_chunks_as_high_as_its_strips(monkeypatch, tmp_path):
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    tifffile.imwrite(
        *(tmp_path / "image.tif", np.zeros((1100, 100, 3), np.uint8)),
        **{"photometric": "rgb", "compression": "zlib", "tile": (128, 128)},
    )
    assert read_image(tmp_path / "image.tif").pixels.chunks == ((512, 512, 76), (100,), (3,))


def test_a_gif_of_one_picture_is_a_picture(tmp_path, thumbnail):
    iio.imwrite(tmp_path / "image.gif", thumbnail)
    assert read_image(tmp_path / "image.gif").pixels.shape == (47, 68, 3)


def test_gray_with_transparency_is_a_picture(tmp_path):
    Image.fromarray(np.array([[[9, 0], [200, 255]]], np.uint8)).save(tmp_path / "image.png")
    image = read_image(tmp_path / "image.png").pixels
    np.testing.assert_array_equal(image, [[[9, 9, 9, 0], [200, 200, 200, 255]]])


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_a_palette_with_a_transparent_color_keeps_it(tmp_path, suffix):
    picture = Image.fromarray(np.array([[0, 1, 2]], np.uint8))
    picture.putpalette(bytes([1, 2, 3, 255, 0, 0, 0, 0, 255]))
    picture.save(tmp_path / f"image.{suffix}", transparency=0)
    image = read_image(tmp_path / f"image.{suffix}").pixels
    np.testing.assert_array_equal(image[0, :, 3], [0, 255, 255])
    np.testing.assert_array_equal(image[0, 1:, :3], [[255, 0, 0], [0, 0, 255]])


@pytest.mark.parametrize("n_bits", [8, 16])
def test_a_palette_tiff_gives_its_colors(tmp_path, n_bits):
    colors = np.random.default_rng(0).integers(0, 256, (2**n_bits, 3)).astype(np.uint16)
    indices = np.arange(60).reshape(6, 10).astype(f"u{n_bits // 8}")
    for factor in (256, 257):
        tifffile.imwrite(
            *(tmp_path / "image.tif", indices),
            **{"photometric": "palette", "colormap": (colors * factor).T},
        )
        image = read_image(tmp_path / "image.tif").pixels
        np.testing.assert_array_equal(image, colors[indices])


def test_luma_and_chroma_become_colors(tmp_path, thumbnail):
    Image.fromarray(thumbnail).convert("YCbCr").save(tmp_path / "image.tif", compression="tiff_lzw")
    image = read_image(tmp_path / "image.tif").pixels
    assert np.abs(image.astype(int) - thumbnail).max() < 4


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg"])
def test_compressed_tiffs_are_read_at_any_size(
    tmp_path, monkeypatch, thumbnail, compression, stream
):
    Image.fromarray(thumbnail).save(tmp_path / "image.tif", compression=compression)
    if stream:
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    image = np.asarray(read_image(tmp_path / "image.tif").pixels)
    assert np.abs(image.astype(int) - thumbnail).mean() < (0.1 if compression == "tiff_lzw" else 9)


def test_four_channels_that_are_no_rgba_are_refused(tmp_path, refused):
    planes = np.full((4, 40, 50), 7, np.uint8)
    tifffile.imwrite(tmp_path / "image.ome.tif", planes, metadata={"axes": "CYX"})
    group = zarr.create_group(tmp_path / "image.zarr")
    group.create_array("0", data=planes)
    axes = [{"name": name} for name in "cyx"]
    group.attrs["multiscales"] = [{"axes": axes, "datasets": [{"path": "0"}]}]
    for name in ("image.ome.tif", "image.zarr"):
        with refused("The image has 4 channels", "3 are needed"):
            read_image(tmp_path / name)


@pytest.mark.parametrize("axes", [{}, {"axes": ["t", "c", "z", "y", "x"]}])
def test_ome_zarr_before_0_4_is_read(tmp_path, thumbnail, axes):
    group = zarr.create_group(tmp_path / "image.zarr", zarr_format=2)
    group.create_array("0", data=np.moveaxis(thumbnail, -1, 0)[np.newaxis, :, np.newaxis])
    group.attrs["multiscales"] = [{**axes, "datasets": [{"path": "0"}], "version": "0.3"}]
    opened = read_image(tmp_path / "image.zarr")
    np.testing.assert_array_equal(opened.pixels, thumbnail[np.newaxis, np.newaxis])
    assert opened.pixel_size is None


@pytest.mark.parametrize("n_channels", [2, 5])
def test_zarrs_of_channels_that_are_no_colors_are_no_stacks(tmp_path, refused, n_channels):
    zarr.save(tmp_path / "a.zarr", np.zeros((40, 50, n_channels), np.uint8))
    with refused(f"{n_channels} channels that are not said to be colors"):
        read_image(tmp_path / "a.zarr")
    zarr.save(tmp_path / "b.zarr", np.zeros((5, 4, n_channels + 4), np.uint8))
    assert read_image(tmp_path / "b.zarr").pixels.shape == (5, 4, n_channels + 4, 3)


def test_pillows_limit_on_pixels_is_no_limit_here(tmp_path, monkeypatch, thumbnail):
    Image.fromarray(thumbnail).save(tmp_path / "image.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    np.testing.assert_array_equal(read_image(tmp_path / "image.png").pixels, thumbnail)
    assert Image.MAX_IMAGE_PIXELS == 100


def sized(path, data, **keywords):
    tifffile.imwrite(path, data, photometric="rgb", **keywords)
    return read_image(path).pixel_size


def test_ome_tiffs_tell_the_size_of_a_pixel(tmp_path):
    sides = {"PhysicalSizeX": 0.5, "PhysicalSizeY": 250, "PhysicalSizeYUnit": "nm"}
    deep = {**sides, "axes": "ZYXS", "PhysicalSizeZ": 2.0}
    flat, stack = np.zeros((30, 40, 3), np.uint8), np.zeros((2, 30, 40, 3), np.uint8)
    path = tmp_path / "image.ome.tif"
    assert sized(path, flat, metadata=sides) == PixelSize(0.125, "µm²")
    assert sized(path, stack, metadata=deep) == PixelSize(0.25, "µm³", 3)
    assert sized(path, stack, metadata={**deep, "axes": "TYXS"}) == PixelSize(0.125, "µm²")
    for wrong in ({"PhysicalSizeXUnit": "pixel"}, {"PhysicalSizeX": 0}):
        assert sized(path, flat, metadata=sides | wrong) is None


@pytest.mark.parametrize("unit", ["um", "micron", "\\u00B5m"])
def test_imagej_tiffs_tell_the_size_of_a_pixel(tmp_path, unit):
    stack, path = np.zeros((2, 30, 40, 3), np.uint8), tmp_path / "image.tif"
    keywords = {"imagej": True, "resolution": (2, 4)}
    told = {"axes": "ZYXS", "unit": unit, "spacing": 3.0}
    assert sized(path, stack, **keywords, metadata=told) == PixelSize(0.375, "µm³", 3)
    assert sized(path, stack[0], **keywords, metadata={"unit": unit}) == PixelSize(0.125, "µm²")


@pytest.mark.parametrize("unit", ["inch", "pixel", None])
def test_what_is_no_unit_of_length_tells_no_size(tmp_path, unit):
    image, path = np.zeros((30, 40, 3), np.uint8), tmp_path / "image.tif"
    told = {} if unit is None else {"unit": unit}
    assert sized(path, image, imagej=True, resolution=(72, 72), metadata=told) is None


def test_a_resolution_is_a_size_where_it_is_not_for_printing(tmp_path):
    image, path = np.zeros((30, 40, 3), np.uint8), tmp_path / "image.tif"
    per_cm = {"resolution": (16, 64), "resolutionunit": "CENTIMETER"}
    assert sized(path, image, **per_cm) == PixelSize(1 / 1024, "cm²")
    assert sized(path, image, resolution=(300, 300), resolutionunit="INCH") is None
    assert sized(path, image) is None


def test_aperio_slides_tell_the_size_of_a_pixel(tmp_path):
    description = "Aperio Image Library v11.2.1\n40x30 -> 40x30|AppMag = 20|MPP = 0.5"
    image = np.zeros((30, 40, 3), np.uint8)
    how = {"tile": (16, 16), "metadata": None, "description": description}
    assert sized(tmp_path / "image.svs", image, **how) == PixelSize(0.25, "µm²")


def test_ome_zarrs_tell_the_size_of_a_pixel(tmp_path):
    def written(unit, n_planes, scale, *more):
        group = zarr.create_group(tmp_path / "image.zarr", overwrite=True)
        group.create_array("0", data=np.zeros((3, n_planes, 30, 40), np.uint8))
        space = [{"name": name, "type": "space", "unit": unit} for name in "zyx"]
        axes = [{"name": "c", "type": "channel"}, *space]
        steps = [{"type": "scale", "scale": scale}]
        level = {"path": "0", "coordinateTransformations": steps}
        image = {"axes": axes, "datasets": [level]}
        if more:
            image["coordinateTransformations"] = [{"type": "scale", "scale": [*more]}]
        group.attrs["ome"] = {"multiscales": [image]}
        return read_image(tmp_path / "image.zarr").pixel_size

    assert written("micrometer", 2, [1, 2, 0.5, 0.5]) == PixelSize(0.5, "µm³", 3)
    assert written("micrometer", 1, [1, 2, 0.5, 0.5]) == PixelSize(0.25, "µm²")
    assert written("nanometer", 1, [1, 1, 2, 2], 1, 1, 3, 3) == PixelSize(36, "nm²")
    assert written("parsec", 1, [1, 2, 0.5, 0.5]) is None


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("names", ["yx", "cyx", ""])
def test_gray_zarrs_are_equal_parts_like_all_that_is_gray(
    tmp_path, monkeypatch, thumbnail, names, stream
):
    if stream:
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    gray = thumbnail[..., 1]
    group = zarr.create_group(tmp_path / "image.zarr")
    group.create_array("0", data=gray[np.newaxis] if names == "cyx" else gray)
    if names:
        axes = [{"name": name} for name in names]
        group.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": [{"path": "0"}]}]}
    picture = read_image(tmp_path / "image.zarr")
    np.testing.assert_array_equal(picture.pixels, np.dstack([gray] * 3))
    assert picture.notes == ()


def test_a_fourth_channel_of_a_zarr_is_taken_for_alpha_and_that_is_told(tmp_path, thumbnail):
    rgba = np.dstack([thumbnail, thumbnail[..., 0]])
    zarr.save_array(tmp_path / "image.zarr", rgba)
    picture = read_image(tmp_path / "image.zarr")
    np.testing.assert_array_equal(picture.pixels, rgba)
    assert "taken for alpha" in picture.notes[0]


def test_a_zarr_that_is_no_picture_is_refused(tmp_path, refused, thumbnail):
    path = tmp_path / "image.zarr"
    group = zarr.create_group(path)
    for name in ("a", "b"):
        group.create_array(name, data=thumbnail)
    with refused("must hold one array or the levels of an OME-Zarr image", "got 2 arrays"):
        read_image(path)
    zarr.save_array(tmp_path / "row.zarr", thumbnail[0, :, 0])
    with refused("A picture has rows and columns", "shape (68,)"):
        read_image(tmp_path / "row.zarr")
    axes = [{"name": name} for name in "tczyx"]
    group.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": [{"path": "a"}]}]}
    with refused("The image has 3 axes, but names for 5"):
        read_image(path)

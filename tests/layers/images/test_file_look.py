"""Files that napari's reader shows in another way than viewers do: found, and added as they are."""

import struct

import dask.array as da
import numpy as np
import pytest
import tifffile
from napari.components import ViewerModel
from npe2 import PluginManager
from PIL import Image, ImageOps, PngImagePlugin

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.file_look import add_as_shown, file_of, other_look


def turned(photo, path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photo).save(path, exif=exif)


def linear(photo, path):
    info = PngImagePlugin.PngInfo()
    info.add(b"gAMA", struct.pack(">I", 100_000))
    Image.fromarray(photo).save(path, pnginfo=info)


def inks(photo, path):
    Image.fromarray(photo).convert("CMYK").save(path)


def with_palette(photo, path):
    image = Image.fromarray(photo).quantize(16)
    image.info["transparency"] = 0
    image.save(path)


FILES = {
    "turned.png": (turned, "The picture is turned by 90°."),
    "linear.png": (linear, "sRGB"),
    "clear.png": (with_palette, "Some of it is transparent."),
    "inks.jpg": (inks, "CMYK"),
}


@pytest.fixture(autouse=True)
def readers():
    PluginManager.instance().discover()


@pytest.fixture
def opened(tmp_path, photo):
    def open_in_napari(name, write):
        write(photo, tmp_path / name)
        viewer = ViewerModel()
        [layer] = viewer.open(tmp_path / name, plugin="napari")
        return viewer, layer

    return open_in_napari


@pytest.mark.parametrize("name", FILES)
def test_what_the_reader_has_ignored_is_said_and_can_be_added(opened, name):
    write, said = FILES[name]
    viewer, layer = opened(name, write)
    path = file_of(layer)
    assert path.name == name
    assert said in other_look(layer.data, path)
    picture = ncc.read_image(path)
    layer.scale = (2, 3)
    added = add_as_shown(viewer, layer, picture)
    assert viewer.layers.selection.active is added
    np.testing.assert_array_equal(added.data, picture.pixels)
    assert added.rgb
    assert added.name == f"{layer.name} (sRGB)"
    np.testing.assert_array_equal(added.scale, (3, 2) if name == "turned.png" else (2, 3))
    assert added.metadata["notes"] == list(picture.notes)
    assert file_of(added) is None
    # Its own look is that of the file.
    assert other_look(added.data, path) == ""


def test_a_turned_picture_stands_upright(opened, photo):
    viewer, layer = opened("turned.png", turned)
    np.testing.assert_array_equal(layer.data, photo)
    added = add_as_shown(viewer, layer, ncc.read_image(file_of(layer)))
    expected = ImageOps.exif_transpose(Image.open(file_of(layer)))
    np.testing.assert_array_equal(added.data, np.asarray(expected))


def test_what_a_file_tells_of_its_pixels_is_the_scale(thumbnail):
    viewer = ViewerModel()
    layer = viewer.add_image(thumbnail, rgb=True)
    lengths = {"y": (3.0, "µm"), "x": (0.5, "µm")}
    added = add_as_shown(viewer, layer, ncc.Picture(thumbnail, lengths=lengths))
    np.testing.assert_array_equal(added.scale, (3, 0.5))
    assert [str(unit) for unit in added.units] == ["micrometer", "micrometer"]
    layer.scale = (2, 2)
    added = add_as_shown(viewer, layer, ncc.Picture(thumbnail, lengths=lengths))
    np.testing.assert_array_equal(added.scale, (2, 2))


def test_of_a_plain_file_there_is_nothing_to_say(opened):
    _, layer = opened("plain.png", lambda photo, path: Image.fromarray(photo).save(path))
    assert other_look(layer.data, file_of(layer)) == ""


def test_of_a_lazy_image_the_middle_is_compared(opened):
    _, layer = opened("linear.png", linear)
    lazy = da.from_array(layer.data, chunks=(50, 50, 3))
    assert other_look(lazy, file_of(layer)) == other_look(layer.data, file_of(layer)) != ""
    right = da.from_array(ncc.read_image(file_of(layer)).pixels, chunks=(50, 50, 3))
    assert other_look(right, file_of(layer)) == ""


def test_a_part_of_a_file_is_not_compared(opened):
    _, layer = opened("linear.png", linear)
    assert other_look(layer.data[:90], file_of(layer)) == ""
    assert other_look(layer.data[None], file_of(layer)) == ""


def test_a_fourth_band_that_is_no_alpha_is_said(tmp_path, photo):
    band = np.full(photo.shape[:2], 7, np.uint8)
    tifffile.imwrite(
        tmp_path / "bands.tif", np.dstack([photo, band]), photometric="rgb", extrasamples=[0]
    )
    [layer] = ViewerModel().open(tmp_path / "bands.tif", plugin="napari")
    assert layer.data.shape[-1] == 4
    assert other_look(layer.data, file_of(layer))


def test_layers_without_a_file_have_none(opened, photo):
    viewer, layer = opened("turned.png", turned)
    file_of(layer).unlink()
    others = [viewer.add_image(photo, rgb=True), viewer.add_image(photo[..., 0]), layer, None]
    assert [file_of(each) for each in others] == [None] * 4

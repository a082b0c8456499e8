"""Without imagecodecs and zarr: most files are read as with them, the others ask for them."""

import subprocess
import sys

import imagecodecs
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image, PngImagePlugin

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.study.inputs.label_images import read_label_image

HINT = 'pip install "napari-colorcluster[files]".'

READ_WITHOUT = """
import sys

sys.modules["imagecodecs"] = sys.modules["zarr"] = None

import numpy as np

from napari_colorcluster import read_image
from napari_colorcluster.core.files.pictures import chunks

chunks.STREAM_BYTES = int(sys.argv[2])
for path in sys.argv[3:]:
    np.save(path + sys.argv[1], np.asarray(read_image(path).pixels))
"""


def deep(image):
    return image.astype(np.uint16) * 257


def tiff(**keywords):
    return lambda path, image, _: tifffile.imwrite(path, image, photometric="rgb", **keywords)


def deep_with_profile(path, image, spaces):
    profile = spaces["Display P3"].profile()
    tifffile.imwrite(path, deep(image), photometric="rgb", iccprofile=profile)


def floats(path, image, _):
    colors = image.astype(np.float32) / 255
    tifffile.imwrite(path, colors, photometric="rgb", compression="zlib", predictor=True)


def linear_png(path, image, _):
    told = PngImagePlugin.PngInfo()
    told.add(b"gAMA", (100_000).to_bytes(4, "big"))
    Image.fromarray(image).save(path, pnginfo=told)


def adobe_rgb_by_exif(path, image, _):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    Image.fromarray(image).save(path, quality=95, exif=exif)


def deep_png(path, image, _):
    path.write_bytes(imagecodecs.png_encode(deep(image)))


def deep_jpeg_2000(path, image, _):
    path.write_bytes(imagecodecs.jpeg2k_encode(deep(image), level=0, reversible=True))


def odd_bits(path, image, _):
    values = image[..., 0].astype(np.uint16) * 16
    tifffile.imwrite(path, values, photometric="minisblack", bitspersample=12)


NEED_IMAGECODECS = {
    "TIFFs compressed by LZW": ("a.tif", tiff(compression="lzw")),
    "TIFFs compressed by JPEG": ("a.tif", tiff(compression="jpeg")),
    "TIFFs compressed by ZSTD": ("a.tif", tiff(compression="zstd")),
    "TIFFs compressed with a predictor for floats": ("a.tif", floats),
    "TIFFs of 12 bits a channel": ("a.tif", odd_bits),
    "Colors of more than 8 bits with a profile": ("a.tif", deep_with_profile),
    "Colors described by a gamma or primaries other than sRGB's": ("a.png", linear_png),
    "Colors that Exif says are Adobe RGB": ("a.jpg", adobe_rgb_by_exif),
    "PNG files of more than 8 bits": ("a.png", deep_png),
    "JPEG 2000 files of more than 8 bits": ("a.jp2", deep_jpeg_2000),
}


@pytest.mark.parametrize("lazy", [False, True], ids=["whole", "lazy"])
@pytest.mark.parametrize("what", NEED_IMAGECODECS)
def test_what_needs_imagecodecs_says_so(
    tmp_path, monkeypatch, refused, spaces, thumbnail, what, lazy
):
    name, write = NEED_IMAGECODECS[what]
    write(tmp_path / name, thumbnail, spaces)
    assert read_image(tmp_path / name).pixels.shape == thumbnail.shape
    if lazy:
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with refused(f"{what} need imagecodecs: {HINT}"):
        read_image(tmp_path / name)


def test_what_needs_zarr_says_so(tmp_path, monkeypatch, refused, thumbnail):
    zarr.save_array(tmp_path / "a.zarr", thumbnail)
    tiff(compression="zlib")(tmp_path / "a.tif", thumbnail, None)
    monkeypatch.setitem(sys.modules, "zarr", None)
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    with refused(f"Zarr folders need the library zarr: {HINT}"):
        read_image(tmp_path / "a.zarr")
    with refused(f"Zarr folders need the library zarr: {HINT}"):
        read_label_image(tmp_path / "a.zarr")
    with refused(f"Large TIFFs in tiles or compressed need the library zarr: {HINT}"):
        read_image(tmp_path / "a.tif")


def test_label_images_that_need_imagecodecs_say_so(tmp_path, monkeypatch, refused, thumbnail):
    tifffile.imwrite(tmp_path / "a.tif", thumbnail[..., 0], compression="lzw")
    np.testing.assert_array_equal(read_label_image(tmp_path / "a.tif"), thumbnail[..., 0])
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with refused(f"TIFFs compressed by LZW need imagecodecs: {HINT}"):
        read_label_image(tmp_path / "a.tif")


def test_other_files_are_read_as_with_them(tmp_path, spaces, thumbnail):
    wholes, lazies = [], []
    for compression in (None, "zlib", "packbits", "lzma"):
        for dtype in (np.uint8, np.uint16):
            path = tmp_path / f"{compression}-{np.dtype(dtype).name}.tif"
            predictor = compression in ("zlib", "lzma")
            colors = thumbnail.astype(dtype)
            tiff(compression=compression, predictor=predictor)(path, colors, None)
            (wholes if compression else lazies).append(path)
    for dtype in (np.float32, np.float64):
        lazies.append(tmp_path / f"{np.dtype(dtype).name}.tif")
        tiff()(lazies[-1], thumbnail.astype(dtype) / 255, None)
    bits = tmp_path / "bits.tif"
    tifffile.imwrite(bits, thumbnail[..., 0] > 99, photometric="minisblack")
    Image.fromarray(thumbnail).save(tmp_path / "plain.png")
    photo = tmp_path / "photo.jpg"
    Image.fromarray(thumbnail).save(photo, icc_profile=spaces["Display P3"].profile())
    wholes += [bits, tmp_path / "plain.png", photo]
    for paths, stream in ((wholes + lazies, 1 << 27), (lazies, 100)):
        names = [str(path) for path in paths]
        run = [sys.executable, "-c", READ_WITHOUT, f".{stream}.npy", str(stream), *names]
        subprocess.run(run, check=True, timeout=120)
        for path in paths:
            without = np.load(f"{path}.{stream}.npy")
            np.testing.assert_array_equal(without, read_image(path).pixels, path.name)

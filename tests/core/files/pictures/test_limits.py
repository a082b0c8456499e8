"""Claims against the size of a file and against memory, and Pillow's limit, which is set aside."""

import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
import tifffile
import zarr
from PIL import Image

from napari_colorcluster.core.files.pictures import limits
from napari_colorcluster.core.files.pictures.read import read_image


def test_a_small_picture_may_be_of_few_bytes_and_a_large_one_not(refused):
    limits.check_claim(limits.FREE_PIXELS, 1, 1)
    limits.check_claim(4 * limits.FREE_PIXELS, limits.FREE_PIXELS, 4)
    with refused("The file claims 67,108,864 pixels, more than its 16,777,215 bytes can hold"):
        limits.check_claim(4 * limits.FREE_PIXELS, limits.FREE_PIXELS - 1, 4)


def test_what_does_not_fit_into_memory_is_refused(monkeypatch, refused):
    monkeypatch.setattr(limits, "available_memory", lambda: 10**9)
    limits.check_memory(8 * 10**8)
    with refused("The picture needs 0.9 GB of memory, and 1.0 GB are free", "a tiled TIFF"):
        limits.check_memory(9 * 10**8)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "zarr"])
def test_each_format_asks_for_memory(tmp_path, monkeypatch, thumbnail, refused, suffix):
    path = tmp_path / f"image.{suffix}"
    if suffix == "zarr":
        zarr.save_array(path, thumbnail)
    else:
        Image.fromarray(thumbnail).save(path)
    monkeypatch.setattr(limits, "available_memory", lambda: 10_000)
    with refused("of memory"):
        read_image(path)


def test_there_is_memory():
    assert 10**8 < limits.available_memory() < 10**14


@pytest.mark.parametrize(
    ("most", "current", "left"),
    [
        ("5000000", "1000000", 4_000_000),
        ("1000", "2000", 0),
        ("max", "1000", None),
        ("9", "", None),
    ],
)
def test_memory_ends_where_that_of_the_container_does(monkeypatch, tmp_path, most, current, left):
    free = limits.available_memory()
    (tmp_path / "memory.max").write_text(f"{most}\n")
    (tmp_path / "memory.current").write_text(f"{current}\n")
    monkeypatch.setattr(limits, "_CGROUP", tmp_path)
    found = limits.available_memory()
    assert found == left if left is not None else found > free / 2


def test_memory_ends_where_the_limit_of_the_process_does(monkeypatch):
    resource = pytest.importorskip("resource")
    taken = psutil.Process().memory_info().vms
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (taken + 20_000_000, 10**15))
    assert 0 <= limits.available_memory() <= 20_000_000
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (taken - 20_000_000, 10**15))
    assert limits.available_memory() == 0


def test_honest_large_pictures_of_one_color_are_read(tmp_path):
    large = np.full((5000, 5000), 200, np.uint8)
    Image.fromarray(large).save(tmp_path / "image.png")
    tifffile.imwrite(tmp_path / "image.tif", large, compression="zlib")
    assert (tmp_path / "image.png").stat().st_size < 50_000
    for name in ("image.png", "image.tif"):
        assert np.asarray(read_image(tmp_path / name).pixels[::500, ::500]).min() == 200


def test_pillows_limit_is_as_before_however_many_threads_read(tmp_path, monkeypatch, thumbnail):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    paths = [tmp_path / f"{number}.png" for number in range(20)]
    for path in paths:
        Image.fromarray(thumbnail).save(path)
    (tmp_path / "3.png").write_bytes(paths[3].read_bytes()[:500])

    def read(path):
        try:
            return read_image(path).pixels.shape
        except ValueError:
            return None

    with ThreadPoolExecutor(4) as pool:
        shapes = list(pool.map(read, paths))
    assert shapes == [None if number == 3 else (47, 68, 3) for number in range(20)]
    assert Image.MAX_IMAGE_PIXELS == 100


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "AVIF", "JPEG2000"])
def test_honest_pictures_of_one_color_are_read_in_every_format(tmp_path, form):
    flat = Image.new("RGB", (4000, 4000), (90, 120, 200))
    keywords = {"WEBP": {"lossless": True, "method": 0}, "AVIF": {"speed": 10}}.get(form, {})
    flat.save(tmp_path / "image", form, **keywords)
    pixels = np.asarray(read_image(tmp_path / "image").pixels[..., :3])
    assert pixels.shape[-3:] == (4000, 4000, 3)
    assert np.abs(pixels[..., ::500, ::500, :].astype(int) - (90, 120, 200)).max() <= 8


def resized(data, form, side):
    """A picture whose header claims another size."""
    data = bytearray(data)
    big = struct.pack(">II", side, side)
    if form == "JPEG":
        at = data.find(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", side, side)
    elif form == "GIF":
        data[6:10] = struct.pack("<HH", side, side)
    elif form == "WEBP":
        at = data.find(b"VP8X")
        data[at + 12 : at + 18] = struct.pack("<I", side - 1)[:3] * 2
    elif form == "AVIF":
        at = data.find(b"ispe")
        data[at + 8 : at + 16] = big
    else:
        at, size = data.find(b"ihdr"), data.find(b"\xff\x4f\xff\x51")
        data[at + 4 : at + 12] = data[size + 8 : size + 16] = data[size + 24 : size + 32] = big
    return bytes(data)


@pytest.mark.parametrize("form", ["JPEG", "GIF", "WEBP", "AVIF", "JPEG2000"])
def test_what_is_appended_holds_no_pixels(tmp_path, thumbnail, refused, form):
    image = Image.fromarray(thumbnail)
    film = {"save_all": True, "append_images": [Image.fromarray(255 - thumbnail)]}
    image.save(tmp_path / "image", form, **(film if form in ("GIF", "WEBP") else {}))
    data = resized((tmp_path / "image").read_bytes(), form, 8000) + bytes(1 << 19)
    (tmp_path / "image").write_bytes(data)
    with refused("more than its"):
        read_image(tmp_path / "image")

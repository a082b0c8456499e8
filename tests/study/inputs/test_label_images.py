"""Label images: found by name, and read as the numbers that they hold."""

import os
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from napari_colorcluster.core.files.pictures import limits
from napari_colorcluster.study.inputs import label_images
from napari_colorcluster.study.inputs.label_images import find_label_image, read_label_image

NUMBERS = np.random.default_rng(0).integers(0, 200, (20, 30))


def as_palette(path):
    picture = Image.fromarray(NUMBERS.astype(np.uint8))
    picture.putpalette(np.random.default_rng(1).integers(0, 256, 768, np.uint8).tobytes())
    picture.save(path)


WRITERS = {
    "a.png": lambda path: iio.imwrite(path, NUMBERS.astype(np.uint8)),
    "deep.png": lambda path: iio.imwrite(path, NUMBERS.astype(np.uint16)),
    "palette.png": as_palette,
    "a.tif": lambda path: tifffile.imwrite(path, NUMBERS.astype(np.uint16)),
    "signed.tiff": lambda path: tifffile.imwrite(path, NUMBERS.astype(np.int32)),
    "a.bmp": lambda path: iio.imwrite(path, NUMBERS.astype(np.uint8)),
    "a.npy": lambda path: np.save(path, NUMBERS),
    "a.zarr": lambda path: zarr.save_array(path, NUMBERS),
}


@pytest.mark.parametrize("name", WRITERS)
def test_each_format_gives_its_numbers(tmp_path, name):
    WRITERS[name](tmp_path / name)
    np.testing.assert_array_equal(np.asarray(read_label_image(tmp_path / name)), NUMBERS)


def test_the_pixels_of_a_mask_are_one_object(tmp_path):
    np.save(tmp_path / "mask.npy", NUMBERS > 50)
    read = read_label_image(tmp_path / "mask.npy")
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, NUMBERS > 50)


def test_a_large_label_image_is_read_as_far_as_memory_goes(tmp_path, refused, monkeypatch):
    iio.imwrite(tmp_path / "large.png", NUMBERS.astype(np.uint8))
    # Pillow warns above this number of pixels, and refuses twice as many.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", NUMBERS.size // 3)
    np.testing.assert_array_equal(read_label_image(tmp_path / "large.png"), NUMBERS)
    monkeypatch.setattr(limits, "available_memory", lambda: NUMBERS.size)
    with refused("GB of memory", "or a zarr"):
        read_label_image(tmp_path / "large.png")


def test_colors_fractions_and_damaged_files_are_refused(tmp_path, refused):
    iio.imwrite(tmp_path / "rgb.png", np.zeros((4, 4, 3), np.uint8))
    np.save(tmp_path / "ratio.npy", NUMBERS / 2)
    (tmp_path / "torn.png").write_bytes(b"\x89PNG")
    (tmp_path / "torn.npy").write_bytes(b"")
    with refused("rgb.png", "one integer a pixel", "colors"):
        read_label_image(tmp_path / "rgb.png")
    with refused("ratio.npy", "float64"):
        read_label_image(tmp_path / "ratio.npy")
    tifffile.imwrite(tmp_path / "whole.tif", NUMBERS.astype(np.uint8))
    whole = (tmp_path / "whole.tif").read_bytes()
    (tmp_path / "torn.tif").write_bytes(whole[:-99])
    (tmp_path / "empty.tif").write_bytes(whole[:4])
    (tmp_path / "text.npy").write_text("no numbers")
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    np.savez(tmp_path / "several.npz", NUMBERS)
    (tmp_path / "several.npz").rename(tmp_path / "several.npy")
    torn = ("torn.png", "torn.npy", "torn.tif", "empty.tif")
    for name in (*torn, "text.npy", "objects.npy", "several.npy"):
        with refused(f"The mask {tmp_path / name} cannot be read: it is damaged or no mask."):
            read_label_image(tmp_path / name, "mask")


def test_a_label_image_has_the_name_of_its_image(tmp_path, refused):
    image = tmp_path / "photos" / "leaf 1.jpg"
    with refused("no label image", "leaf 1.tif"):
        find_label_image(tmp_path, image)
    (tmp_path / "leaf 1.txt").touch()
    (tmp_path / "leaf 10.png").touch()
    (tmp_path / "leaf 1.npy").touch()
    assert find_label_image(tmp_path, image).name == "leaf 1.npy"
    (tmp_path / "leaf 1.png").touch()
    with refused("more than one", "leaf 1.npy, leaf 1.png"):
        find_label_image(tmp_path, image)
    (tmp_path / "leaf 1.jpg").touch()
    assert find_label_image(tmp_path, image).name == "leaf 1.jpg"


def test_a_folder_is_listed_once_for_many_images(tmp_path, monkeypatch):
    listed, iterdir = [], Path.iterdir
    for name in ("leaf.png", "twig.TIF", "notes.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(label_images, "monotonic", lambda: 100.0)
    monkeypatch.setattr(Path, "iterdir", lambda folder: listed.append(folder) or iterdir(folder))
    assert find_label_image(tmp_path, Path("leaf.jpg")).name == "leaf.png"
    assert find_label_image(tmp_path, Path("twig.jpg")).name == "twig.TIF"
    assert listed == [tmp_path]


def test_a_label_image_may_come_and_go_where_its_folder_does_not_tell(
    tmp_path, refused, monkeypatch
):
    image = tmp_path / "photos" / "leaf.jpg"
    now = [100.0]
    monkeypatch.setattr(label_images, "monotonic", lambda: now[0])
    (tmp_path / "leaf.png").touch()
    changed = tmp_path.stat().st_mtime_ns
    assert find_label_image(tmp_path, image).name == "leaf.png"

    def later():
        # As on a FAT, whose folders have the time at which they were made.
        os.utime(tmp_path, ns=(changed, changed))
        now[0] += 10

    (tmp_path / "leaf.npy").touch()
    later()
    with refused("more than one", "leaf.npy, leaf.png"):
        find_label_image(tmp_path, image)
    (tmp_path / "leaf.png").unlink()
    os.utime(tmp_path, ns=(changed, changed))
    assert find_label_image(tmp_path, image).name == "leaf.npy"


def test_a_link_to_a_label_image_that_is_gone_is_none(tmp_path, refused):
    try:
        (tmp_path / "leaf.png").symlink_to(tmp_path / "gone.png")
    except OSError:
        pytest.skip("This system makes no links.")
    with refused("There is no mask for it"):
        find_label_image(tmp_path, tmp_path / "photos" / "leaf.png", what="mask")

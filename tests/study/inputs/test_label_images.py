"""Label images: found by name, and read as the numbers that they hold."""

import os
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

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


def test_colors_fractions_and_damaged_files_are_refused(tmp_path, refused):
    iio.imwrite(tmp_path / "rgb.png", np.zeros((4, 4, 3), np.uint8))
    np.save(tmp_path / "ratio.npy", NUMBERS / 2)
    (tmp_path / "torn.png").write_bytes(b"\x89PNG")
    (tmp_path / "torn.npy").write_bytes(b"")
    with refused("rgb.png", "one integer a pixel", "colors"):
        read_label_image(tmp_path / "rgb.png")
    with refused("ratio.npy", "float64"):
        read_label_image(tmp_path / "ratio.npy")
    for name in ("torn.png", "torn.npy"):
        with refused(name, "cannot be read"):
            read_label_image(tmp_path / name)


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


def test_a_folder_is_listed_once_until_it_changes(tmp_path, monkeypatch):
    masks, listed = tmp_path / "masks", []
    masks.mkdir()
    for name in ("leaf.png", "twig.TIF", "notes.txt"):
        (masks / name).touch()
    settled = masks.stat().st_mtime - 60
    os.utime(masks, (settled, settled))
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda folder: listed.append(folder) or iterdir(folder))
    assert find_label_image(masks, Path("leaf.jpg")).name == "leaf.png"
    assert find_label_image(masks, Path("twig.jpg")).name == "twig.TIF"
    assert listed == [masks]
    # Changed a moment ago, it is listed each time: the next change may have the same time.
    (masks / "leaf.npy").touch()
    with pytest.raises(ValueError, match=r"more than one .*: leaf\.npy, leaf\.png\."):
        find_label_image(masks, Path("leaf.jpg"))
    (masks / "leaf.npy").unlink()
    assert find_label_image(masks, Path("leaf.jpg")).name == "leaf.png"
    assert len(listed) == 3

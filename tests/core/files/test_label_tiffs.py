"""Label images that know their palette: by tifffile and Pillow, which know nothing of it."""

import numpy as np
import pytest
import tifffile
from PIL import Image

from napari_colorcluster import Palette
from napari_colorcluster.core.files.label_tiffs import label_tags, read_label_tiff

PALETTE = Palette(
    [[107, 63, 42], [239, 227, 200], [0, 0, 255]], [4, 3, 2], ["brown", "os é", "blue"], [2, 7, 1]
)
LABELS = np.array([[2, 2, 7], [0, 7, 1], [7, 2, 2]])
MADE = {"image": "leaf", "settings": {"n_clusters": 3}, "overlay": {"shape": [9, 9]}}


def write(path, dtype, shape=(3, 3), **keywords):
    labels = np.broadcast_to(LABELS, shape).astype(dtype)
    tags = label_tags(PALETTE, labels.dtype, MADE)
    tifffile.imwrite(path, labels, compression="zlib", **tags, **keywords)
    return labels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 3, 3)])
def test_labels_stay_labels_and_know_their_names(tmp_path, dtype, shape):
    labels = write(tmp_path / "labels.tif", dtype, shape)
    again = tifffile.imread(tmp_path / "labels.tif")
    assert again.dtype == dtype
    np.testing.assert_array_equal(again, labels)
    palette, made = read_label_tiff(tmp_path / "labels.tif")
    assert palette == PALETTE
    assert made == MADE


def test_other_programs_show_them_in_their_colors(tmp_path):
    write(tmp_path / "labels.tif", np.uint8)
    with Image.open(tmp_path / "labels.tif") as picture:
        assert picture.mode == "P"
        np.testing.assert_array_equal(np.asarray(picture), LABELS)
        shown = np.asarray(picture.convert("RGB"))
    for label, color in zip(PALETTE.labels, PALETTE.colors, strict=True):
        assert (shown[label == LABELS] == color).all()
    assert not shown[LABELS == 0].any()
    with tifffile.TiffFile(tmp_path / "labels.tif") as file:
        page = file.pages.first
        assert page.photometric == tifffile.PHOTOMETRIC.PALETTE
        np.testing.assert_array_equal(page.asrgb()[..., 0] // 257, shown[..., 0])


def test_other_files_say_nothing_of_labels(tmp_path):
    tifffile.imwrite(tmp_path / "plain.tif", LABELS.astype(np.uint8))
    tifffile.imwrite(tmp_path / "said.tif", LABELS.astype(np.uint8), description="a leaf")
    (tmp_path / "broken.tif").write_bytes(b"II*\0\xff")
    (tmp_path / "note.txt").write_text("napari-colorcluster/1")
    for name in ("plain.tif", "said.tif", "broken.tif", "note.txt", "missing.tif"):
        assert read_label_tiff(tmp_path / name) is None

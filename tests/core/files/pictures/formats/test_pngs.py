"""What a PNG's chunks say, against Pillow."""

import pytest
from PIL import Image

from napari_colorcluster.core.files.pictures.formats.pngs import read_png


@pytest.mark.parametrize(
    ("mode", "bits", "n_samples"),
    [
        ("1", 1, 1),
        ("L", 8, 1),
        ("P", 8, 1),
        ("LA", 8, 2),
        ("RGB", 8, 3),
        ("RGBA", 8, 4),
        ("I;16", 16, 1),
    ],
)
def test_a_pixel_has_as_many_bits_as_its_samples(tmp_path, mode, bits, n_samples):
    image = Image.new(mode, (9, 5))
    if mode == "P":
        image.putpalette(bytes(range(256)) * 3)
    image.save(tmp_path / "image.png", bits=8)
    png = read_png(tmp_path / "image.png")
    assert (png.bits, png.bits_per_pixel) == (bits, bits * n_samples)

"""Inks in Adobe's swatch files: by a profile as LittleCMS has it, or by the rule for pictures."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from napari_colorcluster import read_image, read_palette
from napari_colorcluster.core.files.palettes import read_as_clustering

WARNED = r"in CMYK without a profile: red is taken as \(1 - cyan\) × \(1 - black\)"


@pytest.fixture(scope="module")
def levels():
    """Amounts of ink in 8 bits; the corners first."""
    corners = np.stack(np.meshgrid(*[[0, 255]] * 4), axis=-1).reshape(-1, 4)
    others = np.random.default_rng(0).integers(0, 256, (60, 4))
    return np.concatenate([corners, others]).astype(np.uint8)


def ase_of(levels):
    data = struct.pack(">4sHHI", b"ASEF", 1, 0, len(levels))
    for color in levels / 255:
        block = struct.pack(">H4s4fH", 0, b"CMYK", *color, 2)
        data += struct.pack(">HI", 1, len(block)) + block
    return data


def aco_of(levels):
    swatches = [struct.pack(">5H", 2, *(257 * (255 - each.astype(int)))) for each in levels]
    return struct.pack(">HH", 1, len(levels)) + b"".join(swatches)


@pytest.fixture(params=[ase_of, aco_of], ids=["ase", "aco"])
def swatches(request, tmp_path, levels):
    path = tmp_path / f"inks.{request.param.__name__[:3]}"
    path.write_bytes(request.param(levels))
    return path


def test_a_profile_is_applied_as_littlecms_does(swatches, tmp_path, levels, inks):
    (tmp_path / "press.icc").write_bytes(inks)
    palette = read_palette(swatches, cmyk_profile=tmp_path / "press.icc")
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
    srgb = ImageCms.createProfile("sRGB")
    press = str(tmp_path / "press.icc")
    transform = ImageCms.buildTransform(press, srgb, "CMYK", "RGB", 1, flags)
    picture = Image.frombytes("CMYK", (1, len(levels)), levels.tobytes())
    expected = np.asarray(transform.apply(picture))[:, 0]
    assert np.abs(palette.colors.astype(int) - expected).max() <= 1
    assert read_as_clustering(swatches, cmyk_profile=press).n_clusters == len(
        np.unique(palette.colors, axis=0)
    )


def test_without_a_profile_inks_are_read_as_those_of_pictures(swatches, tmp_path, levels):
    with pytest.warns(UserWarning, match=WARNED) as warned:
        palette = read_palette(swatches)
    assert len(warned) == 1
    Image.frombytes("CMYK", (1, len(levels)), levels.tobytes()).save(tmp_path / "inks.tif")
    expected = read_image(tmp_path / "inks.tif").pixels[:, 0]
    np.testing.assert_array_equal(palette.colors, expected)


def test_what_is_no_profile_for_inks_is_refused(swatches, tmp_path, refused, spaces, inks):
    path = tmp_path / "press.icc"
    for content in (b"", b"no profile", spaces["sRGB"].profile()):
        path.write_bytes(content)
        with refused("'press.icc' is no ICC profile for CMYK"):
            read_palette(swatches, cmyk_profile=path)
    path.write_bytes(inks[:400])
    with refused("'press.icc' is damaged"):
        read_palette(swatches, cmyk_profile=path)
    with pytest.raises(FileNotFoundError):
        read_palette(swatches, cmyk_profile=tmp_path / "none.icc")


def test_where_there_are_no_inks_a_profile_changes_nothing(tmp_path, inks):
    (tmp_path / "press.icc").write_bytes(inks)
    (tmp_path / "a.hex").write_text("102030\n")
    palette = read_palette(tmp_path / "a.hex", cmyk_profile=tmp_path / "press.icc")
    for name in ("a.hex", "a.ase", "a.aco", "a.css"):
        palette.write(tmp_path / name)
        assert read_palette(tmp_path / name).hex == ("#102030",)
        both = read_palette(tmp_path / name, cmyk_profile=tmp_path / "press.icc")
        assert both == read_palette(tmp_path / name)

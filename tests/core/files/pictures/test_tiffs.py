"""TIFF's samples and pages: what is color, what is alpha, which page is the picture."""

import pickle

import dask.array as da
import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image, ImageOps

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.read import read_image


@pytest.fixture(params=[False, True], ids=["whole", "lazy"])
def lazy(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    return request.param


@pytest.fixture
def written(tmp_path, lazy):
    """Write a TIFF and read it again."""

    def write_and_read(data, **keywords):
        path = tmp_path / "image.tif"
        tifffile.imwrite(path, data, **keywords)
        picture = read_image(path)
        assert isinstance(picture.pixels, da.Array) == lazy
        pixels = np.asarray(picture.pixels)
        assert picture.pixels.shape == pixels.shape
        return pixels, picture.notes

    return write_and_read


@pytest.mark.parametrize("planar", [{}, {"planarconfig": "separate"}])
def test_the_extra_sample_that_is_alpha_is_alpha(written, thumbnail, planar):
    infrared, alpha = thumbnail[..., 0] // 2, thumbnail[..., 1]
    five = np.dstack([thumbnail, infrared, alpha])
    data = np.moveaxis(five, -1, 0) if planar else five
    extra = ["unspecified", "unassalpha"]
    pixels, notes = written(data, photometric="rgb", extrasamples=extra, **planar)
    np.testing.assert_array_equal(pixels, np.dstack([thumbnail, alpha]))
    assert notes == ("Samples that are neither color nor alpha are left out: 1 of 5 in a pixel.",)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_multiplied_colors_of_every_type_are_divided(written, thumbnail, dtype):
    most = 1 if dtype == np.float32 else np.iinfo(dtype).max
    colors = thumbnail / 255
    alpha = np.broadcast_to(np.linspace(0, 1, 68)[:, np.newaxis], (47, 68, 1))
    alpha = alpha if most == 1 else np.rint(alpha * most) / most
    multiplied = np.concatenate([colors * alpha, alpha], axis=-1) * most
    multiplied = multiplied if most == 1 else np.rint(multiplied)
    pixels, notes = written(
        multiplied.astype(dtype), photometric="rgb", extrasamples=["assocalpha"]
    )
    assert notes == ()
    assert pixels.dtype == dtype
    np.testing.assert_array_equal(pixels[:, 0], 0)
    # Half a step of the type, as much more as the alpha is less.
    allowed = 1e-5 if most == 1 else 1 / most
    assert (np.abs(pixels[:, 1:, :3] / most - colors[:, 1:]) * alpha[:, 1:]).max() <= allowed


def test_white_may_be_0(written, thumbnail):
    gray = thumbnail[..., 1]
    pixels, _ = written(255 - gray, photometric="miniswhite")
    np.testing.assert_array_equal(pixels, np.repeat(gray[..., np.newaxis], 3, axis=-1))


def test_gray_with_alpha_has_alpha(written, thumbnail):
    both = thumbnail[..., :2]
    pixels, _ = written(both, photometric="minisblack", extrasamples=["unassalpha"])
    np.testing.assert_array_equal(pixels, both[..., [0, 0, 0, 1]])


def test_three_samples_without_a_name_are_taken_for_colors(written, thumbnail):
    pixels, notes = written(thumbnail, photometric="minisblack", planarconfig="contig")
    np.testing.assert_array_equal(pixels, thumbnail)
    assert notes == (
        "The three samples of a pixel are not said to be colors, and are taken for RGB.",
    )


@pytest.mark.parametrize("metadata", [{}, {"metadata": None}])
@pytest.mark.parametrize("leading", [(), (2,)])
@pytest.mark.parametrize("n_samples", [3, 4])
def test_an_array_of_colors_that_was_written_as_pages_of_rows_is_one_picture(
    written, thumbnail, n_samples, leading, metadata
):
    data = np.dstack([thumbnail, thumbnail[..., 0]])[..., :n_samples]
    data = np.broadcast_to(data, (*leading, *data.shape))
    pixels, notes = written((data / 255).astype(np.float32), photometric="minisblack", **metadata)
    if leading and metadata:
        # Nothing tells that the pages are two times as many rows.
        np.testing.assert_allclose(pixels, (data / 255)[..., :3].reshape(-1, 68, 3), atol=1e-6)
    else:
        np.testing.assert_allclose(pixels, (data / 255)[..., :3], atol=1e-6)
    assert "taken for RGB" in notes[0]
    assert len(notes) == n_samples - 2


@pytest.mark.parametrize("shape", [(5, 60, 68), (20, 3, 3)])
def test_pages_that_are_told_or_no_rows_stay_a_stack(written, shape):
    data = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    pixels, _ = written(data, photometric="minisblack")
    np.testing.assert_array_equal(pixels, np.repeat(data[..., np.newaxis], 3, axis=-1))
    told = data[:, :, :3]
    pixels, _ = written(told, photometric="minisblack", metadata={"axes": "ZYX"})
    np.testing.assert_array_equal(pixels, np.repeat(told[..., np.newaxis], 3, axis=-1))


def test_three_samples_without_a_name_may_have_alpha(written, thumbnail):
    rgba = np.dstack([thumbnail, thumbnail[..., 0]])
    extra = ["unspecified", "unspecified", "unassalpha"]
    pixels, _ = written(rgba, photometric="minisblack", planarconfig="contig", extrasamples=extra)
    np.testing.assert_array_equal(pixels, rgba)


@pytest.mark.parametrize("alpha", [[], ["unassalpha"]])
def test_more_samples_without_a_name_are_refused(tmp_path, thumbnail, refused, alpha):
    bands = np.dstack([thumbnail, thumbnail])[..., : 5 + len(alpha)]
    extra = ["unspecified"] * 4 + alpha
    path = tmp_path / "image.tif"
    keywords = {"planarconfig": "contig", "extrasamples": extra}
    tifffile.imwrite(path, bands, photometric="minisblack", **keywords)
    with refused("5 channels that are not said to be colors"):
        read_image(path)


def test_channels_of_different_depths_are_refused(tmp_path, refused, thumbnail):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages.first.tags["BitsPerSample"].overwrite((5, 6, 5))
    with refused("different numbers of bits"):
        read_image(path)


@pytest.mark.parametrize(
    ("lit", "order"),
    [
        ([[2], [1], [0]], [2, 1, 0]),
        ([[1], [2], [0]], [2, 0, 1]),
        ([[0], [1], [2]], [0, 1, 2]),
        ([[0, 1], [1, 2], [0, 2]], [0, 1, 2]),
        ([[0], [1]], [0, 1, 2]),
    ],
)
def test_channels_have_the_colors_that_imagej_shows_them_in(written, thumbnail, lit, order):
    tables = np.zeros((len(lit), 3, 256), np.uint8)
    for table, colors in zip(tables, lit, strict=True):
        table[colors] = np.arange(256)
    planes = np.moveaxis(thumbnail, -1, 0)
    metadata = {"axes": "CYX", "mode": "composite", "LUTs": list(tables)}
    pixels, _ = written(planes, imagej=True, metadata=metadata)
    np.testing.assert_array_equal(pixels, thumbnail[..., order])


def test_12_bits_that_are_said_are_scaled(tmp_path):
    values = np.array([[0, 1, 2048, 4095]])
    packed = "".join(f"{value:012b}" for value in values.ravel())
    data = int(packed, 2).to_bytes(6, "big")
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, np.zeros((1, 6), np.uint8), photometric="minisblack")
    with tifffile.TiffFile(path, mode="r+") as file:
        tags = file.pages.first.tags
        tags["ImageWidth"].overwrite(4)
        tags["BitsPerSample"].overwrite(12)
        at = file.pages.first.dataoffsets[0]
        file.filehandle.seek(at)
        file.filehandle.write(data)
    pixels = read_image(path).pixels
    assert pixels.dtype == np.uint16
    np.testing.assert_array_equal(pixels[..., 0], np.rint(values / 4095 * 65535))


def test_bytes_of_the_other_end_are_turned(written, thumbnail):
    pixels, _ = written(thumbnail.astype(np.uint16) * 257, photometric="rgb", byteorder=">")
    assert pixels.dtype.isnative
    np.testing.assert_array_equal(pixels, thumbnail * np.uint16(257))


@pytest.mark.parametrize("other", ["logluv", "itulab"])
def test_rare_colors_are_refused_by_name(tmp_path, thumbnail, refused, other):
    tifffile.imwrite(tmp_path / "image.tif", thumbnail, photometric=other)
    with refused(f"The image is {other.upper()}"):
        read_image(tmp_path / "image.tif")


def test_other_inks_are_refused(tmp_path, thumbnail, refused):
    four = np.dstack([thumbnail, thumbnail[..., 0]])
    tags = [(332, "H", 1, 2, True)]
    tifffile.imwrite(tmp_path / "image.tif", four, photometric="separated", extratags=tags)
    with refused("other inks than CMYK"):
        read_image(tmp_path / "image.tif")


def pages(path, *several):
    with tifffile.TiffWriter(path) as file:
        for page in several:
            page, kind = page if isinstance(page, tuple) else (page, 0)
            file.write(page, photometric="rgb", subfiletype=kind, contiguous=False)


def test_pages_of_one_size_are_a_stack(tmp_path, lazy, thumbnail):
    pages(tmp_path / "image.tif", thumbnail, thumbnail // 2, thumbnail // 3)
    picture = read_image(tmp_path / "image.tif")
    assert isinstance(picture.pixels, da.Array) == lazy
    expected = np.stack([thumbnail, thumbnail // 2, thumbnail // 3])
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ()


def test_a_page_that_is_marked_as_reduced_is_not_the_picture(tmp_path, thumbnail):
    for order in ([(thumbnail // 2, 1), thumbnail], [thumbnail, (thumbnail // 2, 1)]):
        pages(tmp_path / "image.tif", *order)
        picture = read_image(tmp_path / "image.tif")
        np.testing.assert_array_equal(picture.pixels, thumbnail)
        assert "1 smaller page or thumbnail left out" in picture.notes[0]


def test_of_full_pages_of_different_sizes_the_first_is_the_picture(tmp_path, thumbnail):
    larger = np.pad(thumbnail, ((0, 9), (0, 9), (0, 0)))
    small = np.ascontiguousarray(thumbnail[::4, ::4])
    pages(tmp_path / "image.tif", small, thumbnail, larger, small)
    picture = read_image(tmp_path / "image.tif")
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    (note,) = picture.notes
    assert "different sizes" in note
    assert "68 × 47" in note


def test_a_stack_that_is_cut_off_is_no_shorter_stack(tmp_path, thumbnail, refused):
    path = tmp_path / "image.tif"
    Image.fromarray(thumbnail).save(
        path, save_all=True, append_images=[Image.fromarray(thumbnail // 2)] * 2
    )
    whole = path.read_bytes()
    assert read_image(path).pixels.shape == (3, *thumbnail.shape)
    for left in (len(whole) - 100, len(whole) // 2, len(whole) // 3):
        path.write_bytes(whole[:left])
        with refused("cut off"):
            read_image(path)


def test_strips_that_hold_less_than_the_picture_are_cut_off(tmp_path, thumbnail, refused):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb")
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages[0].tags["StripByteCounts"].overwrite(thumbnail.nbytes - 1)
    with refused("cut off"):
        read_image(path)


def test_a_stack_under_one_head_is_as_long_as_it_says_or_cut_off(tmp_path, thumbnail, refused):
    path = tmp_path / "image.tif"
    stack = np.stack([thumbnail, thumbnail // 2, thumbnail // 3])
    tifffile.imwrite(path, stack, photometric="rgb", truncate=True)
    np.testing.assert_array_equal(read_image(path).pixels, stack)
    path.write_bytes(path.read_bytes()[:-1])
    with refused("cut off"):
        read_image(path)


def test_a_head_at_the_end_of_a_file_has_to_tell_what_follows(tmp_path, thumbnail, refused):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", byteorder="<")
    data = path.read_bytes()
    at = int.from_bytes(data[4:8], "little")
    n_bytes = 2 + 12 * int.from_bytes(data[at : at + 2], "little")
    moved = data[:4] + len(data).to_bytes(4, "little") + data[8:] + data[at : at + n_bytes]
    path.write_bytes(moved + bytes(4))
    np.testing.assert_array_equal(read_image(path).pixels, thumbnail)
    path.write_bytes(moved + bytes(3))
    with refused("cut off"):
        read_image(path)


@pytest.mark.parametrize("name", ["photo.dng", "photo.tif"])
def test_raw_files_are_refused_by_what_is_in_them(tmp_path, thumbnail, refused, name):
    path = tmp_path / name
    mosaic = np.arange(600 * 400, dtype=np.uint16).reshape(400, 600)
    with tifffile.TiffWriter(path) as file:
        file.write(thumbnail, photometric="rgb", subfiletype=1, subifds=1)
        file.write(mosaic, photometric="cfa")
    with refused("This is a camera's raw file", "export it as a TIFF"):
        read_image(path)


@pytest.mark.parametrize("suffix", ["nef", "ARW", "cr2", "raf", "orf", "rw2"])
def test_raw_files_are_refused_by_their_names(tmp_path, thumbnail, refused, suffix):
    path = tmp_path / f"photo.{suffix}"
    tifffile.imwrite(path, thumbnail, photometric="rgb")
    with refused("This is a camera's raw file"):
        read_image(path)


@pytest.mark.parametrize(
    "first", [b"FUJIFILMCCD-RAW 0201", b"IIRO\x08\0", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom"]
)
def test_raw_files_are_refused_by_their_first_bytes(tmp_path, refused, first):
    (tmp_path / "photo.jpg").write_bytes(first + bytes(100))
    with refused("This is a camera's raw file"):
        read_image(tmp_path / "photo.jpg")


def test_a_palette_is_looked_up_lazily_too(written):
    colors = np.random.default_rng(0).integers(0, 256, (3, 256)).astype(np.uint16) * 257
    indices = np.arange(240, dtype=np.uint8).reshape(12, 20)
    pixels, _ = written(indices, photometric="palette", colormap=colors)
    np.testing.assert_array_equal(pixels, (colors >> 8).T[indices])


@pytest.mark.parametrize("n_bits", [1, 2, 4, 8])
@pytest.mark.parametrize("factor", [1, 256, 257])
def test_palettes_of_all_depths_are_looked_up_by_number(tmp_path, lazy, n_bits, factor):
    colors = np.random.default_rng(n_bits).integers(0, 256, (2**n_bits, 3))
    indices = np.arange(3 * 16).reshape(3, 16) % 2**n_bits
    bits = (indices[..., np.newaxis] >> np.arange(n_bits)[::-1]) & 1
    packed = np.packbits(bits.reshape(3, -1).astype(bool), axis=1)
    path = tmp_path / "image.tif"
    wide = np.repeat((colors * factor).astype(np.uint16), 256 // 2**n_bits, axis=0)
    filler = np.zeros((3, 16), np.uint8)
    tifffile.imwrite(path, filler, photometric="palette", colormap=wide.T)
    with tifffile.TiffFile(path, mode="r+") as file:
        tags = file.pages.first.tags
        at = file.pages.first.dataoffsets[0]
        tags["BitsPerSample"].overwrite(n_bits)
        tags["StripByteCounts"].overwrite(packed.size)
        tags["ColorMap"].overwrite((colors * factor).astype(np.uint16).T.ravel())
        file.filehandle.seek(at)
        file.filehandle.write(packed.tobytes())
    np.testing.assert_array_equal(read_image(path).pixels, colors[indices])


def test_beyond_the_end_of_a_damaged_palette_its_last_color_counts(tmp_path, lazy):
    colors = np.random.default_rng(0).integers(0, 256, (256, 3)).astype(np.uint16)
    indices = np.arange(240, dtype=np.uint8).reshape(12, 20)
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, indices, photometric="palette", colormap=(colors * 257).T)
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages.first.tags["ColorMap"].overwrite((colors[:20] * 257).T.ravel())
    np.testing.assert_array_equal(read_image(path).pixels, colors[np.minimum(indices, 19)])


def test_a_palette_may_have_alpha(tmp_path, lazy, thumbnail):
    with Image.fromarray(np.dstack([thumbnail, thumbnail[..., 0]])).convert("PA") as image:
        image.save(tmp_path / "image.tif")
        expected = np.asarray(image.convert("RGBA"))
    picture = read_image(tmp_path / "image.tif")
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ()


def test_each_page_has_its_own_palette(tmp_path, lazy, thumbnail):
    dice = np.random.default_rng(0)
    palettes = [dice.integers(0, 256, (256, 3)).astype(np.uint16) for _ in range(2)]
    path = tmp_path / "image.tif"
    with tifffile.TiffWriter(path) as file:
        for palette in palettes:
            colors = (palette * 257).T
            file.write(thumbnail[..., 0], photometric="palette", colormap=colors, metadata=None)
    picture = read_image(path)
    expected = np.stack([palette[thumbnail[..., 0]] for palette in palettes])
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ()


@pytest.mark.parametrize("differ", ["orientation", "profile"])
def test_pages_that_are_shown_in_different_ways_are_no_stack(
    tmp_path, lazy, thumbnail, spaces, differ
):
    path = tmp_path / "image.tif"
    turned = {"extratags": [(274, "H", 1, 3, True)]}
    colored = {"iccprofile": spaces["Adobe RGB (1998)"].profile()}
    with tifffile.TiffWriter(path) as file:
        file.write(thumbnail, photometric="rgb", metadata=None)
        own = turned if differ == "orientation" else colored
        file.write(thumbnail // 2, photometric="rgb", metadata=None, **own)
    picture = read_image(path)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "1 page left out" in picture.notes[0]


def test_a_stack_whose_first_page_alone_tells_how_it_is_turned_is_turned(written, thumbnail):
    stack = np.stack([thumbnail, thumbnail // 2])
    pixels, _ = written(stack, photometric="rgb", extratags=[(274, "H", 1, 3, True)])
    np.testing.assert_array_equal(pixels, stack[:, ::-1, ::-1])


@pytest.mark.parametrize("orientation", [None, 1, 3])
@pytest.mark.parametrize("told", ['tiff:Orientation="6"', "<tiff:Orientation>6</tiff:Orientation>"])
def test_an_orientation_that_only_xmp_tells_is_applied(tmp_path, thumbnail, told, orientation):
    path = tmp_path / "image.tif"
    tags = {700: told.encode()} | ({} if orientation is None else {274: orientation})
    Image.fromarray(thumbnail).save(path, tiffinfo=tags)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(read_image(path).pixels, expected)


@pytest.mark.parametrize("at", [0, 1])
def test_a_page_marked_as_reduced_is_left_out_though_it_is_as_large(tmp_path, lazy, thumbnail, at):
    order = [(255 - thumbnail, 1), thumbnail] if at == 0 else [thumbnail, (255 - thumbnail, 1)]
    path = tmp_path / "image.tif"
    with tifffile.TiffWriter(path) as file:
        for page in order:
            page, kind = page if isinstance(page, tuple) else (page, 0)
            file.write(page, photometric="rgb", subfiletype=kind, metadata=None)
    picture = read_image(path)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "1 smaller page or thumbnail left out" in picture.notes[0]


@pytest.mark.parametrize("kind", [4, 5])
def test_a_mask_is_left_out_though_it_comes_first(tmp_path, thumbnail, kind):
    with tifffile.TiffWriter(tmp_path / "image.tif") as file:
        file.write(thumbnail[..., 0] > 90, photometric="mask", subfiletype=kind)
        file.write(thumbnail, photometric="rgb")
    np.testing.assert_array_equal(read_image(tmp_path / "image.tif").pixels, thumbnail)


def test_pages_marked_as_those_of_a_document_are_a_stack(tmp_path, lazy, thumbnail):
    pages(tmp_path / "image.tif", (thumbnail, 2), (thumbnail // 2, 2))
    expected = np.stack([thumbnail, thumbnail // 2])
    picture = read_image(tmp_path / "image.tif")
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ()


def test_three_gray_pages_are_a_stack_and_that_is_told(tmp_path, thumbnail):
    planes = np.moveaxis(thumbnail, -1, 0)
    tifffile.imwrite(tmp_path / "image.tif", planes, photometric="minisblack")
    picture = read_image(tmp_path / "image.tif")
    np.testing.assert_array_equal(picture.pixels[..., 0], planes)
    assert "3 gray pages are read as a stack" in picture.notes[0]
    tifffile.imwrite(
        *(tmp_path / "image.tif", planes), photometric="minisblack", metadata={"axes": "TYX"}
    )
    assert read_image(tmp_path / "image.tif").notes == ()
    zarr.save_array(tmp_path / "image.zarr", planes)
    assert "3 gray planes are read as a stack" in read_image(tmp_path / "image.zarr").notes[0]


@pytest.mark.parametrize("compression", ["zstd", "lzma", "zlib", None])
def test_luma_and_chroma_become_colors_in_every_compression(tmp_path, thumbnail, compression):
    luma = np.asarray(Image.fromarray(thumbnail).convert("YCbCr"))
    keywords = {"photometric": "ycbcr", "subsampling": (1, 1), "compression": compression}
    tifffile.imwrite(tmp_path / "image.tif", luma, **keywords)
    pixels = read_image(tmp_path / "image.tif").pixels
    assert np.abs(pixels.astype(int) - thumbnail).max() < 4


def test_lab_in_jpeg_is_not_taken_for_luma_and_chroma(tmp_path):
    lab = Image.new("LAB", (32, 16), (150, 40, 236))
    lab.save(tmp_path / "plain.tif")
    lab.save(tmp_path / "image.tif", compression="jpeg", quality=95)
    expected = read_image(tmp_path / "plain.tif").pixels.astype(int)
    assert np.abs(read_image(tmp_path / "image.tif").pixels - expected).max() < 6


def test_a_damage_that_is_met_late_is_told_in_a_sentence(tmp_path, monkeypatch, thumbnail, refused):
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", compression="zlib", tile=(16, 16))
    with tifffile.TiffFile(path) as file:
        at = file.pages.first.dataoffsets[2]
    data = bytearray(path.read_bytes())
    data[at : at + 20] = bytes(20)
    path.write_bytes(data)
    pixels = read_image(path).pixels
    with refused("A part of the file is damaged"):
        pixels.compute()


@pytest.mark.parametrize(
    ("white", "said"),
    [
        (1023, "divide them by 1023"),
        (95.3, "divide them by what white has"),
        (60000, "divide them by 65535"),
    ],
)
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_floats_beyond_1_are_refused_with_a_likely_white(tmp_path, refused, white, said, dtype):
    values = np.linspace(0, white, 48, dtype=dtype).reshape(4, 4, 3)
    tifffile.imwrite(tmp_path / "image.tif", values, photometric="rgb")
    with refused(said):
        read_image(tmp_path / "image.tif")


def test_no_white_is_guessed_of_floats_beyond_all_depths(tmp_path, refused):
    """As of a damaged file: a number with many digits is of no use to divide by."""
    values = np.linspace(0, 3.2e38, 48, dtype=np.float32).reshape(4, 4, 3)
    tifffile.imwrite(tmp_path / "image.tif", values, photometric="rgb")
    with refused("up to 3.2e+38", "divide them by what white has"):
        read_image(tmp_path / "image.tif")


@pytest.mark.parametrize("how", [{}, {"tile": (16, 16)}, {"compression": "zlib"}])
def test_a_large_file_is_opened_again_where_another_process_gets_it(
    tmp_path, thumbnail, monkeypatch, how
):
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    tifffile.imwrite(tmp_path / "a.tif", thumbnail, photometric="rgb", **how)
    pixels = read_image(tmp_path / "a.tif").pixels
    sent = pickle.dumps(pixels)
    assert len(sent) < thumbnail.nbytes
    np.testing.assert_array_equal(pickle.loads(sent).compute(scheduler="sync"), thumbnail)

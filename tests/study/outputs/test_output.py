"""Files of results: what is in them, that they are whole, and what counts as done."""

import dask.array as da
import imageio.v3 as iio
import numpy as np
import pytest
import tifffile
from PIL import Image

from napari_colorcluster import cluster_colors, count_colors
from napari_colorcluster.core.color.devices.profiles import srgb_profile
from napari_colorcluster.report import image_files
from napari_colorcluster.study.outputs.image_files import write_image
from napari_colorcluster.study.outputs.output import Output


@pytest.fixture
def output(tmp_path):
    output = Output(tmp_path / "out")
    output.prepare()
    return output


def test_a_picture_gives_labels_and_a_png(output, thumbnail):
    clustering = cluster_colors(thumbnail, 5)
    files = write_image(output, "leaf", clustering.predict(thumbnail), clustering, False)
    assert files == ["leaf-labels.tif", "leaf-quantized.png"]
    labels = tifffile.imread(output.folder / files[0])
    np.testing.assert_array_equal(labels, clustering.predict(thumbnail))
    quantized = iio.imread(output.folder / files[1])
    np.testing.assert_array_equal(quantized, clustering.quantize(thumbnail))


@pytest.mark.parametrize("n_clusters", [4, 300])
def test_what_is_left_out_is_transparent(output, thumbnail, n_clusters):
    image = np.dstack([thumbnail, np.full(thumbnail.shape[:2], 255, np.uint8)])
    image[:9, :, 3] = 0
    clustering = cluster_colors(image, n_clusters)
    write_image(output, "leaf", clustering.predict(image), clustering, True)
    quantized = iio.imread(output.folder / "leaf-quantized.png", mode="RGBA")
    expected = clustering.paint(clustering.predict(image), alpha=True)
    np.testing.assert_array_equal(quantized, expected)


@pytest.mark.parametrize("lazy", [False, True])
def test_what_is_left_out_is_transparent_in_tiffs_too(output, monkeypatch, thumbnail, lazy):
    monkeypatch.setattr(image_files, "_TILE", 32)
    image = np.dstack([thumbnail, np.full(thumbnail.shape[:2], 255, np.uint8)])[np.newaxis]
    image[:, :9, :, 3] = 0
    clustering = cluster_colors(image, 4)
    given = da.from_array(image, chunks=(1, 20, 20, 4)) if lazy else image
    _, written = write_image(output, "stack", clustering.predict(given), clustering, True)
    with tifffile.TiffFile(output.folder / written) as file:
        assert file.pages.first.extrasamples == (tifffile.EXTRASAMPLE.UNASSALPHA,)
        quantized = file.asarray()
    expected = clustering.paint(clustering.predict(image), alpha=True)
    np.testing.assert_array_equal(quantized.reshape(expected.shape), expected)


@pytest.mark.parametrize("lazy", [False, True])
def test_a_stack_and_a_large_image_give_tiffs(output, monkeypatch, thumbnail, lazy):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 32)
    clustering = cluster_colors(thumbnail, 5)
    for name, image in (("large", thumbnail), ("stack", np.stack([thumbnail, thumbnail // 2]))):
        given = da.from_array(image, chunks=(20,) * (image.ndim - 1) + (3,)) if lazy else image
        files = write_image(output, name, clustering.predict(given), clustering, False)
        suffix = ".colors.ome.tif" if lazy else ".tif"
        assert files == [f"{name}-{kind}{suffix}" for kind in ("labels", "quantized")]
        labels, quantized = (tifffile.imread(output.folder / file) for file in files)
        np.testing.assert_array_equal(labels, clustering.predict(image))
        np.testing.assert_array_equal(quantized, clustering.quantize(image))


@pytest.mark.parametrize("heights", [(30, 17), (47,), (5,) * 9 + (2,)])
def test_a_lazy_image_is_read_once_and_reports_progress(output, monkeypatch, thumbnail, heights):
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 16)
    clustering = cluster_colors(thumbnail, 5)
    read, reported = [], []

    def note(block, block_info=None):
        read.append(tuple(block_info[0]["chunk-location"]))
        return block

    lazy = da.from_array(thumbnail, chunks=(heights, 34, 3))
    lazy = lazy.map_blocks(note, dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))
    write_image(
        output,
        "large",
        clustering.predict(lazy),
        clustering,
        False,
        lambda done, _: reported.append(done),
    )
    assert len(read) == len(set(read)) == lazy.npartitions
    assert reported == sorted(reported)
    assert len(reported) > 10
    assert reported[-1] == 1
    quantized = tifffile.imread(output.folder / "large-quantized.colors.ome.tif")
    np.testing.assert_array_equal(quantized, clustering.quantize(thumbnail))


def test_histograms_are_cached_with_what_they_were_counted_from(output, thumbnail):
    histogram = count_colors(thumbnail, np.arange(68) < np.full((47, 1), 60))
    assert output.cached_histogram("leaf", {"k": 3}) is None
    output.cache_histogram("leaf", {"k": 3}, histogram)
    assert output.cached_histogram("leaf", {"k": 3}) == histogram
    assert output.cached_histogram("leaf", {"k": 4}) is None
    (output.folder / ".colorcluster" / "leaf.npz").write_bytes(b"PK no archive")
    assert output.cached_histogram("leaf", {"k": 3}) is None


def test_a_file_that_fails_leaves_the_one_before_and_no_other(output):
    output.write("table", lambda path: path.write_text("before"))

    def fail(path):
        path.write_text("half")
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        output.write("table", fail)
    output.close()
    assert (output.folder / "table").read_text() == "before"
    assert sorted(path.name for path in output.folder.rglob("*")) == [".colorcluster", "table"]


def test_only_complete_files_with_the_same_key_count_as_done(output):
    output.write("leaf.png", lambda path: path.write_bytes(b"12345"))
    key, rows = {"k": 3}, {"rows": [[1, "brown", "#6b3f2a", 12]]}
    assert output.recorded("leaf", key) is None
    output.record("leaf", key, ["leaf.png"], rows)
    assert output.recorded("leaf", key) == rows
    assert output.recorded("leaf", {"k": 4}) is None
    (output.folder / "leaf.png").write_bytes(b"123")
    assert output.recorded("leaf", key) is None
    (output.folder / "leaf.png").unlink()
    assert output.recorded("leaf", key) is None
    output.write("leaf.png", lambda path: path.write_bytes(b"12345"))
    output.forget("leaf")
    assert output.recorded("leaf", key) is None


@pytest.mark.parametrize("lazy", [False, True])
def test_written_files_say_that_they_are_srgb_and_how_large_their_pixels_are(
    output, monkeypatch, thumbnail, lazy
):
    clustering = cluster_colors(thumbnail, 5)
    lengths = {"x": (0.5, "µm"), "y": (0.25, "µm")}
    labels = clustering.predict(thumbnail)
    files = write_image(output, "leaf", labels, clustering, False, lengths=lengths)
    with Image.open(output.folder / files[1]) as picture:
        assert picture.info["srgb"] == 0
        np.testing.assert_allclose(picture.info["dpi"], (50_800, 101_600), rtol=1e-6)
    monkeypatch.setattr(image_files, "MAX_PNG_PIXELS", 100)
    monkeypatch.setattr(image_files, "_TILE", 32)
    given = da.from_array(thumbnail, chunks=(20, 20, 3)) if lazy else thumbnail
    labels = clustering.predict(given)
    files += write_image(output, "large", labels, clustering, False, lengths=lengths)
    for name in (files[0], *files[2:]):
        with tifffile.TiffFile(output.folder / name) as file:
            page = file.pages.first
            assert page.resolutionunit == tifffile.RESUNIT.CENTIMETER
            assert page.resolution == pytest.approx((20_000, 40_000))
            assert (page.iccprofile == srgb_profile()) == ("-quantized." in name)

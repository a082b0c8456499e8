"""Shares per frame, along any axis, of arrays in memory and of lazy ones."""

import dask
import dask.array as da
import numpy as np
import pandas as pd
import pytest

from napari_colorcluster import Picture, PixelSize, cluster_colors
from napari_colorcluster.core.studies.frames import frame_shares
from napari_colorcluster.core.studies.pooling import shares


@pytest.fixture(scope="module")
def film(thumbnail):
    """Four times three frames of a thumbnail that darkens and moves, (t, z, y, x, 3)."""
    frames = [[np.roll(thumbnail, 5 * z, axis=1) // (t + 1) for z in range(3)] for t in range(4)]
    return np.array(frames)


@pytest.fixture(scope="module")
def clustering(film):
    return cluster_colors(film, 5)


@pytest.mark.parametrize("axis", range(4))
def test_each_frame_has_the_shares_that_it_has_by_itself(clustering, film, axis):
    table = frame_shares(clustering, film, axis)
    assert len(table) == film.shape[axis] * 5
    for frame, rows in table.groupby("frame"):
        alone = shares(clustering, np.take(film, frame, axis))
        assert rows["pixels"].tolist() == alone.pixels.tolist()
        assert rows["fraction"].tolist() == alone.fractions.tolist()
        assert rows["index"].tolist() == alone.labels.tolist()
        assert tuple(rows["name"]) == alone.names
        assert tuple(rows["hex"]) == alone.hex


@pytest.mark.parametrize("axis", [0, 1, 3])
@pytest.mark.parametrize("scheduler", ["threads", "synchronous"])
def test_a_lazy_image_gives_the_same_table(clustering, film, axis, scheduler):
    lazy = da.from_array(film, chunks=(3, 1, 20, 30, 3))
    mask = np.zeros(film.shape[:-1], bool)
    mask[1:, :, 10:, :40] = True
    with dask.config.set(scheduler=scheduler):
        table = frame_shares(clustering, lazy, axis, da.from_array(mask, chunks=(2, 3, 47, 68)))
    assert table.equals(frame_shares(clustering, film, axis, mask))


def test_a_frame_without_pixels_has_no_shares(clustering, film):
    mask = np.ones(film.shape[:-1], bool)
    mask[2] = False
    fractions = frame_shares(clustering, film, mask=mask).groupby("frame")["fraction"].sum()
    np.testing.assert_allclose(fractions, [1, 1, 0, 1], atol=1e-12)


def test_a_large_image_is_read_in_blocks(clustering):
    rows = np.random.default_rng(0).integers(256, size=(900, 700, 3), dtype=np.uint8)
    reported = []
    table = frame_shares(clustering, rows, 1, progress=lambda done, _: reported.append(done))
    labels = clustering.predict(rows)
    expected = [
        np.bincount(labels[:, x], minlength=6)[clustering.palette.labels] for x in range(700)
    ]
    np.testing.assert_array_equal(table["pixels"].to_numpy().reshape(700, 5), expected)
    assert len(reported) > 1
    assert reported[-1] == 1


@pytest.mark.parametrize("axis", [-1, 4, 1.0])
def test_refuses_what_is_not_an_axis(refused, clustering, film, axis):
    with refused("axis must be one of", "0..3", repr(axis)):
        frame_shares(clustering, film, axis)


def test_columns_are_those_of_the_palette(clustering, film):
    of_palette = clustering.palette.to_dataframe(PixelSize(0.5, "mm²"))
    table = frame_shares(clustering, film, pixel_size=PixelSize(0.5, "mm²"))
    assert table.columns.tolist() == ["frame", *of_palette.columns.drop(["red", "green", "blue"])]


def test_where_pixels_have_a_size_there_are_areas(clustering, film):
    plain = frame_shares(clustering, film)
    table = frame_shares(clustering, film, pixel_size=PixelSize(0.5, "µm³", 3))
    assert table["volume"].tolist() == (plain["pixels"] / 2).tolist()
    assert set(table["volume_unit"]) == {"µm³"}
    assert table[plain.columns].equals(plain)


@pytest.mark.parametrize("lazy", [False, True])
def test_frames_are_read_as_the_picture_says(photo, lazy):
    deep = np.stack([photo, photo // 2]).astype(np.uint16) * 16
    pixels = da.from_array(deep, chunks=(1, 90, 100, 3)) if lazy else deep
    picture = Picture(pixels, contrast_limits=(0, 4080))
    clustering = cluster_colors(picture, 3)
    expected = frame_shares(clustering, np.stack([photo, photo // 2]))
    pd.testing.assert_frame_equal(frame_shares(clustering, picture), expected)

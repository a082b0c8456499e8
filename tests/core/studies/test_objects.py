"""Shares of each object: the same as of a mask for each, in one pass."""

import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from napari_colorcluster import PixelSize, cluster_colors, shares, shares_by_label


@pytest.fixture(scope="module")
def clustering(photo):
    return cluster_colors(photo, 5)


@pytest.fixture(scope="module")
def objects(photo):
    """Some touch, some are cut by the border, one is in two pieces and one has but one pixel."""
    found = np.zeros(photo.shape[:2], np.uint16)
    found[:40, :90] = 3
    found[:40, 90:100] = 500
    found[100:180, 20:200] = 7
    found[150:, 260:] = 3
    found[50, 50] = 9
    return found


def assert_a_mask_for_each(table, clustering, image, objects, mask=True):
    numbers = np.unique(objects[objects > 0])
    assert table["label"].drop_duplicates().tolist() == numbers.tolist()
    assert len(table) == len(numbers) * clustering.n_clusters
    for number, rows in table.groupby("label"):
        alone = shares(clustering, image, (objects == number) & mask)
        assert rows["index"].tolist() == alone.labels.tolist()
        assert rows["pixels"].tolist() == alone.pixels.tolist()
        assert rows["fraction"].tolist() == alone.fractions.tolist()
        assert tuple(rows["name"]) == alone.names
        assert tuple(rows["hex"]) == alone.hex


def test_each_object_has_the_shares_of_its_mask(clustering, photo, objects):
    table = shares_by_label(clustering, photo, objects)
    assert_a_mask_for_each(table, clustering, photo, objects)
    mask = photo[..., 1] > 60
    table = shares_by_label(clustering, photo, objects, mask)
    assert_a_mask_for_each(table, clustering, photo, objects, mask)


@given(
    arrays.arrays(
        np.int64, (47, 68), elements=st.sampled_from([0, 1, 2, 60, 10**12]), fill=st.just(0)
    ),
)
def test_any_label_image(thumbnail, objects):
    clustering = cluster_colors(thumbnail, 3)
    table = shares_by_label(clustering, thumbnail, objects)
    assert_a_mask_for_each(table, clustering, thumbnail, objects)


def test_what_is_background_or_transparent_takes_no_part(clustering, photo, objects):
    edited = clustering.merge([2, 3]).set_background(4)
    image = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    image[100:140, :, 3] = 0
    table = shares_by_label(edited, image, objects)
    assert_a_mask_for_each(table, edited, image, objects)
    fractions = table.groupby("label")["fraction"].sum()
    assert set(np.round(fractions, 12)) <= {0, 1}


def test_an_object_without_pixels_that_take_part_has_no_shares(clustering, photo, objects):
    table = shares_by_label(clustering, photo, objects, objects != 7)
    rows = table[table["label"] == 7]
    assert len(rows) == 5
    assert rows["pixels"].sum() == rows["fraction"].sum() == 0


@pytest.mark.parametrize("scheduler", ["threads", "synchronous"])
@pytest.mark.parametrize("chunks", [((100, 0, 85), (70, 200, 2), (1, 2)), (40, 300, 3)])
def test_a_lazy_image_gives_the_same_table(clustering, photo, objects, chunks, scheduler):
    lazy, mask, told = da.from_array(photo, chunks=chunks), photo[..., 1] > 60, []
    expected = shares_by_label(clustering, photo, objects, mask)
    with dask.config.set(scheduler=scheduler):
        for given_objects in (objects, da.from_array(objects, chunks=(33, 272))):
            table = shares_by_label(
                clustering, lazy, given_objects, mask, progress=lambda done, _: told.append(done)
            )
            assert table.equals(expected)
    assert told[-1] == 1


def test_a_cluster_of_processes_gives_the_same_table(clustering, photo, objects):
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster),
    ):
        table = shares_by_label(clustering, da.from_array(photo, chunks=(50, 80, 3)), objects)
    assert table.equals(shares_by_label(clustering, photo, objects))


def test_a_store_is_read_block_by_block(tmp_path, monkeypatch, clustering, photo, objects):
    import zarr

    monkeypatch.setattr("napari_colorcluster.core.pixels.blocks.BLOCK_PIXELS", 5000)
    stored = zarr.open_array(
        tmp_path / "photo.zarr", mode="w", shape=photo.shape, chunks=(50, 60, 3), dtype=photo.dtype
    )
    stored[...] = photo
    told = []
    table = shares_by_label(clustering, stored, objects, progress=lambda done, _: told.append(done))
    assert_a_mask_for_each(table, clustering, photo, objects)
    assert len(told) > 1
    assert told[-1] == 1


@pytest.mark.parametrize("lazy", [False, True])
def test_a_stack_is_one_image(clustering, photo, objects, lazy):
    stack, numbers = photo.reshape(5, 37, 272, 3), objects.reshape(5, 37, 272)
    given_stack = da.from_array(stack, chunks=(2, 20, 100, 3)) if lazy else stack
    table = shares_by_label(clustering, given_stack, numbers)
    assert table.equals(shares_by_label(clustering, photo, objects))


def test_where_pixels_have_a_size_there_are_areas(clustering, photo, objects):
    plain = shares_by_label(clustering, photo, objects)
    table = shares_by_label(clustering, photo, objects, pixel_size=PixelSize(0.5, "mm²"))
    assert table["area"].tolist() == (plain["pixels"] / 2).tolist()
    assert set(table["area_unit"]) == {"mm²"}
    assert table[plain.columns].equals(plain)


def test_where_there_is_no_object_the_table_is_empty(clustering, photo):
    table = shares_by_label(clustering, photo, np.zeros(photo.shape[:2], int))
    assert len(table) == 0
    assert table.columns.tolist() == ["label", "index", "name", "hex", "pixels", "fraction"]
    assert len(shares_by_label(clustering, photo[:0], np.zeros((0, 272), int))) == 0


def test_labels_that_do_not_fit_are_refused(clustering, photo, objects, refused):
    with refused("labels must have the image's shape", "(185, 272)", "(272, 185)"):
        shares_by_label(clustering, photo, objects.T)
    with refused("labels must be integers", "float64"):
        shares_by_label(clustering, photo, objects / 2)
    with refused("Objects must be numbered from 0 on", "-3"):
        shares_by_label(clustering, photo, objects.astype(int) - 3)

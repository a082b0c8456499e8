"""Patches, measured as scikit-image measures regions."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import data, draw
from skimage.measure import label, regionprops_table

from napari_colorcluster import Palette, cluster_colors, measure_pattern
from napari_colorcluster.core.support.progress import Cancelled

SHARED = ("label", "area", "centroid", "bbox", "axis_major_length", "axis_minor_length",
          "orientation", "eccentricity", "solidity")  # fmt: skip

planes = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14),
    elements=st.integers(0, 2),
)


def assert_as_scikit_image(labels, connectivity=1, spacing=1.0):
    table = measure_pattern(labels, spacing=spacing).patches(connectivity)
    numbers = label(labels, background=0, connectivity=connectivity)
    square = np.ndim(spacing) == 0
    names = (*SHARED, "num_pixels", *(["perimeter"] if square else []))
    sizes = (spacing, spacing) if square else spacing
    expected = regionprops_table(numbers, properties=names, spacing=sizes)
    firsts = np.unique(numbers, return_index=True)[1][-len(table) or len(numbers.flat) :]
    assert table["cluster"].tolist() == labels.ravel()[firsts].tolist()
    assert table["pixels"].tolist() == expected.pop("num_pixels").tolist()
    if not square:
        assert table["perimeter"].isna().all()
    # What rounding leaves of 0, its root leaves half of the digits.
    for name in ("axis_minor_length", "eccentricity"):
        found = table[name].to_numpy() ** 2
        np.testing.assert_allclose(found, expected.pop(name) ** 2, rtol=1e-9, atol=1e-9)
    # An axis has no sign, and where both are equally long, no direction.
    turned = np.abs(table["orientation"].to_numpy() - expected.pop("orientation"))
    turned = np.minimum(turned, np.pi - turned)
    assert (turned[table["eccentricity"] > 1e-5] < 1e-9).all()
    for name, values in expected.items():
        np.testing.assert_allclose(table[name], values, rtol=1e-9, atol=1e-9, err_msg=name)


@given(planes.filter(np.any), st.sampled_from([1, 2]), st.sampled_from([1.0, 0.37, (0.5, 1.25)]))
@example(np.ones((1, 1), np.uint8), 1, 1.0)
@example(np.eye(9, dtype=np.uint8), 2, 0.37)
@example(1 - np.eye(9, dtype=np.uint8), 1, 1.0)
def test_any_image(labels, connectivity, spacing):
    assert_as_scikit_image(labels, connectivity, spacing)


@pytest.mark.parametrize("spacing", [1.0, 0.37, (0.5, 1.25)])
@pytest.mark.parametrize("connectivity", [1, 2])
def test_a_photo_in_clusters(photo, connectivity, spacing):
    assert_as_scikit_image(cluster_colors(photo, 5).predict(photo), connectivity, spacing)


@pytest.mark.large
@pytest.mark.parametrize("connectivity", [1, 2])
def test_large_shapes(connectivity):
    horse = (~data.horse()).astype(np.uint8)
    assert_as_scikit_image(horse, connectivity)
    assert_as_scikit_image(horse + 1, connectivity, 2.5)
    shapes = np.ones((300, 280), np.uint8)
    shapes[draw.ellipse(90, 100, 70, 30, rotation=0.6)] = 2
    shapes[draw.disk((200, 200), 61)] = 3
    shapes[draw.disk((200, 190), 30)] = 1
    shapes[draw.line(5, 9, 290, 120)] = 4
    assert_as_scikit_image(shapes, connectivity)


@given(planes, planes)
def test_a_patch_ends_where_its_object_does(labels, other):
    height, width = min(labels.shape[0], other.shape[0]), min(labels.shape[1], other.shape[1])
    labels, objects = labels[:height, :width], other[:height, :width].astype(np.int32) * 70_000
    patterns = measure_pattern(labels, objects=objects)
    if not patterns:
        return
    table = patterns.patches()
    for number, pattern in patterns.items():
        alone = pattern.patches()
        of_object = table[table["object"] == number].reset_index(drop=True)
        shown = [name for name in alone.columns if name != "label"]
        assert of_object[shown].equals(alone[shown])
        masked = measure_pattern(labels, mask=objects == number).patches()
        assert masked[shown].equals(alone[shown])
    assert table["label"].tolist() == list(range(1, len(table) + 1))


def test_a_stack_has_the_patches_of_its_frames(photo):
    labels = cluster_colors(photo, 4).predict(photo)
    stack = np.stack([labels[:80], labels[100:180], np.zeros_like(labels[:80])])
    told = []
    table = measure_pattern(stack).patches(2, progress=lambda done, what: told.append(done))
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
    assert table["label"].tolist() == list(range(1, len(table) + 1))
    assert table.columns[0] == "frame"
    for frame in (0, 1):
        alone = measure_pattern(stack[frame]).patches(2)
        found = table[table["frame"] == frame].reset_index(drop=True)
        shown = [name for name in alone.columns if name != "label"]
        assert found[shown].equals(alone[shown])
    assert set(table["frame"]) == {0, 1}
    with pytest.raises(Cancelled):
        measure_pattern(stack).patches(progress=cancel)


def cancel(done, what):
    raise Cancelled


@pytest.mark.parametrize("connectivity", [1, 2])
def test_lazy_labels_have_the_same_patches(photo, connectivity):
    labels = cluster_colors(photo, 5).predict(photo)
    mask = photo[..., 2] > 40
    lazy = measure_pattern(da.from_array(labels, chunks=(50, 61)), mask=da.from_array(mask))
    plain = measure_pattern(labels, mask=mask)
    assert lazy.patches(connectivity).equals(plain.patches(connectivity))
    assert lazy.patch_summary(connectivity).equals(plain.patch_summary(connectivity))


@pytest.mark.parametrize("connectivity", [1, 2])
def test_a_patch_is_found_by_its_number(photo, connectivity):
    labels = cluster_colors(photo, 5).predict(photo)
    stack = np.stack([labels, labels.T.reshape(labels.shape)])
    mask = np.stack([photo[..., 2] > 40] * 2)
    objects = np.broadcast_to(np.arange(272) // 50, stack.shape)
    for given_objects in (None, objects):
        pattern = measure_pattern(stack, mask=mask, objects=given_objects)
        table, numbers = pattern.patches(connectivity), pattern.label_patches(connectivity)
        assert numbers.dtype == np.int32
        assert (numbers[~mask] == 0).all()
        assert np.bincount(numbers.ravel())[1:].tolist() == table["pixels"].tolist()
        for row in table.iloc[::37].itertuples():
            where = numbers == row.label
            assert set(stack[where]) == {row.cluster}
            assert set(np.nonzero(where)[0]) == {row.frame}
            assert given_objects is None or set(objects[where]) == {row.object}


def test_clusters_are_summed_up():
    labels = np.array([[1, 1, 2, 2], [1, 1, 2, 1], [3, 3, 0, 1]])
    palette = Palette(np.zeros((4, 3)), np.zeros(4), ["a", "b", "c", "d"], [3, 1, 2, 8])
    summary = measure_pattern(labels, palette, spacing=(2, 0.25)).patch_summary()
    assert summary["cluster"].tolist() == [3, 1, 2, 8]
    assert summary["name"].tolist() == ["a", "b", "c", "d"]
    assert summary["patches"].tolist() == [1, 2, 1, 0]
    np.testing.assert_allclose(summary["density"], np.array([1, 2, 1, 0]) / 5.5)
    np.testing.assert_allclose(summary["mean_area"], [1, 1.5, 1.5, np.nan])
    np.testing.assert_allclose(summary["median_area"], [1, 1.5, 1.5, np.nan])
    np.testing.assert_allclose(summary["coverage"], np.array([2, 6, 3, 0]) / 11)


def test_clusters_of_objects_are_summed_up():
    labels = np.array([[1, 1, 2, 2], [1, 2, 2, 1]])
    objects = np.array([[5, 5, 5, 3], [5, 5, 3, 3]])
    patterns = measure_pattern(labels, objects=objects, spacing=0.5)
    summary = patterns.patch_summary()
    assert summary["object"].tolist() == [3, 3, 5, 5]
    assert summary["cluster"].tolist() == [1, 2, 1, 2]
    assert summary["patches"].tolist() == [1, 2, 1, 2]
    for number, pattern in patterns.items():
        alone = pattern.patch_summary()
        found = summary[summary["object"] == number].reset_index(drop=True)
        assert found[alone.columns].equals(alone)


def test_no_pixel_has_no_patch():
    for shape in ((4, 5), (0, 5), (2, 0, 5), (0, 4, 5)):
        labels = np.zeros(shape, np.uint8)
        pattern = measure_pattern(labels, Palette([[1, 2, 3]], [0], ["a"]))
        assert len(pattern.patches()) == 0
        assert pattern.patch_summary()["patches"].tolist() == [0]


@pytest.mark.parametrize("connectivity", [0, 3, None, "8"])
def test_pixels_have_four_neighbors_or_eight(connectivity, refused):
    pattern = measure_pattern(np.ones((3, 3), int))
    for table in (pattern.patches, pattern.patch_summary, pattern.label_patches):
        with refused("connectivity must be 1", repr(connectivity)):
            table(connectivity)

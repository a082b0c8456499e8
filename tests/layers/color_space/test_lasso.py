"""A polygon in the scene as a range of colors: of those whose points it encloses."""

import numpy as np
import pytest
from matplotlib.path import Path

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.color.ranges.records import as_color_range
from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.color_space.scene import WORLD, ColorScene
from napari_colorcluster.layers.result.segmentation import Segmentation

AXES = np.array([[0.6, 0.0, 0.8], [-0.48, 0.8, 0.36]])
"""Two directions in the world at right angles: depth, up, to the right."""


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 4)


def scene_of(clustering):
    scene = ColorScene()
    scene.set_cloud(ColorCloud.of(Segmentation(clustering), "photo"))
    return scene


def polygon_in(scene):
    """A polygon around some of the points, as seen along the axes."""
    flat = scene.colors.data * scene.colors.scale @ AXES.T
    middle, spread = np.median(flat, axis=0), flat.std(axis=0)
    angles = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    corners = middle + spread * np.column_stack([1.3 * np.cos(angles), np.sin(angles)])
    return corners, Path(np.vstack([corners, corners[:1]])).contains_points(flat)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"color_space": "rgb", "standardize": True},
        {"color_space": "oklab", "lightness_weight": 0.3},
        {"color_space": "od", "white": (250, 240, 230)},
        {"color_space": "hsv"},
    ],
)
def test_the_range_holds_the_colors_whose_points_are_enclosed(thumbnail, asked):
    clustering = cluster_colors(thumbnail, 3, **asked)
    scene = scene_of(clustering)
    corners, enclosed = polygon_in(scene)
    scene.lasso = lasso = scene.range_within(AXES, corners)
    assert 0 < enclosed.sum() < len(enclosed)
    # Below 1 of 1,000 by the digits that are left out.
    assert (scene.lit != enclosed).mean() < 1e-3
    assert as_color_range(lasso.to_dict()) == lasso
    # With so few colors each has a point of its own: the same colors, in another order.
    colors = scene.colors.face_color[:, :3] * 255
    inside = lasso(np.rint(colors[enclosed]).astype(np.uint8))
    assert inside.mean() > 0.99
    edited = clustering.assign(lasso)
    assert edited.palette.pixels[edited.palette.row_of(4)] == lasso(thumbnail.reshape(-1, 3)).sum()


def test_of_calibrated_colors_the_true_ones_are_enclosed(thumbnail, calibration):
    clustering = cluster_colors(thumbnail, 3, calibration=calibration)
    scene = scene_of(clustering)
    corners, enclosed = polygon_in(scene)
    lasso = scene.range_within(AXES, corners)
    inside = lasso(clustering.histogram.colors, calibration)
    assert inside.sum() == enclosed.sum()


def test_selected_clusters_and_enclosed_points_keep_their_colors(clustering):
    scene = scene_of(clustering)
    colors, sizes = scene.colors.face_color.copy(), scene.colors.size.copy()
    corners, enclosed = polygon_in(scene)
    # The points are in the order of the cells; the cluster of each is what the scene must light.
    labels = clustering.predict(np.rint(255 * colors[np.newaxis, :, :3]).astype(np.uint8))[0]
    scene.selected = (2,)
    np.testing.assert_array_equal(scene.lit, labels == 2)
    lit = scene.lit
    np.testing.assert_array_equal(scene.colors.face_color[lit], colors[lit])
    dim = scene.colors.face_color[~lit, :3].ravel()
    assert np.ptp(dim) < 0.2
    assert np.corrcoef(dim, colors[~lit, :3].ravel())[0, 1] > 0.999
    assert (scene.colors.size[~lit] == sizes.min()).all()
    scene.lasso = scene.range_within(AXES, corners)
    np.testing.assert_array_equal(scene.lit, (labels == 2) & enclosed)
    scene.selected = ()
    np.testing.assert_array_equal(scene.lit, enclosed)
    scene.lasso = None
    np.testing.assert_array_equal(scene.colors.face_color, colors)
    np.testing.assert_array_equal(scene.colors.size, sizes)


def test_what_is_not_lit_is_dim_in_each_theme(clustering):
    scene = scene_of(clustering)
    scene.selected = (1,)
    seen = {}
    for theme in ("light", "dark"):
        scene.viewer.theme = theme
        seen[theme] = scene.colors.face_color[~scene.lit, :3]
    assert seen["dark"].max() < 0.35
    assert seen["light"].min() > 0.65


def test_another_clustering_lets_the_points_go_and_keeps_the_selection(clustering):
    scene = scene_of(clustering)
    scene.selected = (1, 3)
    scene.lasso = scene.range_within(AXES, polygon_in(scene)[0])
    scene.show_line(np.full((4, 3), WORLD / 2))
    scene.set_cloud(ColorCloud.of(Segmentation(clustering.merge([1, 2])), "photo"))
    assert scene.lasso is None
    assert len(scene.line.data) == 0
    assert scene.selected == (1, 3)
    scene.set_cloud(None)
    assert not scene.has_colors
    assert scene.lit.shape == (0,)

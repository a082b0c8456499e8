"""What is given in place of another thing is named in one sentence, by every public function."""

import numpy as np
import pytest

import napari_colorcluster as ncc

IMAGE = np.zeros((3, 4, 3), np.uint8)


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return ncc.cluster_colors(thumbnail, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ncc.shares(IMAGE, IMAGE),
        lambda: ncc.frame_shares(IMAGE, IMAGE),
        lambda: ncc.shares_by_label(IMAGE, IMAGE, IMAGE[..., 0]),
    ],
)
def test_a_clustering_comes_first(refused, call):
    with refused("clustering must be a ColorClustering, got ndarray"):
        call()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (ncc.ColorClustering.from_palette, "palette must be a Palette, got ColorClustering"),
        (ncc.pool, "histograms must be a Sequence, got ColorClustering"),
        (lambda each: ncc.pool(each.histogram), "must be a Sequence, got ColorHistogram"),
        (lambda each: ncc.pool([each.histogram, IMAGE]), "a ColorHistogram each, got ndarray"),
        (lambda each: ncc.compare_palettes([each.palette]), "palettes must be a Mapping, got list"),
        (
            lambda each: ncc.compare_palettes({"leaf": each.palette, "bark": each}),
            "palettes must hold a Palette each, got ColorClustering",
        ),
    ],
)
def test_palettes_and_histograms_are_no_clusterings(clustering, refused, call, said):
    with refused(said):
        call(clustering)

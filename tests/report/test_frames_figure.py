import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.studies.frames import frame_shares
from napari_colorcluster.report.frames_figure import draw_frames, move_marker


@pytest.fixture
def table(thumbnail):
    film = np.stack([thumbnail // (frame + 1) for frame in range(6)])
    return frame_shares(cluster_colors(film, 4), film)


def drawn(table, **keywords):
    figure = Figure(figsize=(4, 2), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    marker = draw_frames(figure, table, **keywords)
    canvas.draw()
    return figure, marker


def test_areas_are_stacked_shares_in_the_colors_of_the_clusters(table):
    axes = drawn(table)[0].axes[0]
    below = np.zeros(6)
    for patch, (_, rows) in zip(axes.patches, table.groupby("index", sort=False), strict=True):
        data = patch.get_data()
        np.testing.assert_allclose(data.values - data.baseline, rows["fraction"])
        np.testing.assert_allclose(data.baseline, below)
        assert to_hex(patch.get_facecolor()) == rows["hex"].iloc[0]
        below = data.values
    np.testing.assert_allclose(below, 1)
    assert axes.get_xlim() == (-0.5, 5.5)
    assert axes.get_ylim() == (0, 1)


def test_the_marker_moves_without_drawing_all_again(table):
    figure, marker = drawn(table, frame=2, axis_name="t")
    assert list(marker.get_xdata()) == [2, 2]
    move_marker(marker, 4)
    assert list(marker.get_xdata()) == [4, 4]
    assert figure.axes[0].get_xlabel() == "t"
    assert len(figure.axes[0].patches) == 4


def test_a_single_frame_and_drawing_again(table):
    figure, _ = drawn(table[table["frame"] == 3], frame=3)
    assert figure.axes[0].get_xlim() == (2.5, 3.5)
    draw_frames(figure, table)
    assert len(figure.axes) == 1

"""How palettes and what is made of them show themselves: in a few lines, and in notebooks."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.color.display import Row, as_html, as_text


def test_a_palette_shows_its_colors_in_a_line_each():
    palette = ncc.Palette([[107, 63, 42], [255, 255, 255]], [3, 1], ("brown", "off white"))
    assert repr(palette).splitlines() == [
        "Palette of 2 colors, 4 pixels",
        "    1  brown      #6b3f2a   75.0%",
        "    2  off white  #ffffff   25.0%",
    ]


def test_a_notebook_shows_a_swatch_for_each_color():
    html = ncc.Palette([[107, 63, 42]], [3], ("brown",))._repr_html_()
    assert "Palette of 1 color, 3 pixels" in html
    assert html.count("background:#6b3f2a") == 1
    assert "<td>100.0%</td>" in html


def test_names_are_text_and_no_html():
    html = as_html("a < b", [Row(1, "<script>", "#000000", 1.0)])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "a &lt; b" in html


@pytest.mark.parametrize(("n", "others"), [(12, None), (13, "1 more"), (4012, "4,000 more")])
def test_of_many_colors_the_first_are_shown(n, others):
    rows = [Row(label, "gray", "#808080", 1 / n) for label in range(1, n + 1)]
    text, html = as_text("title", rows), as_html("title", rows)
    assert len(text.splitlines()) == 13 + (others is not None)
    assert html.count("<tr>") == 12
    if others is not None:
        assert text.endswith(f"... and {others}")
        assert f"... and {others}" in html


def test_a_clustering_says_how_it_was_made(photo):
    clustering = ncc.cluster_colors(photo, 3)
    title, *rows = repr(clustering).splitlines()
    assert title == "ColorClustering: 3 clusters by k-means in CIELAB, 50,320 pixels"
    assert rows == repr(clustering.palette).splitlines()[1:]
    assert "3 clusters by k-means in CIELAB" in clustering._repr_html_()
    merged = clustering.merge([1, 2])
    assert "2 clusters by k-means in CIELAB, 1 edit, 50,320 pixels" in repr(merged)
    assert "in CIELAB, 2 edits, " in repr(merged.rename(1, "wood"))


def test_a_histogram_and_a_sweep_say_what_they_are(photo):
    mask = np.ones(photo.shape[:2], bool)
    mask[0] = False
    histogram = ncc.count_colors(photo, mask)
    assert repr(histogram) == (
        f"ColorHistogram: {histogram.n_colors:,} colors of 50,048 pixels, 272 left out"
    )
    sweep = ncc.sweep_clusters(histogram, [2, 3])
    assert repr(sweep) == f"ClusterSweep over k = 2, 3; suggested: {sweep.suggested}"

"""A palette as text: the numbers of the palette, and bars as long as its shares."""

import re

from napari_colorcluster import Palette
from napari_colorcluster.report.terminal import palette_text

COLORS = [(200, 30, 30), (30, 30, 200), (0, 0, 0)]
PALETTE = Palette(COLORS, [7500, 2499, 1], ["red", "blue", "black"])


def test_each_line_describes_a_color():
    lines = palette_text(PALETTE).splitlines()
    reported = [re.split(r"  +", line.strip()) for line in lines]
    assert [each[:4] + each[-1:] for each in reported] == [
        ["1", "#c81e1e", "75.0%", "7,500", "red"],
        ["2", "#1e1ec8", "25.0%", "2,499", "blue"],
        ["3", "#000000", "0.0%", "1", "black"],
    ]
    assert [line.count("#") - 1 for line in lines] == [18, 6, 1]
    assert len({line.rindex("  ") for line in lines}) == 1


def test_in_color_the_bars_are_of_the_colors_and_as_long():
    lines = palette_text(PALETTE, color=True).splitlines()
    bars = [re.search("\x1b\\[48;2;(\\d+);(\\d+);(\\d+)m( +)\x1b\\[0m", line) for line in lines]
    assert [tuple(map(int, bar.groups()[:3])) for bar in bars] == COLORS
    assert [len(bar[4]) for bar in bars] == [18, 6, 1]

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QHelpEvent
from qtpy.QtWidgets import QApplication, QToolTip

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.widgets.palette.bar import BAR_HEIGHT, PaletteBar

COLORS = [[107, 63, 42], [239, 227, 200], [27, 20, 18], [183, 110, 51]]
PALETTE = Palette(COLORS, [50, 25, 15, 10], ["brown", "cream", "black", "copper"])


@pytest.fixture
def bar(qtbot):
    widget = PaletteBar()
    qtbot.addWidget(widget)
    widget.resize(200, widget.sizeHint().height())
    widget.show()
    return widget


def row_of_pixels(widget, y):
    """One row of what the widget paints, as RGB on the screen's own pixels."""
    image = widget.grab().toImage()
    y = round(y * image.devicePixelRatio())
    return np.array([image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())])


def middle(label):
    """Where the middle of a color is in a bar 200 pixels wide."""
    edges = PALETTE.edges(200)
    return QPoint(int(edges[label - 1] + edges[label]) // 2, BAR_HEIGHT // 2)


def test_paints_exactly_the_colors_as_wide_as_their_shares(bar):
    bar.set_palette(PALETTE)
    row = row_of_pixels(bar, BAR_HEIGHT / 2)
    expected = PALETTE.bar(len(row), 1)[0]
    # The outermost pixels carry the outline, two of them on a fine screen.
    assert np.array_equal(row[2:-2], expected[2:-2])


def test_a_color_without_width_costs_no_other_its_place(bar):
    palette = Palette(COLORS, [1000, 1, 999, 0], ["a", "b", "c", "d"])
    bar.set_palette(palette)
    row = row_of_pixels(bar, BAR_HEIGHT / 2)
    assert np.array_equal(row[2:-2], palette.bar(len(row), 1)[0][2:-2])


@pytest.mark.parametrize("label", [1, 2, 3, 4])
def test_a_click_tells_the_label(bar, qtbot, label):
    bar.set_palette(PALETTE)
    with qtbot.waitSignal(bar.clicked) as signal:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=middle(label))
    assert signal.args == [label, False]


def test_the_color_under_the_mouse_is_told(bar, qtbot):
    bar.set_palette(PALETTE)
    heard = []
    bar.hovered.connect(heard.append)
    for label in (1, 3):
        qtbot.mouseMove(bar, middle(label))
        qtbot.wait(20)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert heard == [1, 3, 0]


def test_the_color_pointed_at_is_framed_until_another_is(bar):
    bar.set_palette(PALETTE)
    plain = row_of_pixels(bar, 2)
    bar.set_hovered(2)
    changed = np.flatnonzero((row_of_pixels(bar, 2) != plain).any(axis=1)) / len(plain)
    assert 0.45 < changed.min() < changed.max() < 0.8
    bar.set_hovered(9)
    assert np.array_equal(row_of_pixels(bar, 2), plain)


@pytest.mark.parametrize("key", ["ControlModifier", "ShiftModifier"])
def test_a_click_with_a_key_held_adds(bar, qtbot, key):
    bar.set_palette(PALETTE)
    with qtbot.waitSignal(bar.clicked) as signal:
        qtbot.mouseClick(
            bar, Qt.MouseButton.LeftButton, getattr(Qt.KeyboardModifier, key), middle(2)
        )
    assert signal.args == [2, True]


def test_labels_with_gaps_are_told_and_marked_where_their_color_is(bar, qtbot):
    bar.set_palette(Palette(PALETTE.colors, PALETTE.pixels, PALETTE.names, [7, 2, 9, 1]))
    for row, label in enumerate([7, 2, 9, 1], start=1):
        with qtbot.waitSignal(bar.clicked) as signal:
            qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=middle(row))
        assert signal.args == [label, False]
    bar.set_selected([2, 3])
    edges = PALETTE.edges(len(marked(bar)))
    shares = [marked(bar)[left:right].mean() for left, right in pairwise(edges)]
    assert shares[1] > 0.7
    assert shares[0] == shares[2] == shares[3] == 0


def test_other_buttons_and_empty_bars_say_nothing(bar, qtbot):
    with qtbot.assertNotEmitted(bar.clicked):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=middle(1))
    bar.set_palette(PALETTE)
    with qtbot.assertNotEmitted(bar.clicked):
        qtbot.mouseClick(bar, Qt.MouseButton.RightButton, pos=middle(1))


@given(
    pixels=st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any),
    width=st.integers(1, 400),
)
def test_every_pixel_belongs_to_the_color_painted_there(qapp, pixels, width):
    bar = PaletteBar()
    ratio = bar.devicePixelRatioF()
    bar.resize(width, 32)
    bar.set_palette(Palette(np.zeros((len(pixels), 3)), pixels, [""] * len(pixels)))
    edges = bar._edges()
    assert edges[0] == 0
    assert edges[-1] == round(width * ratio)
    columns = np.arange(edges[-1])
    labels = [bar.label_at((column + 0.5) / ratio) for column in columns]
    assert labels == np.repeat(np.arange(1, len(pixels) + 1), np.diff(edges)).tolist()
    assert bar.label_at(-1) is None
    assert bar.label_at(width + 1) is None


def marked(bar):
    """Which pixels of the row of marks are inked."""
    row = row_of_pixels(bar, bar.height() - 1.5).astype(int)
    ink = np.array(bar.palette().color(bar.foregroundRole()).getRgb()[:3])
    return (np.abs(row - ink) < 30).all(axis=1)


def test_marks_lie_below_the_selected_colors(bar):
    bar.set_palette(PALETTE)
    assert not marked(bar).any()
    bar.set_selected([2, 4, 99])
    edges = PALETTE.edges(len(marked(bar)))
    shares = [marked(bar)[left:right].mean() for left, right in pairwise(edges)]
    assert shares[0] == shares[2] == 0
    assert min(shares[1], shares[3]) > 0.7
    # Neighbors stay two marks.
    bar.set_selected([1, 2])
    assert not marked(bar)[edges[1]]
    bar.set_selected([])
    assert not marked(bar).any()


def test_a_selected_color_too_thin_to_see_is_still_marked(bar):
    bar.set_palette(Palette(COLORS[:2], [100_000, 1], ["a", "b"]))
    bar.set_selected([2])
    assert 2 <= marked(bar).sum() / bar.devicePixelRatioF() <= 10


def test_tooltip_names_the_color_under_the_mouse(bar, qtbot):
    bar.set_palette(Palette(COLORS[:2], [50, 50], ["brown", "<cream>"]))
    QApplication.sendEvent(
        bar, QHelpEvent(QEvent.Type.ToolTip, QPoint(150, 5), bar.mapToGlobal(QPoint(150, 5)))
    )
    text = QToolTip.text()
    QToolTip.hideText()
    assert "&lt;cream&gt;" in text
    assert "#efe3c8" in text
    assert "50.0%" in text


@pytest.mark.parametrize("nothing", [None, Palette([], [], [])])
def test_without_colors_there_is_only_a_calm_outline(bar, nothing):
    bar.set_palette(PALETTE)
    bar.set_palette(nothing)
    row = row_of_pixels(bar, BAR_HEIGHT / 2)
    assert (row[2:-2] == row[2]).all()
    assert (row[0] != row[2]).any()
    assert bar.label_at(5) is None


def test_is_read_aloud(bar):
    bar.set_palette(PALETTE)
    assert bar.accessibleName() == "Color palette"
    assert bar.accessibleDescription().startswith("brown 50.0%, cream 25.0%")

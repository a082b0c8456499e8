"""The line keeps its room, whatever there is to say and however wide it is."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from napari.utils.theme import get_theme
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor, QGuiApplication, QTextDocument
from skimage.color import rgb2gray

from napari_colorcluster.widgets.status.line import StatusLine

WORDS = st.text(st.sampled_from("abc <&>\"'é"), max_size=400)


@pytest.fixture
def line(qtbot):
    line = StatusLine(lambda: get_theme("dark").warning.as_hex())
    qtbot.addWidget(line)
    line.resize(300, 50)
    with qtbot.waitExposed(line):
        line.show()
    return line


def plain(line):
    document = QTextDocument()
    document.setHtml(line.text())
    return document.toPlainText()


@given(WORDS, WORDS, st.booleans(), st.sampled_from([295, 320, 439, 440, 700]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_never_takes_more_room_and_is_whole_or_in_the_tooltip(line, news, state, warning, width):
    line.resize(width, line.height())
    line.show_texts("", "")
    height = line.height()
    line.show_texts(news, state, is_warning=warning)
    assert line.height() == height == line.minimumHeight() == line.maximumHeight()
    assert line.heightForWidth(width) <= height
    shown = " ".join(plain(line).split())
    whole = " ".join(f"{news} {state}".split())
    if line.toolTip():
        assert shown != whole
        assert line.toolTip() == "\n".join(text for text in (news, state) if text)
    else:
        assert shown == whole


def test_a_long_text_ends_in_dots(line):
    line.show_texts("", "word " * 60)
    assert plain(line).endswith("…")
    assert line.toolTip() == "word " * 60
    line.show_texts("", "short")
    assert (plain(line), line.toolTip()) == ("short", "")


def test_news_come_first_and_the_rest_gets_what_room_is_left(line):
    line.show_texts("news " * 60, "state")
    assert "state" not in plain(line)
    assert line.toolTip().endswith("\nstate")
    line.show_texts("news", "state")
    assert plain(line) == "news\nstate"


def test_a_wider_line_shows_more(line):
    line.show_texts("", "word " * 30)
    assert line.toolTip()
    line.resize(900, line.height())
    assert not line.toolTip()


def test_its_text_can_be_selected_by_mouse(line, qtbot):
    line.show_texts("", "k-means, k = 5")
    qtbot.mouseDClick(line, Qt.MouseButton.LeftButton, pos=line.rect().topLeft() + _inside(line))
    assert line.selectedText() in "k-means, k = 5"
    assert line.selectedText()
    qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == line.selectedText()
    assert line.focusPolicy() & Qt.FocusPolicy.TabFocus != Qt.FocusPolicy.TabFocus


def _inside(line):
    from qtpy.QtCore import QPoint

    return QPoint(8, line.fontMetrics().lineSpacing() // 2)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_warning_can_be_read_on_each_theme(qtbot, theme):
    colors = get_theme(theme)
    line = StatusLine(lambda: colors.warning.as_hex())
    qtbot.addWidget(line)
    line.setStyleSheet(f"QLabel {{ background: {colors.background.as_hex()} }}")
    line.show()
    line.show_texts("news", "state", is_warning=True)
    color = line.text().partition("color: ")[2].partition("'")[0]
    lighter, darker = sorted(
        (_luminance(each) for each in (color, colors.background.as_hex())), reverse=True
    )
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(name):
    """scikit-image's weights of Rec. 709, on light."""
    channels = [QColor(name).redF(), QColor(name).greenF(), QColor(name).blueF()]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(rgb2gray([[light]])[0, 0])

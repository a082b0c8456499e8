"""The panel without a mouse and with weak eyes, in both of napari's themes."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, QRect, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)

from napari_colorcluster.widgets.commands import open_panel
from napari_colorcluster.widgets.parts.layout import ColumnScrollArea, Fold

ENOUGH = 3
"""The least contrast of what is not a text to be read at length, as WCAG 2.2 asks for (1.4.11)."""


@pytest.fixture
def opened(qtbot, make_napari_viewer, thumbnail, told):
    """The panel in a window, with all folds open and all that they can show."""
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1100, 1000)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    viewer.layers.selection.active = viewer.layers["photo"]
    panel = open_panel(viewer)
    with qtbot.waitActive(panel.native.window()):
        panel.native.window().activateWindow()
    for fold in panel.native.findChildren(Fold):
        fold.open()
    return viewer, panel


def finish(qtbot, panel, begin):
    begin()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)


def column_of(panel):
    return panel.native.findChild(ColumnScrollArea).widget()


def pixels(panel, widget, around=0):
    """What is seen of a widget, with what lies under, over and around it: (height, width, 3)."""
    column = column_of(panel)
    area = QRect(widget.mapTo(column, QPoint(0, 0)), widget.size())
    area = area.adjusted(-around, -around, around, around) & column.rect()
    picture = column.grab(area).toImage()
    picture = picture.convertToFormat(picture.Format.Format_RGB888)
    rows = np.frombuffer(picture.constBits().asarray(picture.sizeInBytes()), np.uint8)
    rows = rows.reshape(picture.height(), picture.bytesPerLine())[:, : 3 * picture.width()]
    return rows.reshape(picture.height(), -1, 3).copy()


def luminance(color):
    """As WCAG 2.2 defines it."""
    share = np.asarray(color) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    light, dark = np.sort([luminance(one), luminance(other)])[::-1]
    return (light + 0.05) / (dark + 0.05)


def name_of(widget):
    """What a screen reader says: Qt tells it the text of a button that has no other name."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def is_part(widget):
    """Whether it is a part of a control that has the name."""
    return isinstance(widget, QLineEdit) and isinstance(
        widget.parentWidget(), QAbstractSpinBox | QComboBox
    )


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_tab_key_shows_where_it_is_and_each_stop_has_a_name(qtbot, opened, theme):
    viewer, panel = opened
    viewer.theme = theme
    finish(qtbot, panel, panel.run)
    finish(qtbot, panel, lambda: panel.sweeps.sweep(range(2, 4)))
    finish(qtbot, panel, panel.pattern.view.measure.click)
    panel.palette.table.select((1, 2))
    qtbot.wait(50)
    column = column_of(panel)
    widget = panel.form.image.native
    # A button that a test before has left pressed would count as a click.
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        QTest.mouseRelease(column, button)
    assert QApplication.mouseButtons() == Qt.MouseButton.NoButton
    widget.setFocus()
    visited = []
    while column.isAncestorOf(widget) and widget not in visited:
        visited.append(widget)
        assert name_of(widget), widget
        framed = pixels(panel, widget, around=2)
        widget.clearFocus()
        plain = pixels(panel, widget, around=2)
        widget.setFocus()
        row, column_at = framed.shape[0] // 2, framed.shape[1] // 2
        left, above = np.s_[row, :3], np.s_[:3, column_at]
        for side in (left, np.s_[row, -3:], above, np.s_[-3:, column_at]):
            seen = map(contrast, framed[side], plain[side])
            assert max(seen) >= ENOUGH, (widget, side)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
    stops = {
        each
        for each in column.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not is_part(each)
        and each.isVisible()
        and each.isEnabled()
    }
    assert stops <= set(visited)
    assert len(stops) > 30


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_cannot_be_used_can_be_read(qtbot, opened, theme):
    viewer, panel = opened
    viewer.theme = theme
    panel.form.method.value = "mean_shift"
    panel.form.color_space.value = "rgb"
    qtbot.wait(50)
    kinds = QAbstractButton, QComboBox, QAbstractSpinBox, QLabel
    resting = [
        each
        for kind in kinds
        for each in column_of(panel).findChildren(kind)
        if each.isVisible() and not each.isEnabled()
    ]
    assert len(resting) > 8
    for widget in resting:
        picture = pixels(panel, widget)[2:-2, 2:-2].reshape(-1, 3)
        colors, counts = np.unique(picture, axis=0, return_counts=True)
        ground = colors[counts.argmax()]
        assert max(contrast(color, ground) for color in colors) >= ENOUGH, widget


def test_a_k_that_is_found_looks_so_and_says_why(qtbot, opened):
    _, panel = opened
    k = panel.form.n_clusters
    slider = k.native.findChild(QSlider)
    usual, tip = pixels(panel, slider), k.tooltip
    panel.form.method.value = "mean_shift"
    qtbot.wait(20)
    # Of a slider that can be moved the handle stands out, of one that rests it does not.
    least = min(map(len, (usual, pixels(panel, slider))))
    assert _stands_out(usual[:least]) > 1.25 * _stands_out(pixels(panel, slider)[:least])
    assert k._found.native.isVisible()
    assert k._found.value == "auto"
    assert not k._box.native.isVisible()
    assert _tip_of(slider) == _tip_of(k._found.native) == "Mean shift finds k itself."
    panel.form.method.value = "agglomerative"
    assert k.tooltip == tip
    [threshold] = [
        each for each in panel.form._options["agglomerative"] if each.name == "distance_threshold"
    ]
    threshold.value = 10
    assert k.tooltip == "With these options, Agglomerative finds k itself."
    threshold.value = None
    assert k._box.native.isVisible()


def _tip_of(widget):
    """The tooltip over a widget: its own, or that of what it is a part of."""
    return widget.toolTip() or _tip_of(widget.parentWidget())


def _stands_out(picture):
    """The contrast of what is lightest with what is darkest."""
    lights = luminance(picture.reshape(-1, 3))
    return (lights.max() + 0.05) / (lights.min() + 0.05)

"""The edits of a palette as one row of small buttons and menus."""

from __future__ import annotations

from itertools import pairwise

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QAction, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from qtpy.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from napari_colorcluster.widgets.palette.edits.edit_actions import EditActions

GLYPH_WIDTH = 24
# napari has no style for tool buttons. Half a gray is its buttons' color in each of its themes.
STYLE = """
QToolButton {
    background-color: rgba(128, 128, 128, 50%); border: none; border-radius: 2px; margin: 0px;
    padding: 4px 1px;
}
QToolButton:hover { background-color: rgba(128, 128, 128, 85%); }
QToolButton:pressed { background-color: rgba(128, 128, 128, 25%); }
QToolButton:disabled { background-color: rgba(128, 128, 128, 20%); }
QPushButton { padding: 4px 5px; }
QToolButton[popupMode="1"] { padding-right: 15px; }
QToolButton[popupMode="2"] { padding-right: 11px; }
QToolButton::menu-button { border: none; width: 15px; }
QToolButton::menu-indicator { subcontrol-position: center right; right: 4px; }
"""


class EditBar(QWidget):
    """Merge, split, undo and redo as buttons, the other edits and what can be saved as menus.

    Parameters
    ----------
    edits : EditActions
        The actions.
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    merge, split, undo, redo, more, save : QToolButton
        The buttons.
    more_menu, save_menu : QMenu
        What the last two open.
    """

    def __init__(self, edits: EditActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(STYLE)
        self.merge, self.split = QToolButton(), QToolButton()
        self.undo = GlyphButton(_turning_arrow(), "Undo")
        self.redo = GlyphButton(QTransform.fromScale(-1, 1).map(_turning_arrow()), "Redo")
        self.more, self.save = GlyphButton(_three_dots(), "More edits"), QToolButton()
        self.merge.setDefaultAction(edits.merge)
        self.split.setDefaultAction(edits.split)
        self.split.setMenu(edits.split_menu)
        self.split.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.undo.setDefaultAction(edits.undo)
        self.redo.setDefaultAction(edits.redo)

        self.more_menu, self.save_menu = QMenu("More", self), QMenu("Save", self)
        self.more_menu.addActions([edits.background, edits.recolor, edits.rename])
        self.more_menu.addSeparator()
        self.more_menu.addActions([edits.absorb, edits.renumber, edits.clean])
        self._menus_end = self.more_menu.addSeparator()
        self.more_menu.addAction(edits.view)
        self.save_menu.addActions([edits.copy, edits.script, edits.save_palette, edits.save_svg])
        self.save_menu.addActions([edits.save_clustering, edits.save_all])
        _open_menu(self.more, self.more_menu, "More edits, and the color space.")
        _open_menu(
            self.save, self.save_menu, "Copy or save the palette, the clustering or a script."
        )

        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(1)
        for button in (self.merge, self.split, self.undo, self.redo, self.more, self.save):
            # A button that is clicked takes the focus, so that the panel's shortcuts work next.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._row.addWidget(button)
        self._row.insertStretch(self._row.indexOf(self.more))

    def add_tool(self, widget: QWidget) -> None:
        """Put a widget before the buttons."""
        self._row.insertWidget(0, widget)
        widgets = [self._row.itemAt(at).widget() for at in range(self._row.count())]
        # The Tab key would come to it last, as it is the last to be made.
        for one, other in pairwise(filter(None, widgets)):
            QWidget.setTabOrder(one, other)

    def add_menu(self, menu: QMenu) -> None:
        """Put a menu of more edits below the others."""
        self.more_menu.insertMenu(self._menus_end, menu)

    def set_usable(self, usable: bool) -> None:
        """Let the menus be opened, or not where there is nothing in them to do."""
        self.more.setEnabled(usable)
        self.save.setEnabled(usable)


class GlyphButton(QToolButton):
    """A button with a sign, painted in the color of the theme's texts, in place of its text.

    Parameters
    ----------
    glyph : QPainterPath
        The sign, around the origin.
    name : str
        What screen readers call it.
    parent : QWidget, optional
        Parent widget.
    """

    def __init__(self, glyph: QPainterPath, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Ask for the sign and the room around it, as high as a button with a text."""
        return QSize(GLYPH_WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same: it cannot be smaller."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the sign on it."""
        painter = QStylePainter(self)
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        color = QColor(self.palette().color(self.foregroundRole()))
        # Its strokes are bolder than those of a text.
        color.setAlphaF(1.0 if self.isEnabled() else 0.55)
        pen = QPen(color, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.drawPath(self._glyph)
        painter.end()


def color_space_button(view: QAction) -> QToolButton:
    """Make the button that opens the color space, to stand outside of the bar in its style."""
    button = GlyphButton(_axes_with_points(), "Color space")
    button.setStyleSheet(STYLE)
    button.setDefaultAction(view)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _turning_arrow() -> QPainterPath:
    """An arrow to the left that comes out of a half circle."""
    path = QPainterPath(QPointF(-2.5, 5))
    path.lineTo(2, 5)
    path.arcTo(QRectF(-1.5, -2, 7, 7), -90, 180)
    path.lineTo(-5.5, -2)
    path.moveTo(-2.5, -5)
    path.lineTo(-5.5, -2)
    path.lineTo(-2.5, 1)
    return path


def _axes_with_points() -> QPainterPath:
    """Three axes that meet at the lower left, with points between them."""
    path = QPainterPath()
    for x, y in ((-3, -6), (6, 3), (-7, 6)):
        path.moveTo(-3, 3)
        path.lineTo(x, y)
    for x, y in ((1, -1), (4.5, -4.5), (5, -0.5)):
        path.addEllipse(QPointF(x, y), 0.7, 0.7)
    return path


def _three_dots() -> QPainterPath:
    path = QPainterPath()
    for x in (-5, 0, 5):
        path.addEllipse(QPointF(x, 0), 0.7, 0.7)
    return path


def _open_menu(button: QToolButton, menu: QMenu, tooltip: str) -> None:
    """Make a button that opens a menu."""
    button.setText(menu.title())
    button.setToolTip(tooltip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu.setToolTipsVisible(True)

"""Menus that elide texts which they have no room for."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, Qt
from qtpy.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from napari_colorcluster.widgets.parts.notes import plain


class Elided(QObject):
    """Paints what a menu shows with three dots in its middle where it is too long.

    Qt cuts it off at the right, where the names of layers differ most: of an outline drawn over
    "photo clusters", napari's own name for it would be left as "photo clusters". The whole text is
    in the tooltip, before what the menu is for.

    Parameters
    ----------
    box : QComboBox
        The menu.
    """

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._box, self._purpose = box, box.toolTip()
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint, and write the tooltip before it is shown."""
        if event.type() == QEvent.Type.Paint:
            self._paint()
            return True
        if event.type() == QEvent.Type.ToolTip:
            text = self._box.currentText()
            cut_off = self._elided(self._option()) != text
            told = f"{text}\n\n{self._purpose}" if cut_off else self._purpose
            self._box.setToolTip(plain(told))
        return False

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self._box.initStyleOption(option)
        return option

    def _elided(self, option: QStyleOptionComboBox) -> str:
        room = self._box.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self._box,
        )
        return option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room.width() - 2
        )

    def _paint(self) -> None:
        option = self._option()
        painter = QStylePainter(self._box)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self._elided(option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

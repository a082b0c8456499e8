"""How the panel is laid out: labeled rows, folds, and one column that scrolls up and down only."""

from __future__ import annotations

from magicgui.widgets import Container, Label
from magicgui.widgets.bases import ValueWidget
from qtpy.QtCore import QEvent, QObject, QSize, Qt
from qtpy.QtWidgets import (
    QFrame,
    QLayout,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.widgets.parts.focus_ring import FocusRing
from napari_colorcluster.widgets.parts.resting import RestingLook
from napari_colorcluster.widgets.parts.wheel import WheelGuard

_BESIDE_BAR = 2
"""Pixels that a style leaves between a column and its scroll bar."""

LABEL_WIDTH = 92
"""One width for the labels of all rows, folded ones included; a large font may widen them."""


def labeled_row(widget: ValueWidget | Container) -> Container:
    """Put a widget's label before it, in a column of labels that all rows share."""
    label = Label(value=widget.label, tooltip=widget.tooltip)
    if isinstance(widget, ValueWidget):
        name_control(widget.native, widget.label)
    label.min_width = LABEL_WIDTH
    label.native.setBuddy(widget.native)
    # The label takes what it needs, the widget what is left.
    label.native.setSizePolicy(
        label.native.sizePolicy().Policy.Fixed, label.native.sizePolicy().Policy.Preferred
    )
    row = Container(widgets=[label, widget], layout="horizontal", labels=False)
    row.margins = (0, 0, 0, 0)
    return row


def name_control(widget: QWidget, name: str) -> None:
    """Name a control for screen readers: they read the part of it that gets the focus."""
    for part in (widget, *widget.findChildren(QWidget)):
        if part is widget or part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            part.setAccessibleName(name)


def put_beside(widget: ValueWidget, tool: QWidget) -> None:
    """Put a small tool behind a widget, in its labeled row; the Tab key comes to it next."""
    widget.native.parentWidget().layout().addWidget(tool)
    QWidget.setTabOrder(widget.native, tool)


def column(*parts: QWidget | QLayout) -> QWidget:
    """Stack widgets and rows of widgets without margins."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return holder


class ProgressLine(QProgressBar):
    """A thin bar without text: the present step is its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(4)

    def set(self, fraction: float, what: str = "") -> None:
        """Show the fraction done, 0..1, and the step in words."""
        # Qt's bar repaints at once, and the canvas in the same window with it, which takes long:
        # this way it is painted with all else that has changed.
        self.setUpdatesEnabled(False)
        self.setValue(round(100 * fraction))
        self.setUpdatesEnabled(True)
        self.setToolTip(what)


class Fold(QWidget):
    """Something that is folded away under its title until the title is clicked.

    Parameters
    ----------
    title : str
        The title.
    content : QWidget
        What is folded away.
    tooltip : str, optional
        What it is for.
    """

    def __init__(
        self, title: str, content: QWidget, tooltip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = QToolButton()
        self.title.setText(title)
        self.title.setCheckable(True)
        self.title.setToolTip(tooltip)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # A heading, not a button: napari paints a checked button in its loudest color.
        self.title.setStyleSheet("QToolButton { border: none; background: transparent; }")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addWidget(content)
        self._content = content
        self.title.toggled.connect(self._show)
        self._show(False)

    def open(self) -> None:
        """Unfold it."""
        self.title.setChecked(True)

    def _show(self, opened: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self.title.setArrowType(arrow)
        self._content.setVisible(opened)


class ColumnScrollArea(QScrollArea):
    """A column that is as wide as the dock and scrolls where the dock is too low for it.

    The wheel scrolls it wherever it turns over a control that has not got the focus; the one that
    has is framed, and those that cannot be used look so.

    Parameters
    ----------
    content : QWidget
        The column.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        # The Tab key goes to what is in it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        content.installEventFilter(self)
        WheelGuard(content)
        RestingLook(content)
        FocusRing(content)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Update the width with that of the column, which Qt's scroll area does not."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """As wide as the column needs, so that nothing is cut off at its side."""
        bar = self.verticalScrollBar()
        beside = bar.sizeHint().width() + _BESIDE_BAR
        return QSize(self.widget().minimumSizeHint().width() + beside, 120)

    def sizeHint(self) -> QSize:
        """The column's own size."""
        return self.widget().sizeHint()

"""One event filter for a widget and all that is in it, what is made later included."""

from __future__ import annotations

from qtpy.QtCore import QChildEvent, QEvent, QObject
from qtpy.QtWidgets import QWidget


class Descendants(QObject):
    """Hears of the events of a widget and of its descendants.

    Parameters
    ----------
    root : QWidget
        The widget, which keeps this alive.
    """

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self._add(root)

    def met(self, widget: QWidget) -> None:
        """Do something with a widget once, as soon as all of it is there."""

    def heard(self, widget: QWidget, event: QEvent) -> bool:
        """Do something with an event; return whether the widget is not to have it."""
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of an event, and of the children that a widget gets."""
        # By its class: one that Python still holds may be taken for a new event at its address.
        if isinstance(event, QChildEvent):
            child = event.child()
            if event.added() and child.isWidgetType():
                # It is no more than a bare widget yet: Qt polishes it before it is seen.
                child.installEventFilter(self)
        elif event.type() == QEvent.Type.Polish:
            self._add(watched)
        return self.heard(watched, event)

    def _add(self, widget: QWidget) -> None:
        for each in (widget, *widget.findChildren(QWidget)):
            each.installEventFilter(self)
            self.met(each)

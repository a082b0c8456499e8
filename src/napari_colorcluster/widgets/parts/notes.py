"""Small notes between the parts of the panel, which take no room while there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

_STYLE = "QLabel { font-size: 9pt; padding: 0px; }"


def plain(text: str) -> str:
    """A text that tooltips and labels show as it is: names may look like HTML to Qt."""
    return f"<span>{escape(text)}</span>".replace("\n", "<br>") if "<" in text else text


class Note(QLabel):
    """A note in small letters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setStyleSheet(_STYLE)
        self.hide()

    def say(self, text: str) -> None:
        """Show a text; an empty one takes no room."""
        self.setText(text)
        self.setVisible(bool(text))


class NoteWithAction(QWidget):
    """A note with a button under it for what can be done at once.

    Attributes
    ----------
    note : Note
        What there is to say.
    button : QPushButton
        Hidden where nothing can be done at once.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], object] | None = None
        self.note = Note()
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(self.note)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.say("")

    def say(
        self,
        text: str,
        title: str = "",
        tooltip: str = "",
        action: Callable[[], object] | None = None,
    ) -> None:
        """Show a text, and a button where there is an action; no text hides both."""
        self._action = action
        self.note.say(text)
        self.button.setText(title)
        self.button.setToolTip(tooltip)
        self.button.setVisible(action is not None)
        self.setVisible(bool(text))

    def _act(self) -> None:
        if self._action is not None:
            self._action()

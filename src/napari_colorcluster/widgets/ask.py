"""Small dialogs that ask for one value and hold nothing up; what it is for is known elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QVBoxLayout,
    QWidget,
)


class NumberDialog(QDialog):
    """Asks for a number; what it would do is said as it changes.

    Parameters
    ----------
    parent : QWidget
        What is blocked meanwhile.
    title, question : str
        What is asked for, in short and in a sentence.
    value, low, high : float
        The number at first, and the range it may have.
    decimals : int, default 0
        How many to ask for; none asks for an integer.
    suffix : str, optional
        The unit, shown after the number.
    lowest : str, optional
        A word for the lowest number.
    explain : callable, optional
        Given the number, says what it would do.

    Attributes
    ----------
    value : float
        The number.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        question: str,
        value: float,
        low: float,
        high: float,
        *,
        decimals: int = 0,
        suffix: str = "",
        lowest: str = "",
        explain: Callable[[float], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        label = QLabel(question)
        label.setWordWrap(True)
        self.box = QDoubleSpinBox()
        self.box.setDecimals(decimals)
        self.box.setRange(low, high)
        self.box.setSuffix(suffix)
        self.box.setSpecialValueText(lowest)
        self.box.setValue(value)
        self.box.setAccessibleName(question)
        label.setBuddy(self.box)
        self.explanation = QLabel()
        self.explanation.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for widget in (label, self.box, self.explanation, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(260)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._explain = explain
        self.explanation.setVisible(explain is not None)
        if explain is not None:
            self.box.valueChanged.connect(self._say)
            self._say(value)
        self.box.selectAll()

    @property
    def value(self) -> float:
        return self.box.value()

    def _say(self, value: float) -> None:
        self.explanation.setText(self._explain(value))


def ask_color(
    parent: QWidget, color: QColor, title: str, then: Callable[[QColor], None]
) -> QColorDialog:
    """Ask for a color and pass it on; nothing follows where no other is chosen."""
    dialog = QColorDialog(color, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.colorSelected.connect(lambda chosen: None if chosen == color else then(chosen))
    dialog.open()
    return dialog


def ask_path(
    parent: QWidget,
    title: str,
    suggestion: str,
    kinds: Mapping[str, str],
    then: Callable[[str], None],
) -> QFileDialog:
    """Ask for a file to write and pass its path on; a name without a suffix gets one.

    Parameters
    ----------
    parent : QWidget
        What is blocked meanwhile.
    title : str
        What is asked for.
    suggestion : str
        The file's name at first.
    kinds : mapping of str to str
        To each suffix that is offered, such as ``".csv"``, what such files are; the first is
        chosen at first.
    then : callable
        Gets the path. The dialog has asked whether a file that is there may be replaced.
    """
    suffixes = {f"{words} (*{suffix})": suffix for suffix, words in kinds.items()}
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(suffixes))
    # Added by the dialog: it has to ask about the file that is written in the end.
    dialog.setDefaultSuffix(next(iter(kinds)))

    def take_kind(chosen: str) -> None:
        suffix = suffixes[chosen]
        dialog.setDefaultSuffix(suffix)
        path = Path(*dialog.selectedFiles()[:1])
        if path.suffix in kinds:
            dialog.selectFile(path.with_suffix(suffix).name)

    dialog.filterSelected.connect(take_kind)
    dialog.fileSelected.connect(then)
    dialog.selectFile(suggestion)
    dialog.open()
    return dialog

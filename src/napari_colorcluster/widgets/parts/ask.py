"""Small dialogs for one value each, which do not block the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import ceil, floor, log10
from pathlib import Path

from qtpy.QtCore import QSignalBlocker, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QColorDialog,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)


class NumberDialog(QDialog):
    """A dialog for a number, with a text that follows it.

    Parameters
    ----------
    parent : QWidget
        The window that is blocked meanwhile.
    title, question : str
        The title, and a sentence above the number.
    value, low, high : float
        The number at first, and the range it may have.
    decimals : int, default 0
        How many decimals; 0 for an integer.
    suffix : str, optional
        The unit, shown after the number.
    lowest : str, optional
        A word for the lowest number.
    explain : callable, optional
        Given the number, returns the text.
    units : mapping of str to float, optional
        Units to choose from in place of the suffix: to each what one of the first of them, which
        is whole, comes to in it.
    unit : str, optional
        The one that is chosen at first; by default the first.

    Attributes
    ----------
    value : float
        The number; with units, in the first of them, and rounded up to a whole one.
    unit : str
        The unit that is chosen; empty without units.
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
        units: Mapping[str, float] | None = None,
        unit: str = "",
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
        self.units = QComboBox()
        self.units.setAccessibleName("Unit")
        self.units.setToolTip("The unit of the number.")
        self.units.setVisible(bool(units))
        self._units, self._range, self._unit_now = dict(units or {}), (low, high), ""
        if self._units:
            self.units.addItems(list(self._units))
            self._unit_now = self.units.currentText()
            self.units.currentTextChanged.connect(self._convert)
            self.units.setCurrentText(unit)
        number = QHBoxLayout()
        number.addWidget(self.box, 1)
        number.addWidget(self.units)
        self.explanation = QLabel()
        self.explanation.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(label)
        layout.addLayout(number)
        layout.addWidget(self.explanation)
        layout.addWidget(buttons)
        self.setMinimumWidth(260)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._explain = explain
        self.explanation.setVisible(explain is not None)
        if explain is not None:
            self.box.valueChanged.connect(self._update_explanation)
            self._update_explanation(value)
        self.box.selectAll()

    @property
    def value(self) -> float:
        return self._in_first_unit(self.box.value())

    @property
    def unit(self) -> str:
        return self._unit_now

    def _in_first_unit(self, number: float) -> float:
        if not self._units:
            return number
        # What is written has been rounded by less than a hundredth of one.
        return max(ceil(number / self._units[self._unit_now] - 0.01), self._range[0])

    def _convert(self, unit: str) -> None:
        """Write the same number in another unit."""
        number, self._unit_now = self.value, unit
        one = self._units[unit]
        with QSignalBlocker(self.box):
            whole = unit == next(iter(self._units))
            self.box.setDecimals(0 if whole else max(2 - floor(log10(one)), 0))
            self.box.setRange(*(one * end for end in self._range))
            self.box.setValue(one * number)
        self.box.valueChanged.emit(self.box.value())

    def _update_explanation(self, number: float) -> None:
        self.explanation.setText(self._explain(self._in_first_unit(number)))


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
        The window that is blocked meanwhile.
    title : str
        The title.
    suggestion : str
        The file's name at first.
    kinds : mapping of str to str
        To each suffix that is offered, such as ``".csv"`` or ``".colors.csv"``, what such files
        are; the first is chosen at first.
    then : callable
        Called with the path. The dialog has asked whether to replace a file that is there.
    """
    suffixes = {f"{words} (*{suffix})": suffix for suffix, words in kinds.items()}
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(suffixes))
    # Added by the dialog, which asks before it replaces the file of that name.
    dialog.setDefaultSuffix(next(iter(kinds)))

    def take_kind(chosen: str) -> None:
        suffix = suffixes[chosen]
        dialog.setDefaultSuffix(suffix)
        name = Path(*dialog.selectedFiles()[:1]).name
        if (bare := _without_suffix(name, kinds)) != name:
            dialog.selectFile(bare + suffix)

    dialog.filterSelected.connect(take_kind)
    dialog.fileSelected.connect(then)
    dialog.selectFile(suggestion)
    dialog.open()
    return dialog


def _without_suffix(name: str, suffixes: Iterable[str]) -> str:
    """Leave out the suffix of a file's name, where it is one of these; else it stays."""
    known = max((each for each in suffixes if name.endswith(each)), key=len, default="")
    bare = name.removesuffix(known)
    if known:
        # Qt has replaced the last part of a longer one already.
        for each in suffixes:
            bare = bare.removesuffix(each[: each.rindex(".")])
    return bare


def ask_open_path(
    parent: QWidget, title: str, kinds: Mapping[str, str], then: Callable[[str], None]
) -> QFileDialog:
    """Ask for a file to read and pass its path on.

    Parameters
    ----------
    parent : QWidget
        The window that is blocked meanwhile.
    title : str
        The title.
    kinds : mapping of str to str
        To each suffix that is offered, such as ``".csv"``, what such files are.
    then : callable
        Called with the path.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([f"{words} (*{suffix})" for suffix, words in kinds.items()])
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, title: str, then: Callable[[str], None]) -> QFileDialog:
    """Ask for a folder, which can be made in the dialog, and pass its path on.

    Parameters
    ----------
    parent : QWidget
        The window that is blocked meanwhile.
    title : str
        The title.
    then : callable
        Called with the path.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog

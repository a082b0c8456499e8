"""The row of widgets that says what images belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from napari_colorcluster.core.studies.name_pattern import NamePattern, suggest_pattern
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.study.inputs.groups import as_written, read_groups
from napari_colorcluster.widgets.parts.ask import ask_open_path

NOTHING, NAME, TABLE = range(3)
KINDS = ("nothing", "part of the name", "column of a table")


class GroupChoice(QWidget):
    """Chooses groups of images: none, by a pattern of their names, or by a column of a table.

    Parameters
    ----------
    names : mapping of str to sequence of str
        To each image what a table may call it, the most exact first; its name among them.
    notices : Notices
        Where it is told that a table cannot be read.

    Attributes
    ----------
    changed : Signal()
        Emitted when another choice is made.
    kind : QComboBox
        What decides.
    pattern : QLineEdit
        The pattern of names.
    open : QPushButton
        Asks for a table.
    column : QComboBox
        Its columns.
    """

    changed = Signal()

    def __init__(
        self, names: Mapping[str, Sequence[str]], notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names, self._notices = names, notices
        self._table: Mapping[str, Mapping[str, str]] | None = None
        self.kind, self.column = QComboBox(), QComboBox()
        self.kind.addItems(KINDS)
        self.pattern = QLineEdit(suggest_pattern(list(names)).text)
        self.open = QPushButton("Choose table…")
        label = QLabel("Groups by")
        label.setBuddy(self.kind)
        self._explain()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (label, self.kind, self.pattern, self.open, self.column):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.pattern.setMinimumWidth(160)
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._show_kind()
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.pattern.editingFinished.connect(self._finish_pattern)
        self.open.clicked.connect(self._ask)
        self.column.currentIndexChanged.connect(lambda: self.changed.emit())
        self._pattern_before = self.pattern.text()

    def groups(self) -> dict[str, str]:
        """The group of each image that has one, by the image's name; empty where none is chosen.

        Raises
        ------
        ValueError
            Where the pattern is none, or no image has a group.
        """
        kind = self.kind.currentIndex()
        if kind == NOTHING or (kind == TABLE and self._table is None):
            return {}
        is_name = kind == NAME
        found = self._by_name() if is_name else self._by_table()
        if not found:
            does = "pattern fits" if is_name else "table tells the group of"
            raise ValueError(f"The {does} none of the images.")
        return found

    def read(self, path: str) -> None:
        """Read a table of groups, and choose its first column."""
        with self._notices.opening("The table", path):
            table = read_groups(Path(path))
            self._table = {as_written(name): row for name, row in table.items()}
            self.column.blockSignals(True)
            self.column.clear()
            self.column.addItems(list(next(iter(table.values()), {})))
            self.column.blockSignals(False)
            self.open.setText(Path(path).name)
            self._show_kind()
            self.changed.emit()

    def _by_name(self) -> dict[str, str]:
        pattern = NamePattern(self.pattern.text())
        told = {name: pattern.group_of(name) for name in self._names}
        return {name: group for name, group in told.items() if group}

    def _by_table(self) -> dict[str, str]:
        table, column, found = self._table or {}, self.column.currentText(), {}
        for name, called in self._names.items():
            row = next((table[each] for each in map(as_written, called) if each in table), {})
            if row.get(column):
                found[name] = row[column]
        return found

    def _explain(self) -> None:
        self.kind.setToolTip("What the groups of the images are told by.")
        self.pattern.setToolTip(
            "The whole name, with the group in parentheses: (*)_* finds leaf in leaf_01.\n"
            "* stands for any letters, ? for one, [0-9] for a digit."
        )
        self.pattern.setAccessibleName("Pattern of names")
        self.open.setToolTip(
            "Choose a CSV file with a column named image, which holds the names of the images or "
            "of\ntheir files, and a column for each kind of group."
        )
        self.column.setToolTip("The column that holds the groups.")
        self.column.setAccessibleName("Column")

    def _show_kind(self) -> None:
        kind = self.kind.currentIndex()
        self.pattern.setVisible(kind == NAME)
        self.open.setVisible(kind == TABLE)
        self.column.setVisible(kind == TABLE and self.column.count() > 0)

    def _choose_kind(self) -> None:
        self._show_kind()
        self.changed.emit()

    def _finish_pattern(self) -> None:
        # It is emitted when the focus is lost, too.
        if self.pattern.text() != self._pattern_before:
            self._pattern_before = self.pattern.text()
            self.changed.emit()

    def _ask(self) -> None:
        kinds = {".csv": "Tables", ".tsv": "Tables", ".txt": "Tables"}
        ask_open_path(self.window(), "Table of groups", kinds, self.read)

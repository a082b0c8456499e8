"""Which columns of the palette's table are shown, and how wide."""

from __future__ import annotations

from qtpy.QtCore import QObject, Qt
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QHeaderView, QTableView

from napari_colorcluster.widgets.palette.cells import ARROWS, CLOSE, PADDING, SWATCH
from napari_colorcluster.widgets.palette.model import (
    AREA,
    COLUMNS,
    HEX,
    INDEX,
    NAME,
    PIXELS,
    RGB,
    SHARE,
    PaletteModel,
)

COMFORTABLE_NAME = 116
NARROWEST_NAME = 48
# A flat header, whose titles stand over the texts of the cells. Its arrow is part of the title:
# the one Qt draws lies on top of a title that is aligned to the right.
HEADER_STYLE = f"""
QHeaderView {{ padding: 0px; }}
QHeaderView::section {{ border: none; padding: 3px {PADDING}px; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ image: none; width: 0px; height: 0px; }}
"""


class PaletteColumns(QObject):
    """Fits the columns of a table to its width, except for those that the user has chosen.

    Parameters
    ----------
    table : QTableView
        The table. Its header gets a context menu that shows and hides columns.
    model : PaletteModel
        What it shows.
    """

    def __init__(self, table: QTableView, model: PaletteModel) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._widths = [0] * len(COLUMNS)
        self._chosen: dict[int, bool] = {}
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setStyleSheet(HEADER_STYLE)
        header.setMinimumSectionSize(20)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for column in (HEX, SHARE, AREA, PIXELS, RGB):
            action = QAction(COLUMNS[column].title, header)
            action.setCheckable(True)
            action.setData(column)
            action.triggered.connect(self._choose_column)
            header.addAction(action)
        fit = QAction("Fit columns to width", header)
        fit.triggered.connect(self._choose_what_fits)
        header.addAction(fit)

    @property
    def scrolls(self) -> bool:
        """Whether columns that the user has chosen are wider than the table."""
        length = self._table.horizontalHeader().length()
        return bool(self._chosen) and length > self._table.viewport().width()

    def measure(self) -> None:
        """Find the width each column needs, of all its rows: Qt measures only those in view."""
        table, header = self._table, self._table.horizontalHeader()
        table.ensurePolished()
        header.ensurePolished()
        metrics = table.fontMetrics()
        table.verticalHeader().setDefaultSectionSize(max(metrics.height() + 8, 23))
        for column, spec in enumerate(COLUMNS):
            texts = [spec.text(self._model.shown, row) for row in range(self._model.rowCount())]
            if column == NAME:
                texts = [
                    text + CLOSE if self._model.shown.is_close(row) else text
                    for row, text in enumerate(texts)
                ]
            widest = max(map(metrics.horizontalAdvance, texts), default=0)
            if column == INDEX:
                widest += SWATCH + PADDING
            title = self._model.title(column) + max(ARROWS.values())
            title_width = header.fontMetrics().horizontalAdvance(title)
            self._widths[column] = max(widest, title_width) + 2 * PADDING + 2
        self.arrange()

    def arrange(self) -> None:
        """Leave out the columns there is no room for, and give the names what is left.

        Of an image with units the areas are seen first, of any other the colors in hex.
        """
        table = self._table
        name = min(self._widths[NAME], COMFORTABLE_NAME)
        left = table.viewport().width() - self._widths[INDEX] - name
        has_area = self._model.pixel_size is not None
        called_for = (SHARE, AREA) if has_area else (SHARE, HEX)
        actions = [each for each in table.horizontalHeader().actions() if each.data() is not None]
        for action in sorted(actions, key=lambda each: each.data() not in called_for):
            column = action.data()
            fits = self._widths[column] <= left
            wanted = self._chosen.get(column, fits or column in called_for)
            if column == AREA:
                action.setText(self._model.title(AREA))
                action.setVisible(has_area)
                wanted = wanted and action.isVisible()
            left -= self._widths[column] if wanted else 0
            action.setChecked(wanted)
            table.setColumnHidden(column, not wanted)
            table.setColumnWidth(column, self._widths[column])
        table.setColumnWidth(INDEX, self._widths[INDEX])
        table.setColumnWidth(NAME, max(name + left, NARROWEST_NAME))
        # What fits is fitted again when a vertical bar comes or goes: no bar shows in between.
        may_scroll = bool(self._chosen) or name + left < NARROWEST_NAME
        policies = Qt.ScrollBarPolicy
        table.setHorizontalScrollBarPolicy(
            policies.ScrollBarAsNeeded if may_scroll else policies.ScrollBarAlwaysOff
        )
        table.updateGeometry()

    def _choose_column(self, wanted: bool) -> None:
        self._chosen[self.sender().data()] = wanted
        self.arrange()

    def _choose_what_fits(self) -> None:
        self._chosen.clear()
        self.arrange()

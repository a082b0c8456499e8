import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtWidgets import QApplication, QLineEdit, QStyleOptionViewItem
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.widgets.palette import words as shown_palette
from napari_colorcluster.widgets.palette.cells import CLOSE, PADDING
from napari_colorcluster.widgets.palette.model import (
    AREA,
    HEX,
    INDEX,
    NAME,
    PIXELS,
    RGB,
    SHARE,
    PaletteModel,
)
from napari_colorcluster.widgets.palette.table import PaletteTable

PALETTE = Palette(
    [[107, 63, 42], [239, 227, 200], [27, 20, 18], [183, 110, 51]],
    [1_234_567, 100_200, 20_000, 9_000],
    ["brown", "cream", "Black", "copper"],
)
# Two browns that are close, and a third color.
CLOSE_COLORS = Palette([[107, 63, 42], [107, 63, 45], [239, 227, 200]], [5, 3, 2], ["a", "b", "c"])
MICRONS = PixelSize(0.25, "µm²")
LARGE = Palette([[i, 0, 0] for i in range(30)], range(30, 0, -1), [f"color {i}" for i in range(30)])
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def table(qtbot):
    widget = PaletteTable()
    qtbot.addWidget(widget)
    widget.set_palette(PALETTE)
    widget.resize(300, widget.sizeHint().height())
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def texts(table, column):
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def click_header(qtbot, table, column):
    header = table.horizontalHeader()
    x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))


def click_row(qtbot, table, row, modifier=Qt.KeyboardModifier.NoModifier):
    place = table.visualRect(table.model().index(row, NAME)).center()
    qtbot.mouseClick(table.viewport(), LEFT, modifier, place)


def copied():
    return pd.read_csv(io.StringIO(QApplication.clipboard().text()), sep="\t")


def test_says_what_the_palette_says(table):
    assert texts(table, INDEX) == ["1", "2", "3", "4"]
    assert texts(table, NAME) == list(PALETTE.names)
    assert texts(table, HEX) == list(PALETTE.hex)
    assert texts(table, SHARE) == ["90.5%", "7.3%", "1.5%", "0.7%"]
    assert texts(table, PIXELS) == ["1,234,567", "100,200", "20,000", "9,000"]
    assert texts(table, RGB)[0] == "107, 63, 42"


def test_swatches_have_exactly_the_colors(table):
    image = table.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    for row, color in enumerate(PALETTE.colors.tolist()):
        cell = table.visualRect(table.model().index(row, INDEX))
        pixel = image.pixelColor(round(12 * ratio), round(cell.center().y() * ratio))
        assert list(pixel.getRgb()[:3]) == color


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        (INDEX, ["1", "2", "3", "4"]),
        (NAME, ["3", "1", "4", "2"]),
        (SHARE, ["4", "3", "2", "1"]),
        (PIXELS, ["4", "3", "2", "1"]),
        (HEX, ["3", "1", "4", "2"]),
        (RGB, ["3", "1", "4", "2"]),
    ],
)
def test_a_click_on_a_header_sorts_and_another_turns_it_round(qtbot, table, column, ascending):
    table.resize(600, table.height())
    if column == INDEX:
        click_header(qtbot, table, SHARE)
    click_header(qtbot, table, column)
    assert texts(table, INDEX) == ascending
    assert table.model().headerData(column, Qt.Orientation.Horizontal).endswith("↑")
    click_header(qtbot, table, column)
    assert texts(table, INDEX) == ascending[::-1]
    assert table.model().headerData(column, Qt.Orientation.Horizontal).endswith("↓")


@given(pixels=st.lists(st.integers(0, 2**40), min_size=1, max_size=20))
def test_numbers_sort_as_numbers(qapp, pixels):
    table = PaletteTable()
    table.set_palette(Palette([[0, 0, 0]] * len(pixels), pixels, [""] * len(pixels)))
    table.sortByColumn(PIXELS, Qt.SortOrder.AscendingOrder)
    assert texts(table, PIXELS) == [f"{count:,}" for count in sorted(pixels)]


def test_clicks_select_labels_however_sorted(qtbot, table):
    click_header(qtbot, table, SHARE)
    with qtbot.waitSignal(table.labels_selected) as signal:
        click_row(qtbot, table, 0)
    assert signal.args == [(4,)]
    with qtbot.waitSignal(table.labels_selected) as signal:
        click_row(qtbot, table, 2, CONTROL)
    assert signal.args == [(2, 4)]
    click_header(qtbot, table, INDEX)
    assert table.selected_labels() == (2, 4)


def test_labels_with_gaps_are_shown_selected_and_copied(qtbot, table):
    table.set_palette(Palette(PALETTE.colors, PALETTE.pixels, PALETTE.names, [7, 2, 9, 1]))
    assert texts(table, INDEX) == ["1", "2", "7", "9"]
    click_header(qtbot, table, SHARE)
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.select([9, 2, 3])
    assert signal.args == [(2, 9)]
    table.copy()
    assert copied()["name"].tolist() == ["Black", "cream"]


def subset(*labels):
    """The palette with these labels alone, in their order there."""
    rows = [label - 1 for label in labels]
    names = [PALETTE.names[row] for row in rows]
    return Palette(PALETTE.colors[rows], PALETTE.pixels[rows] + 5, names, labels)


def test_labels_that_are_still_there_stay_selected(qtbot, table):
    click_header(qtbot, table, SHARE)
    table.select([2, 3])
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.set_palette(subset(4, 1, 2))
    assert signal.args == [(2,)]
    with qtbot.assertNotEmitted(table.labels_selected):
        table.set_palette(PALETTE)
    assert table.selected_labels() == (2,)
    rows = table.selectionModel().selectedRows()
    assert [row.siblingAtColumn(NAME).data() for row in rows] == ["cream"]


@given(
    chosen=st.sets(st.integers(1, 4)),
    palettes=st.lists(
        st.permutations([1, 2, 3, 4]).flatmap(
            lambda labels: st.integers(1, 4).map(lambda n: labels[:n])
        ),
        max_size=6,
    ),
    column=st.sampled_from([INDEX, NAME, SHARE]),
)
def test_whatever_palettes_follow_a_selection_is_told_once_a_change(qapp, chosen, palettes, column):
    table = PaletteTable()
    table.set_palette(PALETTE)
    table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    table.select(chosen)
    told = []
    table.labels_selected.connect(told.append)
    expected = [tuple(sorted(chosen))]
    for labels in palettes:
        table.set_palette(subset(*labels))
        chosen = chosen & set(labels)
        assert table.selected_labels() == tuple(sorted(chosen))
        if expected[-1] != tuple(sorted(chosen)):
            expected.append(tuple(sorted(chosen)))
    assert told == expected[1:]


def test_the_arrow_keys_go_on_from_the_row_they_were_on(qtbot, table):
    click_row(qtbot, table, 1)
    table.set_palette(subset(1, 2, 4))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.selected_labels() == (4,)


def test_an_edit_leaves_the_table_scrolled_where_it_is(qtbot, table):
    table.set_palette(LARGE)
    qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 7)
    table.verticalScrollBar().setValue(7)
    fewer = Palette(LARGE.colors[1:], LARGE.pixels[1:], LARGE.names[1:], LARGE.labels[1:])
    table.set_palette(fewer)
    assert table.verticalScrollBar().value() == 7


@pytest.mark.parametrize("palette", [PALETTE, subset(1, 2, 4)])
def test_other_clusters_end_the_selection_where_asked_to(qtbot, table, palette):
    table.select([2])
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.set_palette(palette, keep_selection=False)
    assert signal.args == [()]
    assert table.selectionModel().selectedRows() == []


def test_select_selects_these_and_no_others(qtbot, table):
    table.select([3])
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.select([4, 1, 1, 0, 99])
    assert signal.args == [(1, 4)]
    with qtbot.assertNotEmitted(table.labels_selected):
        table.select([1, 4])
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.select([])
    assert signal.args == [()]


def test_another_name_keeps_the_selection_and_no_palette_ends_it(qtbot, table):
    table.select([2])
    renamed = Palette(PALETTE.colors, PALETTE.pixels, ["bone", *PALETTE.names[1:]])
    with qtbot.assertNotEmitted(table.labels_selected):
        table.set_palette(renamed)
    assert texts(table, NAME)[0] == "bone"
    assert table.selected_labels() == (2,)
    with qtbot.waitSignal(table.labels_selected) as signal:
        table.set_palette(None)
    assert signal.args == [()]
    assert texts(table, NAME) == []


def double_click(qtbot, table, row, column):
    place = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(table.viewport(), LEFT, pos=place)


def editor(table):
    return next((each for each in table.findChildren(QLineEdit) if each.isVisible()), None)


def test_a_name_is_typed_in_its_place_and_the_old_one_shown_until_it_is_taken(qtbot, table):
    click_header(qtbot, table, SHARE)
    double_click(qtbot, table, 1, NAME)
    assert editor(table).text() == "Black"
    qtbot.keyClicks(editor(table), "ink")
    with qtbot.waitSignal(table.renamed) as signal:
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    assert signal.args == [3, "ink"]
    assert texts(table, NAME)[1] == "Black"
    qtbot.waitUntil(lambda: editor(table) is None)


@pytest.mark.parametrize(
    ("typed", "key"), [("", "Key_Return"), ("cream", "Key_Return"), ("other", "Key_Escape")]
)
def test_a_name_left_as_it_is_or_given_up_is_not_told(qtbot, table, typed, key):
    table.edit_name(2)
    assert table.selected_labels() == (2,)
    qtbot.keyClicks(editor(table), typed)
    with qtbot.assertNotEmitted(table.renamed):
        qtbot.keyClick(editor(table), getattr(Qt.Key, key))
    assert texts(table, NAME)[1] == "cream"


def test_an_answer_may_come_while_the_name_is_being_handed_over(qtbot, table):
    table.renamed.connect(lambda label, name: table.set_palette(subset(4, 2)))
    table.edit_name(2)
    qtbot.keyClicks(editor(table), "bone")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: editor(table) is None)
    assert texts(table, NAME) == ["cream", "copper"]


def test_a_typed_name_is_not_cut_off(qtbot, table):
    table.edit_name(1)
    assert editor(table).height() <= table.rowHeight(0)
    assert editor(table).height() >= editor(table).fontMetrics().height()


def test_a_swatch_double_clicked_tells_its_label(qtbot, table):
    click_header(qtbot, table, SHARE)
    with qtbot.waitSignal(table.swatch_double_clicked) as signal:
        double_click(qtbot, table, 0, INDEX)
    assert signal.args == [4]
    with qtbot.assertNotEmitted(table.swatch_double_clicked):
        double_click(qtbot, table, 0, SHARE)
    assert editor(table) is None


def test_control_c_copies_the_selected_rows_as_shown(qtbot, table):
    click_header(qtbot, table, SHARE)
    table.select([1, 3])
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    expected = PALETTE.to_dataframe().iloc[[2, 0]].reset_index(drop=True)
    pd.testing.assert_frame_equal(copied(), expected, check_dtype=False)


def test_without_a_selection_all_rows_are_copied(table):
    table.copy()
    pd.testing.assert_frame_equal(copied(), PALETTE.to_dataframe(), check_dtype=False)


def test_without_a_palette_the_clipboard_is_left_alone(table):
    QApplication.clipboard().setText("precious")
    table.set_palette(None)
    table.copy()
    assert QApplication.clipboard().text() == "precious"


@pytest.mark.parametrize("width", [260, 300, 350, 400, 520, 700])
@pytest.mark.parametrize("palette", [PALETTE, LARGE])
@pytest.mark.parametrize("pixel_size", [None, MICRONS])
def test_nothing_is_cut_off_at_any_width(qtbot, table, palette, pixel_size, width):
    table.set_palette(palette, pixel_size=pixel_size)
    table.resize(width, table.sizeHint().height())
    header = table.horizontalHeader()
    shown = [column for column in range(header.count()) if not header.isSectionHidden(column)]
    called_for = HEX if pixel_size is None else AREA
    assert {INDEX, NAME, SHARE, called_for} <= set(shown)
    assert header.length() == table.viewport().width()
    assert not table.horizontalScrollBar().isVisible()
    assert table.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    for column in set(shown) - {NAME}:
        assert table.columnWidth(column) >= table.sizeHintForColumn(column)
    if width <= 300 or width >= 700 or (width == 520 and pixel_size is None):
        assert (RGB in shown) == (width >= 520)
    assert AREA not in shown or pixel_size is not None


def test_the_headers_menu_overrules_what_fits(table):
    actions = {action.text(): action for action in table.horizontalHeader().actions()}
    assert table.isColumnHidden(RGB)
    actions["RGB"].trigger()
    actions["Share"].trigger()
    assert not table.isColumnHidden(RGB)
    assert table.isColumnHidden(SHARE)
    table.resize(200, table.height())
    assert table.horizontalScrollBar().maximum() > 0
    assert table.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
    actions["Fit columns to width"].trigger()
    assert table.isColumnHidden(RGB)
    assert not table.isColumnHidden(SHARE)


def shown_names(table):
    """The names as they are painted."""
    model, names = table.model(), []
    for row in range(model.rowCount()):
        index, option = model.index(row, NAME), QStyleOptionViewItem()
        table.initViewItemOption(option)
        option.rect = table.visualRect(index)
        table.itemDelegate().initStyleOption(option, index)
        names.append(option.text)
    return names


def test_close_colors_are_marked_and_told(table):
    table.set_palette(CLOSE_COLORS)
    assert shown_names(table) == ["a" + CLOSE, "b" + CLOSE, "c"]
    assert texts(table, NAME) == ["a", "b", "c"]
    model = table.model()
    tips = [model.index(row, HEX).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    lab = rgb2lab(CLOSE_COLORS.colors / 255)
    delta_e = deltaE_ciede2000(lab[0], lab[1])
    assert f'only ΔE {delta_e:.1f} from 2 "b"' in tips[0]
    assert f'only ΔE {delta_e:.1f} from 1 "a"' in tips[1]
    assert "ΔE" not in tips[2]
    table.set_palette(PALETTE)
    assert shown_names(table) == list(PALETTE.names)


def test_the_sign_stays_where_a_name_is_cut_off(table):
    long = "a name that is much too long for such a narrow table"
    table.set_palette(Palette(CLOSE_COLORS.colors, CLOSE_COLORS.pixels, [long, "b", "c"]))
    table.resize(260, table.height())
    name = shown_names(table)[0]
    assert name.endswith("…" + CLOSE)
    width = table.fontMetrics().horizontalAdvance(name)
    assert width <= table.columnWidth(NAME) - 2 * PADDING


@pytest.mark.parametrize("width", [260, 300, 400, 700])
def test_signs_do_not_widen_the_columns(table, monkeypatch, width):
    table.resize(width, table.height())
    widths = []
    for most_compared in (200, 0):
        monkeypatch.setattr(shown_palette, "MOST_COMPARED", most_compared)
        table.set_palette(None)
        table.set_palette(CLOSE_COLORS)
        widths.append([table.columnWidth(column) for column in range(RGB + 1)])
        assert (CLOSE in shown_names(table)[0]) == (most_compared > 0)
    assert widths[0] == widths[1]


def test_a_name_is_typed_without_the_sign(qtbot, table):
    table.set_palette(CLOSE_COLORS)
    table.edit_name(2)
    assert editor(table).text() == "b"


def test_areas_are_shown_where_the_size_of_a_pixel_is_known(table):
    table.resize(420, table.height())
    assert table.isColumnHidden(AREA)
    table.set_palette(PALETTE, pixel_size=MICRONS)
    assert not table.isColumnHidden(AREA)
    assert table.model().headerData(AREA, Qt.Orientation.Horizontal) == "Area (µm²)"
    assert texts(table, AREA) == ["308,642", "25,050", "5,000", "2,250"]
    assert "25,050 µm²" in table.model().index(1, NAME).data(Qt.ItemDataRole.ToolTipRole)
    table.set_palette(PALETTE, pixel_size=PixelSize(1e-9, "mm³", 3))
    assert table.model().headerData(AREA, Qt.Orientation.Horizontal) == "Volume (mm³)"
    assert texts(table, AREA)[0] == "0.001235"
    table.set_palette(PALETTE)
    assert table.isColumnHidden(AREA)


def test_an_area_cannot_be_asked_for_where_there_is_none(table):
    [action] = [each for each in table.horizontalHeader().actions() if each.data() == AREA]
    table.set_palette(PALETTE, pixel_size=MICRONS)
    assert not table.isColumnHidden(AREA)
    action.trigger()
    assert table.isColumnHidden(AREA)
    action.trigger()
    assert action.text() == "Area (µm²)"
    assert not table.isColumnHidden(AREA)
    table.set_palette(PALETTE)
    assert table.isColumnHidden(AREA)
    assert not action.isVisible()
    table.set_palette(PALETTE, pixel_size=MICRONS)
    assert not table.isColumnHidden(AREA)


def test_areas_are_copied(table):
    table.set_palette(PALETTE, pixel_size=MICRONS)
    table.copy()
    expected = PALETTE.to_dataframe(MICRONS)
    pd.testing.assert_frame_equal(copied(), expected, check_dtype=False)


def test_height_follows_the_rows_until_it_scrolls(qtbot, table):
    row = table.rowHeight(0)
    four = table.sizeHint().height()
    table.set_palette(LARGE)
    assert table.sizeHint().height() - four == 6 * row
    assert row >= 22
    table.set_palette(None)
    assert four - table.sizeHint().height() == 3 * row


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = PaletteModel()
    model.set_palette(CLOSE_COLORS, MICRONS)
    qtmodeltester.check(model)


def test_escape_selects_none(qtbot, table):
    click_row(qtbot, table, 2)
    assert table.selected_labels() == (3,)
    with qtbot.waitSignal(table.labels_selected) as told:
        qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert told.args == [()]


def test_the_row_under_the_mouse_is_told(qtbot, table):
    heard = []
    table.hovered.connect(heard.append)
    for row in (0, 2):
        place = table.visualRect(table.model().index(row, NAME)).center()
        qtbot.mouseMove(table.viewport(), place)
        qtbot.wait(20)
    QApplication.sendEvent(table.viewport(), QEvent(QEvent.Type.Leave))
    assert heard == [1, 3, 0]


def test_the_row_pointed_at_is_tinted_until_another_is(table):
    def ground():
        picture = table.viewport().grab().toImage()
        places = (table.visualRect(table.model().index(row, SHARE)) for row in range(4))
        return [picture.pixelColor(place.left() + 1, place.top() + 2).name() for place in places]

    plain = ground()
    table.set_hovered(3)
    tinted = ground()
    assert [one == other for one, other in zip(plain, tinted, strict=True)] == [1, 1, 0, 1]
    table.sortByColumn(SHARE, Qt.SortOrder.AscendingOrder)
    assert ground() == [plain[0], tinted[2], plain[2], plain[3]]
    table.set_hovered(0)
    assert ground() == plain


@pytest.mark.parametrize("column", range(7))
def test_each_title_says_what_its_column_is_and_can(table, column):
    tip = table.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    what, how = tip.split("\n")
    assert what.endswith(".")
    assert "sort" in how


def test_areas_come_before_hex_in_a_panel_of_the_usual_width(table):
    table.resize(285, table.height())
    assert (table.isColumnHidden(HEX), table.isColumnHidden(AREA)) == (False, True)
    table.set_palette(PALETTE, pixel_size=MICRONS)
    assert (table.isColumnHidden(HEX), table.isColumnHidden(AREA)) == (True, False)
    assert not table.isColumnHidden(SHARE)
    table.resize(520, table.height())
    assert (table.isColumnHidden(HEX), table.isColumnHidden(AREA)) == (False, False)
    table.set_palette(PALETTE)
    table.resize(285, table.height())
    assert (table.isColumnHidden(HEX), table.isColumnHidden(AREA)) == (False, True)

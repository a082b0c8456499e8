import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from napari_colorcluster.core.clustering.edits import EDITS, check_edits
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.widgets.palette.edits.edit_actions import EditActions
from napari_colorcluster.widgets.parts.ask import NumberDialog

PALETTE = Palette([[9, 0, 0], [0, 9, 0], [0, 0, 9]], [900, 80, 20], "abc", [1, 4, 6])


@pytest.fixture
def edits(parent):
    edits = EditActions(parent)
    edits.set_palette(PALETTE)
    return edits


@pytest.fixture
def asked(edits):
    """The edits that were asked for; each has the form that the core wants."""
    asked = []
    edits.edit_requested.connect(lambda name, arguments: asked.append((name, *arguments)))
    yield asked
    assert check_edits(asked) == asked


def answer(qtbot, parent, text):
    dialog = parent.findChild(NumberDialog)
    qtbot.keyClicks(dialog.box, text)
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("selected", "enabled"),
    [
        ((), set()),
        ((4,), {"split", "background", "recolor", "rename"}),
        ((1, 4), {"merge", "background"}),
        ((1, 4, 6), {"merge"}),
    ],
)
def test_only_what_can_be_made_of_the_selection_is_enabled(edits, selected, enabled):
    edits.set_selected(selected)
    names = ("merge", "split", "background", "recolor", "rename")
    assert {name for name in names if getattr(edits, name).isEnabled()} == enabled
    assert edits.split_menu.menuAction().isEnabled() == ("split" in enabled)


@pytest.mark.parametrize(
    ("selected", "action", "expected"),
    [
        ((1, 6), "merge", [("merge", [1, 6])]),
        ((4,), "split", [("split", 4, 2)]),
        ((1, 6), "background", [("set_background", [1, 6])]),
        ((), "renumber", [("renumber",)]),
    ],
)
def test_what_is_asked_without_more_words(edits, asked, selected, action, expected):
    edits.set_selected(selected)
    getattr(edits, action).trigger()
    assert asked == expected
    assert {name for name, *_ in asked} <= EDITS.keys()


def test_splits_in_more(qtbot, parent, edits, asked):
    edits.set_selected((6,))
    entries = {entry.text(): entry for entry in edits.split_menu.actions()}
    entries["Into 3"].trigger()
    entries["Other…"].trigger()
    answer(qtbot, parent, "7")
    assert asked == [("split", 6, 3), ("split", 6, 7)]


def test_absorbs_below_a_percentage_and_says_how_many_before(qtbot, parent, edits, asked):
    edits.absorb.trigger()
    dialog = parent.findChild(NumberDialog)
    assert dialog.value == 1
    assert dialog.explanation.text() == "0 of 3 clusters."
    qtbot.keyClicks(dialog.box, "2.9")
    assert dialog.explanation.text() == "1 of 3 clusters."
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert asked == [("absorb", 0.029)]
    qtbot.waitUntil(lambda: parent.findChild(NumberDialog) is None)
    edits.absorb.trigger()
    dialog = parent.findChild(NumberDialog)
    assert dialog.value == 2.9
    qtbot.keyClick(dialog.box, Qt.Key.Key_Escape)
    assert len(asked) == 1


def test_specks_are_asked_for_in_pixels_and_told_in_the_menu(qtbot, parent, edits):
    edits.clean.trigger()
    assert parent.findChild(NumberDialog).box.text() == "off"
    with qtbot.waitSignal(edits.edit_requested) as signal:
        answer(qtbot, parent, "1200")
    assert signal.args == ["clean", (1200,)]
    edits.set_min_pixels(1200)
    assert edits.clean.text() == "Remove specks (below 1,200 pixels)…"
    qtbot.waitUntil(lambda: parent.findChild(NumberDialog) is None)
    edits.clean.trigger()
    assert parent.findChild(NumberDialog).value == 1200
    edits.set_min_pixels(1)
    assert edits.clean.text() == "Remove specks…"


def test_specks_are_asked_for_as_an_area_where_a_pixel_has_one(qtbot, parent, edits):
    edits.set_min_pixels(1, PixelSize(0.25, "µm²"))
    edits.clean.trigger()
    dialog = parent.findChild(NumberDialog)
    assert dialog.explanation.text() == "One pixel is 0.2500 µm²."
    dialog.units.setCurrentText("µm²")
    dialog.box.selectAll()
    qtbot.keyClicks(dialog.box, "2.6")
    assert dialog.explanation.text() == "11 pixels are 2.750 µm²."
    with qtbot.waitSignal(edits.edit_requested) as signal:
        qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert signal.args == ["clean", (11,)]
    edits.set_min_pixels(11, PixelSize(0.25, "µm²"))
    qtbot.waitUntil(lambda: parent.findChild(NumberDialog) is None)
    edits.clean.trigger()
    dialog = parent.findChild(NumberDialog)
    assert (dialog.unit, dialog.value) == ("µm²", 11)


def test_another_way_to_ask_for_colors_can_be_given(edits, asked):
    heard = []

    def ask(parent, color, title, then):
        heard.append((color.name(), title))
        then(QColor(170, 51, 0))

    edits.ask_color = ask
    edits.set_selected((4,))
    edits.recolor.trigger()
    assert heard == [("#000900", "Color of b")]
    assert asked == [("recolor", 4, "#aa3300")]


@pytest.fixture
def home(qtbot, edits):
    """A widget with the shortcuts, beside one without; each holds a child that can have focus."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for name in ("panel", "canvas"):
        holder = QWidget(objectName=name)
        child = QWidget(holder, objectName=f"{name} child")
        child.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column.addWidget(holder)
    edits.install_shortcuts(window.findChild(QWidget, "panel"))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


UNDO = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
REDO = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
REDO_TOO = (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)


def test_keys_undo_and_redo_where_they_were_installed_and_nowhere_else(qtbot, edits, home):
    heard = []
    edits.undo_requested.connect(lambda: heard.append("undo"))
    edits.redo_requested.connect(lambda: heard.append("redo"))
    inside = home.findChild(QWidget, "panel child")
    inside.setFocus()
    for keys in (UNDO, REDO, REDO_TOO):
        qtbot.keyClick(inside, *keys)
    assert heard == []
    edits.set_history(True, True)
    for keys in (UNDO, REDO, REDO_TOO):
        qtbot.keyClick(inside, *keys)
    assert heard == ["undo", "redo", "redo"]
    outside = home.findChild(QWidget, "canvas child")
    outside.setFocus()
    for keys in (UNDO, REDO, REDO_TOO):
        qtbot.keyClick(outside, *keys)
    assert len(heard) == 3


def test_with_nothing_to_undo_the_key_does_not_reach_the_window(qtbot, edits, home, monkeypatch):
    # napari's window hands the keys it gets to the canvas, which would undo strokes of a brush.
    reached = []
    monkeypatch.setattr(
        type(home), "keyPressEvent", lambda self, event: reached.append(event.key())
    )
    inside = home.findChild(QWidget, "panel child")
    inside.setFocus()
    qtbot.keyClick(inside, *UNDO)
    assert Qt.Key.Key_Z not in reached


def test_a_text_that_is_typed_has_its_own_undo(qtbot, edits, home):
    edits.set_history(True, True)
    line = QLineEdit(home.findChild(QWidget, "panel"))
    line.show()
    line.setFocus()
    qtbot.keyClicks(line, "bone")
    with qtbot.assertNotEmitted(edits.undo_requested):
        qtbot.keyClick(line, *UNDO)
    assert line.text() != "bone"

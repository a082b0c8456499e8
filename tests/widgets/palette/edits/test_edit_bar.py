import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QPushButton, QWidget

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.widgets.palette.edits.edit_actions import EditActions
from napari_colorcluster.widgets.palette.edits.edit_bar import EditBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    edits = EditActions(parent)
    edits.set_palette(Palette([[9, 0, 0], [0, 9, 0], [0, 0, 9]], [9, 5, 1], "abc"))
    bar = EditBar(edits, parent)
    bar.edits = edits
    parent.show()
    yield bar
    parent.close()


def buttons(bar):
    return bar.merge, bar.split, bar.undo, bar.redo, bar.more, bar.save


def test_a_click_asks_for_what_the_button_says(qtbot, bar):
    bar.edits.set_selected((1, 2))
    with qtbot.waitSignal(bar.edits.edit_requested) as asked:
        qtbot.mouseClick(bar.merge, LEFT)
    assert asked.args == ["merge", ([1, 2],)]
    bar.edits.set_selected((2,))
    with qtbot.waitSignal(bar.edits.edit_requested) as asked:
        qtbot.mouseClick(bar.split, LEFT, pos=bar.split.rect().center() / 2)
    assert asked.args == ["split", (2, 2)]


def test_undo_and_redo_answer_only_where_there_is_a_history(qtbot, bar):
    for can_undo, can_redo in ((False, False), (True, False), (True, True)):
        bar.edits.set_history(can_undo, can_redo)
        assert (bar.undo.isEnabled(), bar.redo.isEnabled()) == (can_undo, can_redo)
    for button, signal in (
        (bar.undo, bar.edits.undo_requested),
        (bar.redo, bar.edits.redo_requested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, LEFT)


def test_each_button_says_what_it_does_to_eyes_and_ears(bar):
    for button in buttons(bar):
        assert button.toolTip().endswith((".", ")."))
        assert button.text()
    assert "Ctrl+Z" in bar.undo.toolTip()
    assert "Ctrl+Shift+Z" in bar.redo.toolTip()


def test_a_tool_stands_first_and_all_fit_a_dock(bar):
    tool = QPushButton("Pick")
    bar.add_tool(tool)
    bar.resize(280, bar.sizeHint().height())
    bar.layout().activate()
    lefts = [each.x() for each in (tool, *buttons(bar))]
    assert lefts == sorted(lefts)
    for button in buttons(bar):
        assert button.width() >= button.minimumSizeHint().width()


def test_signs_are_painted_and_paler_where_they_are_of_no_use(bar):
    def ink(button):
        image = button.grab().toImage()
        ground = image.pixelColor(3, 3).lightness()
        return sum(
            abs(image.pixelColor(x, y).lightness() - ground)
            for x in range(4, image.width() - 4)
            for y in range(4, image.height() - 4)
        )

    bar.edits.set_history(True, False)
    assert ink(bar.undo) > 1.5 * ink(bar.redo) > 0
    assert ink(bar.more) > 0

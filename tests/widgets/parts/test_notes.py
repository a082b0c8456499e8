"""Notes between the parts of the panel."""

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_colorcluster.widgets.parts.notes import Note


def test_a_note_takes_room_only_where_there_is_one(qtbot):
    holder, note = QWidget(), Note()
    QVBoxLayout(holder).addWidget(note)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    assert not note.isVisible()
    note.say("Counted on a coarse level: exact shares follow.")
    assert note.isVisible()
    note.say("")
    assert not note.isVisible()

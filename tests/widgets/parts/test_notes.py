"""Notes between the parts of the panel."""

from qtpy.QtGui import QTextDocument
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_colorcluster.widgets.parts.notes import Note, plain


def test_names_that_look_like_html_are_shown_as_they_are(qapp):
    name = "<b>wing</b>\n1 < 2 & 3"
    shown = QTextDocument()
    shown.setHtml(plain(name))
    assert shown.toPlainText() == name
    assert plain("wing & leg") == "wing & leg"


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

"""The texts of the panel keep to one style, whichever widget or action has them."""

from qtpy.QtGui import QAction
from qtpy.QtWidgets import QAbstractButton, QComboBox, QWidget

from napari_colorcluster import COLOR_SPACES, METHODS

IDS = {*METHODS, *COLOR_SPACES, "biggest_inertia", "largest_cluster", "n_clusters"} - {"dbscan"}
"""What nobody is to read: names of the library."""


def titles_of(widget):
    """What a button is called, or what a box offers."""
    if isinstance(widget, QComboBox):
        return [widget.itemText(at) for at in range(widget.count())]
    return [widget.text()] if isinstance(widget, QAbstractButton) else []


def test_titles_and_tooltips_keep_to_the_style(panel, press):
    press()
    widgets = panel.native.findChildren(QWidget)
    actions = panel.native.findChildren(QAction)
    titles = {action.text() for action in actions}.union(*map(titles_of, widgets)) - {""}
    tooltips = {part.toolTip() for part in (*widgets, *actions)} - titles - {""}
    tooltips -= {action.text().rstrip("….") for action in actions}
    assert len(titles) > 60
    assert len(tooltips) > 60
    assert not titles & IDS
    assert [title for title in titles if title.endswith((".", ":")) or "..." in title] == []
    assert [text for text in tooltips if not text.endswith(".")] == []
    assert [text for text in titles | tooltips if "  " in text] == []

"""What shows a palette, in place of the panel."""

import pytest
from qtpy.QtWidgets import QWidget


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent

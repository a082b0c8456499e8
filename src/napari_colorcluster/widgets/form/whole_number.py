"""A box for an integer that leaves the keyboard where it is."""

from __future__ import annotations

from magicgui.widgets import SpinBox


class WholeNumber(SpinBox):
    """An integer in a box.

    Setting the value by code does not take the focus, as superqt's box does whenever its text
    changes: a key that is meant for a plot, a slider or an undo would end up in it.
    """

    def set_value(self, value: int) -> None:
        self.native.setKeyboardTracking(False)
        try:
            super().set_value(value)
        finally:
            self.native.setKeyboardTracking(True)

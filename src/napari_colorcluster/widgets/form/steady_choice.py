"""A menu that keeps its choice while names and choices change."""

from __future__ import annotations

from typing import Any

from magicgui.widgets import ComboBox


class SteadyChoice(ComboBox):
    """A menu of things that may be renamed, such as layers.

    What is chosen stays chosen as long as it is offered, whatever it is called; magicgui goes by
    the text, and takes the first choice when that is gone. `changed` is emitted only where the
    choice is another one, and also where nothing is left to choose, unlike in magicgui.
    """

    def reset_choices(self, *_: Any) -> None:
        """Offer what there is now."""
        before = self.value
        with self.changed.blocked():
            # magicgui would put what is new behind all that stays.
            self.native.clear()
            super().reset_choices()
            if before in self.choices:
                self.value = before
        if self.value != before:
            self.changed.emit(self.value)

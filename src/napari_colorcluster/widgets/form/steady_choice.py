"""A menu that keeps its choice while names and choices change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from magicgui.widgets import ComboBox


class SteadyChoice(ComboBox):
    """A menu of things that may be renamed, such as layers.

    What is chosen stays chosen as long as it is offered, whatever it is called; magicgui goes by
    the text, and takes the first choice when that is gone. `changed` is emitted only where the
    choice is another one, and also where nothing is left to choose, unlike in magicgui.

    Parameters
    ----------
    choices : callable
        Called with the menu for what to offer: things, or pairs of a text and a thing.
    **kwargs
        As for any magicgui widget.
    """

    def __init__(self, choices: Callable[[Any], Iterable[Any]], **kwargs: Any) -> None:
        self._find, self._offered = choices, None
        super().__init__(choices=choices, **kwargs)

    def reset_choices(self, *_: Any) -> None:
        """Offer what there is now."""
        pairs = [
            each if isinstance(each, tuple) else (str(each), each) for each in self._find(self)
        ]
        # Asked for at each change of any layer, and slow where it is done.
        if pairs == self._offered:
            return
        self._offered = pairs
        before = self.value
        with self.changed.blocked():
            # magicgui would put what is new behind all that stays.
            self.native.clear()
            super().reset_choices()
            if before in self.choices:
                self.value = before
        if self.value != before:
            self.changed.emit(self.value)

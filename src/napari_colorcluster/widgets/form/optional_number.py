"""A box for a number or none: the option of a method that has a default of its own."""

from __future__ import annotations

from magicgui.widgets import FloatSpinBox

_DECIMALS = 3
"""Enough for a space whose axes end at 1."""

_MAX = 10**9


class OptionalNumber(FloatSpinBox):
    """A number greater than 0, or none, which the box shows as a word at its lower end.

    Parameters
    ----------
    value : float or int, optional
        The number at first.
    whole : bool, default False
        Whether it is an integer.
    none : str, default "auto"
        The word for none.
    empty : float, optional
        The value that stands for none; by default None.
    **kwargs
        As for any magicgui widget.

    Attributes
    ----------
    value : float, int or None
        ``changed`` is emitted with it.
    """

    def __init__(
        self,
        value: float | None = None,
        *,
        whole: bool = False,
        none: str = "auto",
        empty: float | None = None,
        **kwargs: object,
    ) -> None:
        self._number, self._empty = int if whole else float, empty
        super().__init__(min=0, max=_MAX, nullable=True, **kwargs)
        # Not a box for integers: magicgui's has no word for a special value.
        self.native.setDecimals(0 if whole else _DECIMALS)
        self.native.setSpecialValueText(none)
        # Qt would keep room for all digits of the largest number.
        self.native.setMinimumWidth(96)
        self.value = value

    def get_value(self) -> float | None:
        number = self._number(super().get_value())
        return self._empty if number == 0 else number

    def set_value(self, value: float | None) -> None:
        super().set_value(0 if value is None else value)

    def make_room_for(self, value: float | None) -> None:
        """Have decimals enough for a value."""
        digits = len(f"{value or 0:.9f}".rstrip("0").partition(".")[2])
        self.native.setDecimals(max(self.native.decimals(), digits))

    def _on_value_change(self, value: float | None = None) -> None:
        self.changed.emit(self.value)

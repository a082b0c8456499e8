"""A box for a number or none: the option of a method that has a default of its own."""

from __future__ import annotations

from magicgui.widgets import FloatSpinBox

_DECIMALS = 3
"""Enough for a space whose axes end at 1."""

_MAX = 10**9


class OptionalNumber(FloatSpinBox):
    """A number greater than 0, or None, which the box shows as a word at its lower end.

    Parameters
    ----------
    value : float or int, optional
        The number at first.
    whole : bool, default False
        Whether it is an integer.
    none : str, default "auto"
        The word for None.
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
        **kwargs: object,
    ) -> None:
        self._number = int if whole else float
        super().__init__(min=0, max=_MAX, nullable=True, **kwargs)
        # Not a box for integers: magicgui's has no word for a special value.
        self.native.setDecimals(0 if whole else _DECIMALS)
        self.native.setSpecialValueText(none)
        # Qt would keep room for all digits of the largest number.
        self.native.setMinimumWidth(96)
        self.value = value

    def get_value(self) -> float | None:
        number = self._number(super().get_value())
        return None if number == 0 else number

    def set_value(self, value: float | None) -> None:
        super().set_value(0 if value is None else value)

    def _on_value_change(self, value: float | None = None) -> None:
        self.changed.emit(self.value)

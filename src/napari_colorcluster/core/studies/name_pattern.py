"""Groups by names: the part of an image's name that a pattern marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_USUAL = ("(*)_*", "(*)-*", "(*) *", "(*).*", "(*)[0-9]*")
"""How images are named by what they are of: "leaf_01", "leaf 2", "leaf3"."""

_TOKEN = re.compile(r"\[!?[^\]]+\]|\*+|.", re.DOTALL)
"""A range, stars, of which several say no more than one, or a letter."""


@dataclass(frozen=True)
class NamePattern:
    """A pattern for names, of which one part is the group.

    Parameters
    ----------
    text : str
        The whole name, with ``*`` for any letters, as few as will do, ``?`` for one of any kind,
        ``[0-9]`` for one of some, and the group in parentheses: of ``"(*)_*"``, "leaf" is the
        group of "leaf_01".

    Raises
    ------
    ValueError
        Where there is not one pair of parentheses, or a range is none.
    """

    text: str

    def __post_init__(self) -> None:
        if [each for each in _TOKEN.findall(self.text) if each in "()"] != ["(", ")"]:
            raise ValueError(
                f"A pattern needs the group in parentheses, as in (*)_*, got {self.text!r}."
            )
        try:
            re.compile(self._expression)
        except re.error:
            raise ValueError(
                f"A pattern with ranges needs them as in [0-9], got {self.text!r}."
            ) from None

    def group_of(self, name: str) -> str | None:
        """The group that a name tells; None where the pattern does not fit or the group is empty.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        str or None
        """
        found = re.fullmatch(self._expression, name, re.DOTALL)
        return found[1] or None if found else None

    @property
    def _expression(self) -> str:
        expression = "".join(map(_as_expression, _TOKEN.findall(self.text)))
        # A group has a letter, even where none would do.
        return expression.replace("(.*?)", "(.+?)")


def suggest_pattern(names: Sequence[str]) -> NamePattern:
    """A pattern that may tell groups of names, to begin with.

    Parameters
    ----------
    names : sequence of str
        The names.

    Returns
    -------
    NamePattern
        The first of some usual ones that fits all names and tells several groups, one of several
        names; else the first of them.
    """
    for pattern in map(NamePattern, _USUAL):
        groups = [pattern.group_of(name) for name in names]
        if None not in groups and 1 < len(set(groups)) < len(groups):
            return pattern
    return NamePattern(_USUAL[0])


def _as_expression(token: str) -> str:
    if token in "()":
        return token
    if token.startswith("*"):
        # Each more would take many times as long, where a name does not fit.
        return ".*?"
    if len(token) > 1:
        # Ranges stay, as in [0-9]; all else stands for itself.
        inside = re.sub(r"[^\w-]", lambda found: re.escape(found[0]), token[1:-1].removeprefix("!"))
        return f"[^{inside}]" if token[1] == "!" else f"[{inside}]"
    return "." if token == "?" else re.escape(token)

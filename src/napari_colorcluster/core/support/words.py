"""Numbers of things in words, for a person."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things in words: ``"1 page"``, ``"3 pages"``, ``"2 matrices"``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

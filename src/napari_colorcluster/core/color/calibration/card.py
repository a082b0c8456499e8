"""Color cards: their patches, the colors these should have, and where they lie. No picture here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.color.calibration.checks import as_numbers, shown
from napari_colorcluster.core.color.spaces import xyz_of_linear
from napari_colorcluster.core.color.srgb import decode_gamma
from napari_colorcluster.core.support.reading_files import in_a_sentence

if TYPE_CHECKING:
    import pandas as pd

_OUTLINE = 0.86
"""The side of a patch, in parts of the distance to the next, unless a card tells it."""

# K. M. Lam's cone responses, known as the Bradford transform, as the ICC prescribes it.
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)

_RANGES = {
    **{"l": (0, 100), "a": (-200, 200), "b": (-200, 200)},
    **dict.fromkeys(("red", "green", "blue"), (0, 255)),
}
"""Where the numbers of a color lie; no surface has a or b beyond these."""

_LAB, _RGB, _GEOMETRY = ("l", "a", "b"), ("red", "green", "blue"), ("x", "y", "width", "height")


@dataclass(frozen=True)
class Card:
    """A card with patches of known color, seen from its front and upright.

    Attributes
    ----------
    name : str
        What it is called.
    patches : tuple of str
        The patches' names.
    places : tuple of (int, int)
        Row and column of each, as the card's file numbers them.
    lab : tuple of (float, float, float)
        The color of each in CIELAB, for the white point D65 as sRGB has it.
    boxes : tuple of (float, float, float, float)
        Where each lies: the x and y of its middle, its width and its height, in parts of the
        card's width and height, from its upper left corner.
    width : float, optional
        How wide the card's field of patches is, in millimeters.
    """

    name: str
    patches: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    lab: tuple[tuple[float, float, float], ...]
    boxes: tuple[tuple[float, float, float, float], ...]
    width: float | None = None

    def __len__(self) -> int:
        return len(self.patches)

    @property
    def linear(self) -> np.ndarray:
        """The patches' linear light as sRGB has it, shape (n_patches, 3); may leave [0, 1]."""
        return _linear_of_lab(np.array(self.lab), "D65")

    @property
    def middles(self) -> np.ndarray:
        """The patches' middles, shape (n_patches, 2): x and y in [0, 1]."""
        return np.array(self.boxes)[:, :2]

    @property
    def aspect(self) -> float:
        """The card's width in parts of its height, of patches that are square."""
        boxes = np.array(self.boxes)
        return float(np.median(boxes[:, 3] / boxes[:, 2]))

    def outlines(self, corners: np.ndarray, size: float = 1.0) -> list[np.ndarray]:
        """Outline the patches of a card that lies in an image.

        Parameters
        ----------
        corners : array-like, shape (4, 2)
            Row and column of the card's corners in the image: upper left, upper right, lower
            right and lower left, as the card is read. A card is its field of patches: the corners
            lie half a gap outside the outermost patches.
        size : float, default 1.0
            The side of what is outlined, in parts of the patch's.

        Returns
        -------
        list of ndarray, shape (4, 2), float64
            Row and column of each patch's corners, in the same order.

        Raises
        ------
        ValueError
            Where the corners are not those of a convex quadrilateral.
        """
        from skimage.transform import estimate_transform

        square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        to_image = estimate_transform("projective", square, ordered_corners(corners, keep=True))
        steps = (square - 0.5) * size
        return [to_image(np.array(box[:2]) + steps * np.array(box[2:])) for box in self.boxes]


def ordered_corners(corners: np.ndarray, *, keep: bool = False) -> np.ndarray:
    """Check a card's corners, and order them around it.

    Parameters
    ----------
    corners : array-like, shape (4, 2)
        Row and column of each.
    keep : bool, default False
        Leave their order, which must lead around the card then.

    Returns
    -------
    ndarray, shape (4, 2), float64

    Raises
    ------
    ValueError
        Where they are not those of a convex quadrilateral.
    """
    given, corners = corners, as_numbers(corners)
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise ValueError(
            "corners must be the row and column of the card's four corners, shape (4, 2), got "
            f"{shown(given)}."
        )
    if not keep:
        rows, columns = (corners - corners.mean(axis=0)).T
        corners = corners[np.argsort(np.arctan2(rows, columns), kind="stable")]
    before, after = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    turns = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    least = 1e-3 * np.sqrt((before**2).sum(axis=1) * (after**2).sum(axis=1))
    if not ((turns > least).all() or (turns < -least).all()):
        raise ValueError(
            f"corners must be those of a convex quadrilateral, got {corners.tolist()}."
        )
    return corners


def card_names() -> tuple[str, ...]:
    """The names of the cards that are known, the default first."""
    return tuple(_known())


def find_card(card: str | os.PathLike[str] | Card) -> Card:
    """Find a card by its name, or read it from a file.

    Parameters
    ----------
    card : str, path-like or Card
        One of `card_names`, in capitals or not, or a table (``.csv``) with a patch a row under the
        titles ``name``, ``row``, ``column`` and either ``L``, ``a``, ``b`` (CIELAB) or ``red``,
        ``green``, ``blue`` (sRGB, 0..255). Rows and columns count from 0 or from 1, each place is
        given once. Patches lie on an even grid that fills the card, unless
        ``x``, ``y``, ``width`` and ``height`` tell their middles and sizes in parts of the card's.
        Lines before it that begin with ``#`` may tell ``Card:`` (its name), ``Illuminant:`` (of
        Lab: D50, as print has it and by default, or D65) and ``Width:`` (of the field of patches,
        in millimeters).

    Raises
    ------
    ValueError
        Where there is no such card, or its file is malformed.
    OSError
        Where the file cannot be read.
    """
    if isinstance(card, Card):
        return card
    if not isinstance(card, str | os.PathLike):
        raise ValueError(
            f"card must be the name of a card, the path of a .csv file, or a Card, got {card!r}."
        )
    wanted = os.fspath(card)
    if not wanted.lower().endswith(".csv"):
        found = {name.lower(): known for name, known in _known().items()}.get(wanted.lower())
        if found is None:
            known = ", ".join(map(repr, _known()))
            raise ValueError(
                f"Unknown card {wanted!r}; known are {known}, or the path of a .csv file."
            )
        return found
    path = Path(wanted)
    with in_a_sentence(path):
        data = path.read_bytes()
    try:
        return _parse(data.decode("utf-8-sig"), path.stem)
    except UnicodeDecodeError:
        why = "it is no text in UTF-8."
    except ValueError as error:
        why = str(error)
    raise ValueError(f"Cannot read the card {path.name!r}: {why}")


@cache
def _known() -> dict[str, Card]:
    folder = files(__package__) / "cards"
    tables = sorted((each for each in folder.iterdir()), key=lambda each: each.name)
    cards = [_parse(each.read_text("utf-8"), each.name) for each in tables]
    return {card.name: card for card in cards}


def _parse(text: str, name: str) -> Card:
    """Read a card's table; a `ValueError` has the end of a sentence."""
    import pandas as pd

    told = dict(_told(text))
    try:
        table = pd.read_csv(StringIO(text), comment="#", skipinitialspace=True)
    except pd.errors.EmptyDataError:
        raise ValueError("it is no table (it is empty).") from None
    except pd.errors.ParserError as error:
        raise ValueError(f"it is no table ({str(error).strip().rstrip('.')}).") from None
    titles = [str(title).strip() for title in table.columns]
    table.columns = [title.lower() for title in titles]
    _check(table, titles)
    if set(_LAB) <= set(table.columns):
        illuminant = told.get("illuminant", "D50").upper()
        if illuminant not in ("D50", "D65"):
            raise ValueError(f"its illuminant must be D50 or D65, got {illuminant!r}.")
        linear = _linear_of_lab(table[list(_LAB)].to_numpy(float), illuminant)
    else:
        linear = decode_gamma(table[list(_RGB)].to_numpy(float) / 255)
    return Card(
        told.get("card", name),
        tuple(table["name"].astype(str)),
        tuple(map(tuple, table[["row", "column"]].to_numpy(int).tolist())),
        tuple(map(tuple, _lab_of_linear(linear).tolist())),
        tuple(map(tuple, _boxes(table).tolist())),
        _width(told.get("width")),
    )


def _told(text: str) -> Iterator[tuple[str, str]]:
    """What the lines before the table tell, by its title in small letters."""
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        title, colon, value = line[1:].partition(":")
        if colon:
            yield title.strip().lower(), value.strip()


def _width(told: str | None) -> float | None:
    """The width in millimeters that a file tells, if it does."""
    if told is None:
        return None
    try:
        width = float(told.lower().removesuffix("mm"))
    except ValueError:
        width = 0.0
    if not 0 < width < float("inf"):
        raise ValueError(f"its width must be a number of millimeters above 0, got {told!r}.")
    return width


def _check(table: pd.DataFrame, titles: list[str]) -> None:
    """Check a table, whose columns are named in small letters, and in messages by their titles."""
    written = dict(zip(table.columns, titles, strict=True))
    has = set(written)
    if not {"name", "row", "column"} <= has or not ({*_LAB} <= has or {*_RGB} <= has):
        raise ValueError(
            "it needs the columns name, row, column and either L, a, b or red, green, blue; it "
            f"has {', '.join(titles)}."
        )
    if len(has) < len(titles):
        raise ValueError(f"it has two columns of one title: {', '.join(titles)}.")
    if not len(table):
        raise ValueError("it has no patch.")
    wanted = ("row", "column", *(_LAB if {*_LAB} <= has else _RGB), *(has & {*_GEOMETRY}))
    for title in wanted:
        if table[title].dtype.kind not in "if" or not np.isfinite(table[title]).all():
            raise ValueError(f"column {written[title]} must hold a number for each patch.")
    for title in ("row", "column"):
        for value in table[title][(table[title] < 0) | (table[title] % 1 != 0)]:
            raise ValueError(
                f"column {written[title]} must hold whole numbers from 0 or 1 on, got {value:g}."
            )
    for row, column in table[["row", "column"]][table.duplicated(["row", "column"])].to_numpy(int):
        raise ValueError(f"row {row}, column {column} is given to two patches.")
    for title in (title for title in wanted if title in _RANGES):
        low, high = _RANGES[title]
        for _, patch in table[(table[title] < low) | (table[title] > high)].iterrows():
            raise ValueError(
                f"{written[title]} must lie in {low}..{high}, got {patch[title]:g} in row "
                f"{patch['row']:g}, column {patch['column']:g} ({patch['name']})."
            )
    if has & {*_GEOMETRY} and not {*_GEOMETRY} <= has:
        raise ValueError("it needs all of x, y, width and height, or none of them.")


def _boxes(table: pd.DataFrame) -> np.ndarray:
    """Where the patches lie, shape (n_patches, 4): as told, or on an even grid."""
    if {*_GEOMETRY} <= set(table.columns):
        return table[list(_GEOMETRY)].to_numpy(float)
    sides = []
    for title in ("column", "row"):
        first, last = table[title].min(), table[title].max()
        sides.append(((table[title] - first + 0.5) / (last - first + 1), last - first + 1))
    (x, n_columns), (y, n_rows) = sides
    size = np.broadcast_to([_OUTLINE / n_columns, _OUTLINE / n_rows], (len(table), 2))
    return np.column_stack([x, y, size])


def _linear_of_lab(lab: np.ndarray, illuminant: str) -> np.ndarray:
    """CIELAB to the linear light of sRGB, adapted to D65 by the Bradford transform."""
    from skimage.color import lab2xyz

    xyz = lab2xyz(lab, illuminant=illuminant)
    if illuminant != "D65":
        xyz = xyz @ _adaptation(illuminant).T
    return xyz @ np.linalg.inv(xyz_of_linear()).T


def _lab_of_linear(linear: np.ndarray) -> np.ndarray:
    from skimage.color import xyz2lab

    return xyz2lab(linear @ xyz_of_linear().T)


def _adaptation(illuminant: str) -> np.ndarray:
    from skimage.color import xyz_tristimulus_values

    before = _BRADFORD @ xyz_tristimulus_values(illuminant=illuminant, observer="2")
    after = _BRADFORD @ xyz_tristimulus_values(illuminant="D65", observer="2")
    return np.linalg.inv(_BRADFORD) @ np.diag(after / before) @ _BRADFORD

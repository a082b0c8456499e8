"""Values that followed one another, to be gone back to: immutable values, kept for each image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from napari.layers import Image, Layer

from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.segmentation import Segmentation

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class History(Generic[T]):
    """A value with those before it, and those that were undone.

    Attributes
    ----------
    present : object
        What is.
    past : tuple
        What was, latest last.
    future : tuple
        What was undone, next first.
    """

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()

    def then(self, value: T) -> History[T]:
        """Go on to another value; what was undone is gone."""
        return History(value, (*self.past, self.present))

    def instead(self, value: T) -> History[T]:
        """Put another value in the place of the present one; what was undone is gone."""
        return replace(self, present=value, future=())

    def at(self, value: T) -> History[T]:
        """Go on to a value, or back or forth to it where it is the one before or undone last."""
        if self.past and self.past[-1] is value:
            return self.undone()
        if self.future and self.future[0] is value:
            return self.redone()
        return self.then(value)

    def undone(self) -> History[T]:
        """Go back to the value before; without one, stay."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redone(self) -> History[T]:
        """Go to the value that was undone last; without one, stay."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])


class Histories(Generic[T]):
    """What each image went through, as long as it shows the same."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Layer, tuple[Shown, History[T]]] = WeakKeyDictionary()

    def of(self, image: Image | None) -> History[T] | None:
        """The history of an image; None where there is none of what it shows."""
        if image is None or image not in self._kept:
            return None
        shown, history = self._kept[image]
        return history if shown == Shown.of(image) else None

    def of_same_data(self, image: Image | None) -> History[T] | None:
        """The history of an image; None where there is none of its arrays, however they look."""
        if image is None or image not in self._kept:
            return None
        shown, history = self._kept[image]
        return history if shown.has_same_data(Shown.of(image)) else None

    def keep(self, image: Image, history: History[T], shown: Shown | None = None) -> None:
        """Take another history for that of an image as it is `shown`, by default now."""
        self._kept[image] = shown or Shown.of(image), history


histories: Histories[Segmentation] = Histories()
"""What was shown of each image: it lasts as long as the image, whatever panels come and go."""

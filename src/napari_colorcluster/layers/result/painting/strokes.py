"""The strokes of a layer with the results before and after: what napari undoes is not new."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.layers.result.segmentation import Segmentation

_MOST_STROKES = 100
"""As many as napari undoes."""


class _Stroke(NamedTuple):
    before: Segmentation
    after: Segmentation
    old: Overlay
    new: Overlay


class Strokes:
    """The last strokes that were painted in a layer."""

    def __init__(self) -> None:
        self._strokes: deque[_Stroke] = deque(maxlen=_MOST_STROKES)

    def result_of(self, present: Segmentation, old: Overlay, new: Overlay) -> Segmentation:
        """What a change of pixels makes of a result.

        Parameters
        ----------
        present : Segmentation
            What is shown.
        old, new : Overlay
            The pixels that change, as they were and as they are.

        Returns
        -------
        Segmentation
            The very one from before the stroke, or after it, where the change takes a stroke
            back or makes it again; else another one.
        """
        for stroke in reversed(self._strokes):
            if stroke.after is present and (stroke.new, stroke.old) == (old, new):
                return stroke.before
            if stroke.before is present and (stroke.old, stroke.new) == (old, new):
                return stroke.after
        made = present.painted_over(new)
        self._strokes.append(_Stroke(present, made, old, new))
        return made

"""What every request of a panel has in common: it is a value, resolved when its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from napari.layers import Image

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.session.state import SessionState

Work = Callable[[Shown, Progress], Any]
"""``work(shown, progress)`` computes in another thread, on what the image shows."""


@dataclass(frozen=True, eq=False)
class Request:
    """Something to do with an image: all that the person chose, nothing of what is known by then.

    Attributes
    ----------
    image : Image
        The image layer.
    is_run : bool
        Whether it makes a new result, so that the next run of the same image supersedes it.
    is_step : bool
        Whether it makes another result of the one that is shown. Where that has been painted on
        meanwhile, the request is done again.
    follows : Request or None
        The request that goes before it and is not superseded by it: a first look at the same.
    asked : tuple of mapping and Region or None
        Of a run, the settings as those of a clustering, and the region.
    """

    image: Image
    is_run = False
    is_step = False
    follows = None
    asked = None

    def resolve(self, state: SessionState) -> Work | None:
        """Bind all that the work needs, in the main thread, when the turn of the request comes.

        Returns
        -------
        callable or None
            The work; None where there is nothing to do.

        Raises
        ------
        ValueError
            Where it cannot be done.
        """
        raise NotImplementedError

    def finish(self, state: SessionState, result: Any) -> None:
        """Show or keep what the work has returned, in the main thread."""

    def then(self, result: Any) -> Iterable[Request]:
        """What to do next with what the work has returned."""
        return ()

    def is_shared_with(self, other: Request) -> bool:
        """Whether the work is at a step whose result another request needs as well."""
        return False

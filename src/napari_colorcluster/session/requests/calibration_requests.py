"""Requests for a calibration: by a card or by a gray patch in a plane of an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.calibration.card import Card
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.calibration.gray_patch import disk_around
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState


@dataclass(frozen=True, eq=False)
class CalibrationRequest(Request):
    """Calibrate by something in a plane of an image.

    Attributes
    ----------
    plane : Plane
        The plane.
    """

    plane: Plane

    def resolve(self, state: SessionState) -> Work:
        """Measure the pixels as they are shown by now."""
        return self._do

    def _do(self, shown: Shown, progress: Progress) -> Calibration:
        raise NotImplementedError

    def finish(self, state: SessionState, result: Calibration) -> None:
        """Hand the calibration on."""
        state.calibrated.emit(result)


@dataclass(frozen=True, eq=False)
class CardRequest(CalibrationRequest):
    """Fit a card between four corners, as `Calibration.from_card` takes them."""

    corners: np.ndarray
    card: Card

    def _do(self, shown: Shown, progress: Progress) -> Calibration:
        return Calibration.from_card(self.plane.cut(shown.pictures[0]), self.corners, self.card)


@dataclass(frozen=True, eq=False)
class GrayRequest(CalibrationRequest):
    """Balance white by the gray patch around a point, row and column, which stays as light."""

    point: np.ndarray

    def _do(self, shown: Shown, progress: Progress) -> Calibration:
        patch, mask = disk_around(self.plane.cut(shown.pictures[0]), self.point)
        # What it reflects is not known.
        return Calibration.from_gray(patch, mask, reflectance=None)

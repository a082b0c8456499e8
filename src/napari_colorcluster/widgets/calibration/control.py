"""The fold "Calibrate" wired to the viewer, the session and the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.calibration.card import Card, find_card
from napari_colorcluster.core.files.calibrations import read_calibration
from napari_colorcluster.layers.calibration.pixel_scale import pixel_side, set_pixel_side
from napari_colorcluster.layers.calibration.placed_card import PlacedCard
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.images.area import pixel_area_of
from napari_colorcluster.session.requests.calibration_requests import CardRequest, GrayRequest
from napari_colorcluster.widgets.calibration.view import CalibrateView
from napari_colorcluster.widgets.parts.canvas_clicks import CanvasClicks, ClickButton

if TYPE_CHECKING:
    import napari.viewer
    from napari.layers import Image

    from napari_colorcluster.session.session import Session
    from napari_colorcluster.widgets.form.form import SettingsForm


class CalibrationControl:
    """Calibrations for a panel.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    session : Session
        Does the work.
    form : SettingsForm
        The image, and the calibration in use.

    Attributes
    ----------
    view : CalibrateView
        The content of the fold.
    card : PlacedCard or None
        The card that lies over an image.
    """

    def __init__(self, viewer: napari.viewer.Viewer, session: Session, form: SettingsForm) -> None:
        self._viewer, self._session, self._form = viewer, session, form
        self._calibration: Calibration | None = None
        self.card: PlacedCard | None = None
        # A size by a card can be corrected by a card.
        self._sized: WeakSet[Image] = WeakSet()
        clicks = CanvasClicks(viewer, lambda event: tuple(event.position))
        clicks.clicked.connect(self._balance)
        gray = ClickButton(
            "Pick gray",
            "Click a gray or white patch: all colors are balanced so that it has no hue. It stays "
            "as light as it is.",
            clicks,
        )
        self.view = view = CalibrateView(gray)
        view.place_toggled.connect(self._place)
        view.card_changed.connect(self._change_card)
        view.card_file_chosen.connect(self._read_card)
        view.fit_requested.connect(self.fit)
        view.size_requested.connect(self.set_pixel_size)
        view.use_requested.connect(self.use)
        view.open_requested.connect(self._open)
        view.save_requested.connect(self._save)
        session.calibrated.connect(self._show)
        form.calibration.changed.connect(self._mirror)

    def place(self) -> None:
        """Lay the chosen card over the image, or report why that is not possible."""
        self.finish()
        image = self._form.image.value
        with self._session.notices.reported():
            if image is None:
                raise ValueError("There is no image with a card: open an RGB image first.")
            self.card = PlacedCard(self._viewer, image, self.view.chosen_card())
            self.card.closed.connect(self._forget_card)
        has_size = image is not None and pixel_area_of(image) and image not in self._sized
        self.view.set_placed(self.card is not None, bool(has_size))

    def fit(self) -> None:
        """Fit the placed card."""
        with self._session.notices.reported():
            card, chosen = self.card, self.view.chosen_card()
            if card is not None:
                request = CardRequest(card.image, card.plane, card.corners, chosen)
                self._session.submit(request)

    def set_pixel_size(self, width: float) -> None:
        """Give the image's pixels a size by the placed card, so many millimeters wide."""
        with self._session.notices.reported():
            card = self.card
            if card is not None:
                side = pixel_side(self.view.chosen_card(), card.corners, width)
                set_pixel_side(self._viewer, card.image, card.plane, side)
                self._sized.add(card.image)
                self.view.show_pixel_side(side)

    def use(self) -> None:
        """Cluster colors that are calibrated as it is shown."""
        self.finish()
        self._form.calibration.choose(self._calibration)

    def finish(self) -> None:
        """Remove what lies over the image, and pick no gray any more."""
        self.view.gray.setChecked(False)
        if self.card is not None:
            self.card.close()

    def show_opened(self, opened: bool) -> None:
        """Leave nothing over the image once the fold is closed."""
        if not opened:
            self.finish()

    def close(self) -> None:
        """Remove what lies over the image, and pick no gray, when the panel is gone."""
        self.view.gray.setChecked(False)
        if self.card is not None:
            self.card.closed.disconnect()
            self.card.close()

    def _place(self, on: bool) -> None:
        if on:
            self.place()
        else:
            self.finish()

    def _forget_card(self) -> None:
        self.card = None
        self.view.set_placed(False)

    def _change_card(self, card: Card) -> None:
        if self.card is not None:
            self.card.set_card(card)

    def _balance(self, position: tuple[float, ...]) -> None:
        """Balance white by what was clicked."""
        self.view.gray.setChecked(False)
        image = self._form.image.value
        with self._session.notices.reported():
            if image is None:
                raise ValueError("There is no image with a gray patch: open an RGB image first.")
            plane = Plane.shown(self._viewer, image)
            point = plane.at(image, np.array(position))
            self._session.submit(GrayRequest(image, plane, point))

    def _read_card(self, path: str) -> None:
        with self._session.notices.opening("The card", path):
            self.view.add_card(find_card(path))

    def _open(self, path: str) -> None:
        with self._session.notices.opening("The calibration", path):
            self._show(read_calibration(path))

    def _save(self, path: str) -> None:
        with self._session.notices.saving("The calibration", path):
            self._calibration.write(path)

    def _show(self, calibration: Calibration) -> None:
        self._calibration = calibration
        self._mirror()

    def _mirror(self, *_: Any) -> None:
        used = self._form.calibration.value
        shown = self._calibration if self._calibration is not None else used
        self._calibration = shown
        self.view.set_calibration(shown, shown is not None and shown == used)

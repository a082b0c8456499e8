"""What a user asks for: the image, the method, k, the space, and what is folded away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING, Any, get_type_hints

from magicgui.widgets import CheckBox, ComboBox, Container, FloatSpinBox, SpinBox, create_widget
from magicgui.widgets.bases import ValueWidget

from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.settings import Settings
from napari_colorcluster.core.spaces import COLOR_SPACES
from napari_colorcluster.widgets.cluster_count import ClusterCount
from napari_colorcluster.widgets.layout import Fold, labeled_row

if TYPE_CHECKING:
    from napari.layers import Image


class SettingsForm(Container):
    """The questions of the panel, from the image to the seed.

    Parameters
    ----------
    images : callable
        Called without arguments for the layers to offer.
    """

    def __init__(self, images: Callable[[], list[Image]]) -> None:
        self.image = ComboBox(
            choices=lambda _: images(),
            label="Image",
            tooltip="The RGB image whose colors are clustered. Follows the active layer.",
        )
        self.method = ComboBox(
            choices=[(method.title, name) for name, method in METHODS.items()],
            label="Method",
            tooltip="How colors are brought together.",
        )
        self.n_clusters = ClusterCount(
            label="k", tooltip="The number of clusters: how many colors the palette has."
        )
        self.color_space = ComboBox(
            choices=[(space.title, name) for name, space in COLOR_SPACES.items()],
            label="Space",
            tooltip="Where distances between colors are measured. CIELAB comes close to what "
            "people see.",
        )
        self.standardize = CheckBox(
            text="Standardize axes",
            tooltip="Scale each axis of the space to unit variance over the pixels.",
        )
        self.lightness_weight = FloatSpinBox(
            value=1.0,
            min=0.05,
            max=10,
            step=0.05,
            label="Lightness",
            tooltip="Factor on the lightness axis. Below 1, shades of one hue come together.",
        )
        self.random_state = SpinBox(
            value=0,
            max=2**31 - 1,
            label="Seed",
            tooltip="Equal seeds give equal results, to the bit.",
        )
        self._options = {name: _option_widgets(method) for name, method in METHODS.items()}
        self._option_rows = {
            name: [labeled_row(widget) for widget in widgets]
            for name, widgets in self._options.items()
        }
        asked = (self.image, self.method, self.n_clusters, self.color_space)
        super().__init__(widgets=[labeled_row(widget) for widget in asked], labels=False)
        self.margins = (0, 0, 0, 0)
        self.more = Container(
            widgets=[
                *chain.from_iterable(self._option_rows.values()),
                labeled_row(self.lightness_weight),
                labeled_row(self.random_state),
                self.standardize,
            ],
            labels=False,
        )
        self.more.margins = (0, 0, 0, 0)
        self.native.layout().addWidget(Fold("More", self.more.native))
        self.method.changed.connect(self._show_options)
        self.color_space.changed.connect(self._allow_lightness)
        self._show_options()

    def settings(self) -> Settings:
        """What is asked, as a value."""
        lightness = self.lightness_weight
        return Settings(
            method=self.method.value,
            color_space=self.color_space.value,
            standardize=self.standardize.value,
            lightness_weight=lightness.value if lightness.enabled else 1.0,
            random_state=self.random_state.value,
            options={widget.name: widget.value for widget in self._options[self.method.value]},
        )

    def _show_options(self, *_: Any) -> None:
        for name, rows in self._option_rows.items():
            for row in rows:
                row.visible = name == self.method.value

    def _allow_lightness(self, space: str) -> None:
        self.lightness_weight.enabled = COLOR_SPACES[space].lightness_axis is not None


def _option_widgets(method: type) -> list[ValueWidget]:
    """One widget for each option of a method, made from its field's type, name and default."""
    hints = get_type_hints(method)
    return [
        create_widget(
            value=option.default,
            annotation=hints[option.name],
            name=option.name,
            label=option.name.replace("_", " ").capitalize(),
        )
        for option in fields(method)
    ]

"""The form: the image, the region, the method, k, the space, and what is rarely needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from magicgui.widgets import CheckBox, ComboBox, Container, FloatSpinBox, create_widget
from magicgui.widgets.bases import ValueWidget
from psygnal import Signal

from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.calibration.calibration import as_calibration
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.layers.result.results import LAYERS
from napari_colorcluster.widgets.form.calibration_line import CalibrationLine
from napari_colorcluster.widgets.form.cluster_count import ClusterCount
from napari_colorcluster.widgets.form.optional_number import OptionalNumber
from napari_colorcluster.widgets.form.region_choice import RegionChoice
from napari_colorcluster.widgets.form.steady_choice import SteadyChoice
from napari_colorcluster.widgets.form.white_point import WhitePoint
from napari_colorcluster.widgets.form.whole_number import WholeNumber
from napari_colorcluster.widgets.parts.elided import Elided
from napari_colorcluster.widgets.parts.layout import Fold, labeled_row

if TYPE_CHECKING:
    from napari.layers import Image

    from napari_colorcluster.layers.regions.region import Region


SHORTEST_NAME = 12
"""Letters of a layer's name that there is always room for."""


class SettingsForm(Container):
    """The settings of the panel, from the image to the seed.

    Parameters
    ----------
    images : callable
        Called without arguments for the layers to offer.
    regions : callable
        Called with the chosen layer, or None, for the regions to offer.
    """

    k_used_changed = Signal(bool)
    """Emitted with False when the method, with its options, finds k itself; else with True."""

    settings_changed = Signal()
    """Emitted when a setting, k or the region has changed; of another image, `image.changed` is."""

    def __init__(
        self,
        images: Callable[[], list[Image]],
        regions: Callable[[Image | None], list[Region]] = lambda image: [],
    ) -> None:
        self.image = SteadyChoice(
            choices=lambda _: images(),
            label="Image",
            tooltip="The RGB image whose colors are clustered. Follows the active layer.",
        )
        self.region = RegionChoice(
            lambda: regions(self.image.value),
            label="Region",
            tooltip="Which pixels are clustered: all, or those inside or outside of a Shapes or "
            "Labels layer.",
        )
        self.method = ComboBox(
            choices=[(method.title, name) for name, method in METHODS.items()],
            label="Method",
            tooltip="How colors are grouped.",
        )
        self.n_clusters = ClusterCount(
            label="k", tooltip="The number of clusters: how many colors the palette has."
        )
        self.color_space = ComboBox(
            choices=[(space.title, name) for name, space in COLOR_SPACES.items()],
            label="Color space",
            tooltip="The space in which distances between colors are measured. In CIELAB, they are "
            "close to what people see.",
        )
        self.standardize = CheckBox(
            text="Standardize axes",
            tooltip="Scale each axis of the color space to unit variance over the pixels.",
        )
        self.lightness_weight = FloatSpinBox(
            value=1.0,
            min=0.05,
            max=10,
            step=0.05,
            name="lightness_weight",
            label="Lightness",
            tooltip="Weight of the lightness axis. Below 1, shades of one hue merge more easily.",
        )
        self.random_state = WholeNumber(
            value=0,
            max=2**31 - 1,
            name="random_state",
            label="Seed",
            tooltip="The same seed always gives the same result.",
        )
        self.min_alpha = FloatSpinBox(
            value=0.5,
            min=0,
            max=1,
            step=0.05,
            name="min_alpha",
            label="Min alpha",
            tooltip="Leave out pixels with less alpha (opacity) than this. At 0, only fully "
            "transparent pixels are left out.",
        )
        self.max_distance = OptionalNumber(
            none="off",
            step=1,
            name="max_distance",
            label="Max ΔE",
            tooltip="Leave out colors that differ from their cluster's color by more than this "
            "(ΔE2000). About 5 is another shade, 20 another color.",
        )
        self.max_distance.native.setDecimals(1)
        for box in (self.image, self.region):
            # By themselves they would be as wide as the longest name when first shown.
            native = box.native
            native.setSizeAdjustPolicy(
                native.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            native.setMinimumContentsLength(SHORTEST_NAME)
            Elided(native)
        self.layers = ComboBox(
            choices=[(title, kind) for kind, title in LAYERS.items()],
            name="layers",
            label="Layers",
            tooltip="Which layers are added for a result. Existing layers stay.",
        )
        self.calibration = CalibrationLine()
        self.white = WhitePoint()
        self._white_row = labeled_row(self.white)
        self._options = {name: _option_widgets(method) for name, method in METHODS.items()}
        self._option_rows = {
            name: [labeled_row(widget) for widget in widgets]
            for name, widgets in self._options.items()
        }
        rows = (self.image, self.region, self.method, self.n_clusters, self.color_space)
        super().__init__(widgets=[labeled_row(widget) for widget in rows], labels=False)
        self.margins = (0, 0, 0, 0)
        self.more = Container(
            widgets=[
                *chain.from_iterable(self._option_rows.values()),
                self._white_row,
                labeled_row(self.lightness_weight),
                labeled_row(self.random_state),
                labeled_row(self.min_alpha),
                labeled_row(self.max_distance),
                labeled_row(self.layers),
                self.standardize,
            ],
            labels=False,
        )
        self.more.margins = (0, 0, 0, 0)
        self.native.layout().addWidget(self.calibration)
        self.native.layout().addWidget(Fold("Options", self.more.native, "Rarely needed options."))
        self.method.changed.connect(self._show_options)
        for widget in (self.method, *chain.from_iterable(self._options.values())):
            widget.changed.connect(self._update_k)
        self.color_space.changed.connect(self._show_space_options)
        self._show_options()
        self._show_space_options(self.color_space.value)
        for widget in (
            *rows[1:],
            self.standardize,
            self.lightness_weight,
            self.random_state,
            self.min_alpha,
            self.max_distance,
            *chain.from_iterable(self._options.values()),
        ):
            widget.changed.connect(self._emit_changed)
        for signal in (
            self.region.outline_changed,
            self.calibration.changed,
            self.white.white_changed,
        ):
            signal.connect(self._emit_changed)

    def settings(self) -> Settings:
        """The settings as a value."""
        lightness = self.lightness_weight
        return Settings(
            method=self.method.value,
            color_space=self.color_space.value,
            standardize=self.standardize.value,
            lightness_weight=lightness.value if lightness.enabled else 1.0,
            random_state=self.random_state.value,
            options=self._option_values(),
            calibration=self.calibration.value,
            white=self.white.white if self._has_white else None,
            min_alpha=self.min_alpha.value,
            max_distance=self.max_distance.value,
        )

    def set_settings(self, settings: Mapping[str, Any]) -> None:
        """Set what made a clustering, without emitting `settings_changed`.

        Parameters
        ----------
        settings : mapping
            As in ``clustering.settings``.
        """
        settings = {"min_alpha": Settings.min_alpha, "max_distance": None, **settings}
        with self.settings_changed.blocked():
            self.method.value = settings["method"]
            self.color_space.value = settings["color_space"]
            self.standardize.value = settings["standardize"]
            for widget in (
                self.lightness_weight,
                self.random_state,
                self.min_alpha,
                self.max_distance,
                *self._options[self.method.value],
            ):
                _set_value(widget, settings[widget.name])
            self.calibration.value = as_calibration(settings.get("calibration"))
            self.white.white = settings.get("white")
            if settings["n_clusters"] is not None:
                self.n_clusters.value = settings["n_clusters"]

    @property
    def finds_n_clusters(self) -> bool:
        """Whether the method, with its options, finds k itself."""
        return METHODS[self.method.value](**self._option_values()).finds_n_clusters

    def requested_n_clusters(self) -> int | None:
        """The k to cluster with; None where the method finds it."""
        return None if self.finds_n_clusters else self.n_clusters.value

    def _option_values(self) -> dict[str, Any]:
        return {widget.name: widget.value for widget in self._options[self.method.value]}

    def _emit_changed(self, *_: Any) -> None:
        self.settings_changed.emit()

    def _update_k(self, *_: Any) -> None:
        method, found = METHODS[self.method.value], self.finds_n_clusters
        with_options = "" if method().finds_n_clusters else "With these options, "
        self.n_clusters.rest(f"{with_options}{method.title} finds k itself." if found else "")
        self.k_used_changed.emit(not found)

    def _show_options(self, *_: Any) -> None:
        for name, rows in self._option_rows.items():
            for row in rows:
                row.visible = name == self.method.value

    @property
    def _has_white(self) -> bool:
        return "white" in COLOR_SPACES[self.color_space.value].options

    def _show_space_options(self, space: str) -> None:
        self.lightness_weight.enabled = COLOR_SPACES[space].lightness_axis is not None
        self._white_row.visible = self._has_white


def _set_value(widget: ValueWidget, value: Any) -> None:
    """Set a value, also one outside the range of a box or between its steps, as the console can."""
    if isinstance(widget, OptionalNumber):
        widget.make_room_for(value)
    elif isinstance(widget, WholeNumber | FloatSpinBox):
        widget.range = min(widget.min, value), max(widget.max, value)
    if isinstance(widget, FloatSpinBox) and value is not None:
        digits = len(f"{value:.9f}".rstrip("0").partition(".")[2])
        widget.native.setDecimals(max(widget.native.decimals(), digits))
    widget.value = value


def _option_widgets(method: type) -> list[ValueWidget]:
    """One widget for each option of a method, made from its field: type, default and words."""
    hints = get_type_hints(method)
    return [_option_widget(option, hints[option.name]) for option in fields(method)]


def _option_widget(option: Field, hint: Any) -> ValueWidget:
    words = dict(option.metadata)
    none, choices = words.pop("none"), words.pop("choices")
    if choices is not None:
        titles = [(title, value) for value, title in choices.items()]
        return ComboBox(value=option.default, choices=titles, name=option.name, **words)
    if type(None) in get_args(hint) or (hint is float and option.default == 0):
        empty = {"whole": int in get_args(hint), "none": none, "empty": option.default}
        return OptionalNumber(option.default, **empty, name=option.name, **words)
    tooltip = {"tooltip": words.pop("tooltip")}
    return create_widget(
        value=option.default, annotation=hint, name=option.name, options=tooltip, **words
    )

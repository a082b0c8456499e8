"""Preferences as napari keeps them: its own settings of plugins, files and Preferences window."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from napari import settings as napari_settings
from napari._qt.dialogs.preferences_dialog import PreferencesDialog
from napari.layers import Labels, Shapes
from napari.utils.notifications import notification_manager
from npe2 import PluginManifest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox

from napari_colorcluster import COLOR_SPACES, METHODS
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.layers.contributions.preferences import PLUGIN, Preferences, preferences
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import LAYERS

OTHERS = {
    "method": "median_cut",
    "n_clusters": 7,
    "color_space": "oklab",
    "live": True,
    "region": "inside shapes",
    "layers": "clusters",
}
SHOWN = OTHERS | {"method": "Median cut", "color_space": "Oklab", "layers": "Clusters"}
"""The same, as napari shows and stores it."""


@pytest.fixture
def manifest():
    return PluginManifest.from_distribution(PLUGIN)


@pytest.fixture
def installed(plugin_settings, npe2pm, manifest):
    """The plugin in napari, its preferences in a folder of the test's own."""
    npe2pm.register(manifest)


@pytest.fixture
def warned():
    heard = []

    def hear(notification):
        heard.append((str(notification.severity), notification.message))

    notification_manager.notification_ready.connect(hear)
    yield heard
    notification_manager.notification_ready.disconnect(hear)


def test_the_manifest_offers_what_there_is_with_the_same_defaults(manifest):
    offered = manifest.contributions.configurations["panel"].properties
    defaults = vars(Preferences())
    titles = {
        "method": {name: method.title for name, method in METHODS.items()},
        "color_space": {name: space.title for name, space in COLOR_SPACES.items()},
        "layers": LAYERS,
    }
    for name, each in offered.items():
        assert each.default == titles.get(name, {}).get(defaults[name], defaults[name])
    assert offered.keys() == defaults.keys()
    for name, by_name in titles.items():
        assert offered[name].enum == list(by_name.values())
    assert (offered["n_clusters"].minimum, offered["n_clusters"].maximum) == (1, MAX_LABELS)
    for region in offered["region"].enum:
        assert Preferences(region=region).region == region
    with pytest.raises(ValueError, match="known are 'whole image'") as caught:
        Preferences(region="beside shapes")
    assert all(repr(region) in str(caught.value) for region in offered["region"].enum)


def test_what_is_set_in_napari_is_there_at_once_and_in_the_next_session(installed, warned):
    assert preferences() == Preferences()
    stored = napari_settings.get_plugin_settings(PLUGIN)
    for name, value in SHOWN.items():
        setattr(stored.panel, name, value)
    assert preferences() == Preferences(**OTHERS)
    assert yaml.safe_load(stored.config_path.read_text()) == {"panel": SHOWN}
    napari_settings._clear_plugin_settings_cache()
    assert preferences() == Preferences(**OTHERS)
    assert warned == []


def test_what_is_chosen_in_the_preferences_window_counts(make_napari_viewer, installed, qtbot):
    make_napari_viewer()
    dialog = PreferencesDialog()
    qtbot.addWidget(dialog)
    (item,) = dialog._list.findItems("napari-colorcluster", Qt.MatchFlag.MatchExactly)
    dialog._list.setCurrentItem(item)
    page = dialog._stack.currentWidget()
    method, space, region, layers = page.findChildren(QComboBox)
    method.setCurrentText("Median cut")
    space.setCurrentText("Oklab")
    region.setCurrentText("inside shapes")
    layers.setCurrentText("Clusters")
    page.findChild(QAbstractSpinBox).setValue(7)
    page.findChild(QCheckBox).click()
    assert preferences() == Preferences(**OTHERS)


def test_of_a_file_with_bad_values_the_good_ones_count(installed, tmp_path, caplog):
    stored = {**SHOWN, "n_clusters": "many", "color_space": "cmyk", "live": [1]}
    (tmp_path / f"{PLUGIN}.yaml").write_text(yaml.safe_dump({"panel": stored}))
    assert preferences() == Preferences(
        method="median_cut", region="inside shapes", layers="clusters"
    )


@pytest.mark.parametrize("text", ["- a\n- list", "{ no: yaml", "panel: 3"])
def test_a_file_that_is_broken_gives_the_defaults(installed, tmp_path, caplog, text):
    (tmp_path / f"{PLUGIN}.yaml").write_text(text)
    assert preferences() == Preferences()


def test_that_napari_cannot_read_any_is_told(monkeypatch, warned):
    def fail(plugin):
        raise AssertionError("another plugin's file")

    monkeypatch.setattr(napari_settings, "get_plugin_settings", fail)
    assert preferences() == Preferences()
    said = "The preferences of plugins cannot be read (AssertionError: another plugin's file)."
    assert warned == [("warning", said)]


def test_what_napari_lets_through_and_is_not_allowed_is_told_at_once(monkeypatch, warned):
    panel = SimpleNamespace(method="magic", n_clusters=0, color_space="rgb", live=1)
    stored = SimpleNamespace(panel=panel)
    monkeypatch.setattr(napari_settings, "get_plugin_settings", {PLUGIN: stored}.get)
    assert preferences() == Preferences(color_space="rgb")
    ((severity, message),) = warned
    assert severity == "warning"
    for part in ("method 'magic'", "at least 1, got 0.", "live must be True or False, got 1."):
        assert part in message


def test_where_the_plugin_is_not_known_or_napari_is_another_the_defaults_count(
    plugin_settings, monkeypatch, warned
):
    assert preferences() == Preferences()
    monkeypatch.delattr(napari_settings, "get_plugin_settings")
    assert preferences() == Preferences()
    assert warned == []


@pytest.mark.parametrize("n_clusters", [0, MAX_LABELS + 1, 2.5, True])
def test_a_number_that_cannot_be_is_refused(refused, n_clusters):
    with refused("n_clusters must be"):
        Preferences(n_clusters=n_clusters)


def test_the_topmost_layer_of_the_kind_outlines_the_region():
    low, high, shapes = Labels(np.eye(3, dtype=int)), Labels(np.eye(3, dtype=int)), Shapes()
    layers = (low, high, shapes)
    regions = [Region(layer, outside=outside) for layer in layers for outside in (False, True)]

    def found(region, among=regions):
        return Preferences(region=region).region_among(among)

    assert found("whole image") is None
    assert found("inside labels") == Region(high)
    assert found("outside labels") == Region(high, outside=True)
    assert found("outside shapes") == Region(shapes, outside=True)
    assert found("inside shapes", regions[:4]) is None

"""The manifest: valid, complete, and the one at the repository's root is the one in the package."""

from pathlib import Path

import pytest
from npe2 import PluginManifest

import napari_colorcluster

IN_PACKAGE = Path(napari_colorcluster.__file__).parent / "napari.yaml"


@pytest.fixture(scope="module")
def manifest():
    return PluginManifest.from_distribution("napari-colorcluster")


def test_all_it_names_can_be_imported(manifest):
    manifest.validate_imports()


def test_it_offers_the_widget_the_commands_and_the_samples(manifest):
    contributions = manifest.contributions
    assert [widget.display_name for widget in contributions.widgets] == ["Color Clustering"]
    assert [sample.display_name for sample in contributions.sample_data] == [
        "Painted patches (known shares)",
        "Beetle",
        "Diseased leaf",
        "Diseased leaf with a color card",
        "Ripening tomatoes (time-lapse)",
    ]
    known = {command.id for command in contributions.commands}
    in_menu = [item.command for item in contributions.menus["napari/layers/classify"]]
    assert "napari-colorcluster.panel" in in_menu
    assert set(in_menu) <= known


def test_the_one_at_the_root_is_the_same():
    at_root = Path(__file__).parents[1] / "napari.yaml"
    assert at_root.read_text() == IN_PACKAGE.read_text()

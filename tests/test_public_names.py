"""The names that scripts rely on, and that looking at the package costs nothing."""

import subprocess
import sys
from importlib.metadata import version

import pytest

import napari_colorcluster as ncc

HEAVY = {"numpy", "scipy", "sklearn", "skimage", "numba", "dask", "pandas", "matplotlib", "napari"}


@pytest.mark.parametrize("name", ncc.__all__)
def test_every_public_name_is_there(name):
    assert getattr(ncc, name) is not None


def test_the_public_names_are_those_promised():
    assert set(ncc.__all__) >= {
        *("COLOR_SPACES", "METHODS", "ColorHistogram", "Palette"),
        *("cluster_colors", "cluster_layer", "count_colors", "sweep_clusters"),
        *("read_clustering", "read_palette"),
        *("compare_palettes", "frame_shares", "pool", "shares"),
        *("PixelSize", "pixel_size_of"),
        *("Cancelled", "Picture", "read_image", "Sample", "load_sample"),
    }
    assert set(dir(ncc)) == set(ncc.__all__)


def test_the_version_is_that_of_the_installed_package():
    assert ncc.__version__ == version("napari-colorcluster")


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'cluster_colours'"):
        _ = ncc.cluster_colours


def test_importing_the_package_imports_no_library():
    code = "import sys, napari_colorcluster; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert "napari_colorcluster" in output.split()
    assert HEAVY.isdisjoint(output.split())

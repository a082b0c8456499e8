"""Libraries of an extra: imported, or asked for by the name of the extra."""

import sys
import tomllib
from pathlib import Path

import pytest

from napari_colorcluster.core.support.extras import MissingLibraryError, library

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_a_library_that_is_there_is_given():
    assert library("zarr", "This needs zarr") is sys.modules["zarr"]


@pytest.mark.parametrize(
    ("name", "extra", "distribution"),
    [
        ("zarr", "files", "zarr"),
        ("imagecodecs", "files", "imagecodecs"),
        ("pillow_heif", "heif", "pillow-heif"),
        ("distributed", "cluster", "distributed"),
    ],
)
def test_one_that_is_missing_is_asked_for_by_an_extra_that_has_it(
    monkeypatch, refused, name, extra, distribution
):
    monkeypatch.setitem(sys.modules, name, None)
    with refused(f'This needs {name}: pip install "napari-colorcluster[{extra}]".'):
        library(name, f"This needs {name}", extra)
    with pytest.raises(MissingLibraryError):
        library(name, "This", extra)
    project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
    assert any(each.startswith(distribution) for each in project["optional-dependencies"][extra])
    assert not any(each.startswith(distribution) for each in project["dependencies"])

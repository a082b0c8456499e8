"""The files of a release: every format and method is among them, and none is written twice."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.files.palettes.palette_files import FORMATS

SCRIPT = Path(__file__).parents[2] / "scripts" / "write_release_files.py"


@pytest.fixture
def write(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("write_release_files", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def write(version):
        monkeypatch.setattr(sys, "argv", [SCRIPT.name, version, "--folder", str(tmp_path)])
        return script.main()

    return write


def test_every_format_and_method_is_written_once(write, tmp_path, capsys):
    assert write("7.8.9") == 0
    folder = tmp_path / "7.8.9"
    names = {path.name for path in folder.iterdir()}
    assert names >= {f"palette{suffix}" for suffix in FORMATS}
    assert names >= {f"{method}.colors.json" for method in ncc.METHODS}
    for path in folder.glob("*.colors.json"):
        assert json.loads(path.read_text("utf-8"))["version"] == "7.8.9"

    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert write("7.8.9") == 1
    assert "files of a release never change" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before

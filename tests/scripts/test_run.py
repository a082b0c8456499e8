"""`make run`: napari on a photo, or files where there is no display."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import imageio.v3 as iio
import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "run.py"

LOOK = """
import runpy, sys
import napari
from qtpy.QtTest import QTest

def look():
    QTest.qWait(500)
    viewer = napari.current_viewer()
    shown = [side * viewer.scene.camera.zoom for side in viewer.layers["leaf"].data.shape[:2]]
    print(*shown, *viewer.canvas.size)
    viewer.close()

napari.run = look
_, *sys.argv = sys.argv
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def run_without_display(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("run", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "why_no_window", lambda: "there is no display")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["run.py", *arguments])
        return script.main()

    return run


def test_without_a_display_files_are_written_and_then_told(
    run_without_display, thumbnail, tmp_path, capsys
):
    iio.imwrite(tmp_path / "leaf.png", thumbnail)
    assert run_without_display("leaf.png") == 0
    before, written = capsys.readouterr().out.split("Written:\n")
    assert "since there is no display." in before
    assert "Suggested number of clusters" in before
    assert "written" not in before
    files = {tmp_path / line.strip() for line in written.splitlines()}
    assert files == {*(tmp_path / "colorcluster-output" / "leaf").iterdir()}
    assert tmp_path / "colorcluster-output" / "leaf" / "quantized.png" in files


def test_what_is_no_image_ends_with_one_sentence(run_without_display, tmp_path, capsys):
    (tmp_path / "leaf.png").write_text("green")
    assert run_without_display("leaf.png") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Cannot cluster leaf.png: ")
    assert len(told.err.splitlines()) == 1


def test_the_whole_photo_is_seen_beside_the_panel(photo, tmp_path):
    iio.imwrite(tmp_path / "leaf.png", photo)
    ended = subprocess.run(
        [sys.executable, "-c", LOOK, SCRIPT, "leaf.png"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    height, width, *canvas = map(float, ended.stdout.split())
    assert height <= canvas[0]
    assert width <= canvas[1]
    assert height > 0.8 * canvas[0] or width > 0.8 * canvas[1]

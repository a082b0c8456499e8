"""`make mutation`: which small faults the tests of a room find."""

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "mutation.py"
LOOPS = "src/napari_colorcluster/core/pattern/connected/patch_loops.py"


@pytest.fixture
def mutation(monkeypatch):
    # Its processes import it by name.
    monkeypatch.syspath_prepend(SCRIPT.parent)
    script = importlib.import_module("mutation")
    monkeypatch.setattr(script, "PRELOADED", ("pytest",))
    yield script
    del sys.modules["mutation"]


def test_changes_of_annotations_and_what_is_no_python_do_not_matter(mutation):
    text = "def double(number: int | None) -> int | float:\n    return 2 * number\n"
    assert not mutation.matters(text, text.replace("int |", "int +"))
    assert not mutation.matters(text, text.replace("2 *", "2 * /"))
    assert mutation.matters(text, text.replace("2 *", "3 *"))


def test_the_tests_of_the_changed_module_come_first_and_then_those_of_its_folder(mutation):
    path = "src/napari_colorcluster/core/files/palettes/gpl.py"
    files = mutation.files_of_tests(ROOT, "files", path)
    assert files[0] == "tests/core/files/palettes/test_gpl.py"
    others = [not file.startswith("tests/core/files/palettes/") for file in files]
    assert others == sorted(others)
    assert sorted(files) == sorted(mutation.files_of_tests(ROOT, "files"))


@pytest.mark.parametrize(
    ("change", "survives"),
    [("a + b", True), ("a * b", False), ("sum(iter(int, 1))", False)],
    ids=["none", "a fault", "a loop without an end"],
)
def test_a_mutant_survives_where_no_test_fails_in_time(
    mutation, monkeypatch, tmp_path, change, survives
):
    """On a repository of one module with one test."""
    root, copies = tmp_path / "root", tmp_path / "copies"
    package = root / "src" / "napari_colorcluster"
    tests = root / "tests" / "core" / "pixels"
    tests.mkdir(parents=True)
    package.mkdir(parents=True)
    copies.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "napari.yaml").write_text("")
    (package / "__init__.py").write_text("def total(a, b):\n    return a + b\n")
    (tests / "test_total.py").write_text(
        "from napari_colorcluster import total\ndef test_total():\n    assert total(2, 3) == 5\n"
    )
    path = "src/napari_colorcluster/__init__.py"
    text = (package / "__init__.py").read_text()
    monkeypatch.setattr(mutation, "ROOT", root)
    monkeypatch.setattr(
        mutation.Mutant, "code", property(lambda self: (text, text.replace("a + b", change)))
    )
    trial = mutation.Trial(copies, 2, [])
    assert trial.passes(trial.original, "pixels")
    assert trial.survives(mutation.Mutant("pixels", path, 2, "", 0)) == survives
    assert (package / "__init__.py").read_text() == text
    assert [tree.name for tree in copies.iterdir()] == ["original"]


def test_what_includes_changed_loops_is_compiled_anew(mutation, tmp_path):
    importing = mutation.Trial(tmp_path, 60, [])._importing(LOOPS)
    assert "src/napari_colorcluster/core/pattern/patches.py" in importing
    assert LOOPS not in importing
    assert not any("core/pixels" in path for path in importing)

"""The notes of a release are a section of the changelog; what was built is of that version."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "release_notes.py"

CHANGELOG = """# Changelog

## Unreleased

## [0.2.0] - 2027-01-02

### Fixed

- A thing, see [0.1.0].

## [0.1.0] - 2026-12-01

The first.

[0.2.0]: https://example.org/0.2.0
"""


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run it on that changelog; give the exit code and what it printed."""
    spec = importlib.util.spec_from_file_location("release_notes", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    monkeypatch.setattr(script, "CHANGELOG", tmp_path / "CHANGELOG.md")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", [SCRIPT.name, *map(str, arguments)])
        return script.main(), *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("tag", "notes"),
    [("v0.2.0", "### Fixed\n\n- A thing, see [0.1.0].\n"), ("v0.1.0", "The first.\n")],
)
def test_the_section_of_the_tag_is_printed(run, tag, notes):
    assert run(tag) == (0, notes, "")


@pytest.mark.parametrize(
    ("tag", "error"),
    [
        ("v0.2", "CHANGELOG.md has no section 0.2: rename its section Unreleased.\n"),
        ("Unreleased", "CHANGELOG.md says nothing of Unreleased.\n"),
    ],
)
def test_a_tag_without_notes_is_refused(run, tag, error):
    assert run(tag) == (1, "", error)


def test_what_was_built_must_be_of_the_tag(run, tmp_path):
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "napari_colorcluster-0.1.0.tar.gz").touch()
    assert run("v0.1.0", dist) == (
        1,
        "",
        f"{dist} must hold one wheel and one sdist, got 1 files.\n",
    )
    (dist / "napari_colorcluster-0.1.0-py3-none-any.whl").touch()
    assert run("v0.1.0", dist) == (0, "The first.\n", "")
    assert run("v0.2.0", dist) == (1, "", "The tag is v0.2.0, but 0.1.0 was built.\n")

"""Who may import whom, and how long a module may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import napari_colorcluster

PACKAGE = Path(napari_colorcluster.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = sorted((PACKAGE / "core").rglob("*.py"))
ABOVE_CORE = {"napari", "magicgui", "qtpy", "superqt", "vispy", "npe2", "app_model"}


def named(path):
    return path.relative_to(PACKAGE).as_posix()


def imported(tree):
    """The modules that the import statements of a syntax tree name, in full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import(tree):
    """The part of a module that runs when it is imported: all but the bodies of functions."""

    class WithoutBodies(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            node.body = [ast.Pass()]
            return node

        visit_AsyncFunctionDef = visit_FunctionDef

    return WithoutBodies().visit(tree)


@pytest.mark.parametrize("path", CORE, ids=named)
def test_core_imports_nothing_above_it(path):
    for name in imported(ast.parse(path.read_text("utf-8"))):
        library, _, inside = name.partition(".")
        assert library not in ABOVE_CORE
        assert library != "napari_colorcluster" or inside.startswith("core")


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").rglob("*.py")), ids=named)
def test_the_command_line_needs_core_and_reports_alone(path):
    for name in imported(ast.parse(path.read_text("utf-8"))):
        library, _, inside = name.partition(".")
        assert library not in ABOVE_CORE
        if library == "napari_colorcluster":
            assert inside.partition(".")[0] in ("", "__version__", "cli", "core", "report")


@pytest.mark.parametrize("path", CORE, ids=named)
def test_only_names_knows_matplotlib_and_only_late(path):
    tree = ast.parse(path.read_text("utf-8"))
    anywhere = {name.partition(".")[0] for name in imported(tree)}
    assert "matplotlib" not in anywhere or named(path) == "core/color/names.py"
    assert "matplotlib" not in {name.partition(".")[0] for name in imported(at_import(tree))}


def test_all_of_core_runs_without_napari_and_qt():
    modules = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in CORE
        if path.name != "__init__.py"
    ]
    code = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    loaded = {name.partition(".")[0] for name in output.split()}
    assert "napari_colorcluster" in loaded
    assert loaded.isdisjoint({*ABOVE_CORE, "matplotlib", "PyQt5", "PyQt6", "PySide2", "PySide6"})


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_module_is_longer_than_400_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400

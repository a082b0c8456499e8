"""What the contracts in pyproject.toml cannot say of who may import whom, and of long modules."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

import napari_colorcluster

PROJECT = Path(__file__).parents[1]
PACKAGE = Path(napari_colorcluster.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
CORE = sorted((PACKAGE / "core").rglob("*.py"))
ROOMS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
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


def excepted():
    """The imports that the contracts list as exceptions."""
    text = (PROJECT / "pyproject.toml").read_text("utf-8")
    for contract in tomllib.loads(text)["tool"]["importlinter"]["contracts"]:
        yield from (line.split(" -> ") for line in contract.get("ignore_imports", ()))


def test_no_files_import_each_other_in_a_circle():
    # The contract on siblings does not see the circle of a folder's __init__ and a file in it.
    graph = grimp.build_graph("napari_colorcluster", cache_dir=None)
    for importer, other in excepted():
        graph.remove_import(importer=importer, imported=other)
    assert len(graph.modules) == len(MODULES)
    in_circles = [
        f"{module} -> {other}"
        for module in sorted(graph.modules)
        for other in sorted(graph.find_modules_directly_imported_by(module))
        if graph.chain_exists(importer=other, imported=module)
    ]
    assert not in_circles, "\n".join(in_circles)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_of_the_package_itself_modules_import_the_version_alone(path):
    # It hands the public names on: who takes one from there hides an import from the contracts.
    for name in imported(ast.parse(path.read_text("utf-8"))):
        library, _, inside = name.partition(".")
        if library == "napari_colorcluster":
            assert inside.partition(".")[0] in {"", "__version__", *ROOMS}


@pytest.mark.parametrize("path", CORE, ids=named)
def test_only_the_vocabulary_knows_matplotlib_and_only_late(path):
    tree = ast.parse(path.read_text("utf-8"))
    anywhere = {name.partition(".")[0] for name in imported(tree)}
    assert "matplotlib" not in anywhere or named(path) == "core/color/vocabulary.py"
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

"""What is said in more than one file of the package is the same in each."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]

CONDA_NAMES = {"dask[array]": "dask-core", "matplotlib": "matplotlib-base"}
"""What conda-forge calls otherwise than the package index."""


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def load(name):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def by_name(requirements):
    """Lower bounds by conda-forge's names."""
    pairs = (re.split(r"\s*>=\s*", each) for each in requirements)
    return {CONDA_NAMES.get(name, name): bound for name, bound in pairs}


def test_the_recipe_has_the_dependencies_of_the_package(pyproject):
    recipe, project = load("recipe/recipe.yaml")["requirements"], pyproject["project"]
    python, *run = recipe["run"]
    assert python == "python >=${{ python_min }}"
    assert by_name(run) == by_name(project["dependencies"])
    assert recipe["host"][2:] == [
        each.replace(">=", " >=") for each in pyproject["build-system"]["requires"]
    ]
    extras = project["optional-dependencies"]
    optional = [each for name in ("files", "heif", "cluster") for each in extras[name]]
    assert by_name(recipe["run_constraints"]) == by_name(optional)


def test_all_extras_but_all_are_small(pyproject):
    extras = pyproject["project"]["optional-dependencies"]
    assert extras["all"] == ["napari[all]", "napari-colorcluster[files]"]
    assert set(extras) == {"all", "files", "heif", "cluster"}


def test_recipe_and_citation_describe_the_package(pyproject):
    project = pyproject["project"]
    recipe, citation = load("recipe/recipe.yaml"), load("CITATION.cff")
    assert recipe["context"]["name"] == citation["title"] == project["name"]
    assert recipe["about"]["license"] == citation["license"] == project["license"]
    assert recipe["context"]["python_min"] == project["requires-python"].removeprefix(">=")
    assert project["scripts"] == {"napari-colorcluster": "napari_colorcluster.cli.main:main"}
    (script,) = recipe["build"]["python"]["entry_points"]
    assert script == "napari-colorcluster = napari_colorcluster.cli.main:main"
    urls = project["urls"]
    assert recipe["about"]["homepage"] == urls["Homepage"] == citation["repository-code"]
    assert recipe["about"]["documentation"] == urls["Documentation"] == citation["url"]
    assert {"Bug Tracker", "User Support", "Source Code", "Changelog"} <= set(urls)


def test_commits_are_checked_by_the_same_ruff(pyproject):
    (repository,) = load(".pre-commit-config.yaml")["repos"]
    version = repository["rev"].removeprefix("v")
    assert f"ruff=={version}" in pyproject["dependency-groups"]["dev"]


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").iterdir()), ids=str)
def test_actions_are_pinned_to_commits(path):
    used = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert used
    for action in used:
        pinned = r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*"
        assert re.fullmatch(rf"{pinned}|\./\.github/workflows/\w+\.yml", action), action

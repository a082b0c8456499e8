"""Every block of code of the README and of the site runs as it stands, in the order of its page."""

import doctest
import re
import shlex
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from napari_colorcluster.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)
PAGES = [ROOT / "README.md", *PAGES]

BLOCK = re.compile(r"^(?P<fence> *```+)(?P<kind>\w+)\n(?P<code>.*?)^(?P=fence)$", re.M | re.S)

OTHER_PROGRAMS = {"git", "make", "napari", "pip", "python"}
"""What a page may tell a reader to run and a test does not: it installs, or opens a window."""


def blocks_of(page):
    """The blocks of code: the language, the code, and the line that it begins at."""
    text = page.read_text("utf-8")
    return [
        (block["kind"], dedent(block["code"]), text.count("\n", 0, block.start("code")))
        for block in BLOCK.finditer(text)
    ]


def run_python(code, line, page, names):
    # Moved down, so that a traceback shows the line of the page.
    exec(compile("\n" * line + code, page, "exec"), names)


def run_console(code, line, page, names):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), line)
    test.globs = names
    told = []
    doctest.DocTestRunner(optionflags=flags).run(test, out=told.append, clear_globs=False)
    assert not told, "".join(told)


def run_shell(code, line, page, names):
    for words in map(shlex.split, code.replace("\\\n", " ").splitlines()):
        if words[0] != "napari-colorcluster":
            assert words[0] in OTHER_PROGRAMS, f"{page}: {words[0]}"
        else:
            assert main(words[1:]) == 0


RUN = {"python": run_python, "pycon": run_console, "sh": run_shell}
SHOWN_ONLY = {"text", "toml", "yaml"}


@pytest.fixture
def napari_names(viewer):
    """The names that a console has: a viewer with a photo, and leaves in a Labels layer."""
    photo = viewer.layers["photo"]
    leaf = np.zeros(photo.data.shape[:2], int)
    leaf[5:-5, 5:40] = 3
    viewer.add_labels(leaf, name="leaf")
    viewer.layers.selection.active = photo
    return {"viewer": viewer}


@pytest.mark.parametrize(
    "page",
    [pytest.param(each, id=str(each.relative_to(ROOT))) for each in PAGES if blocks_of(each)],
)
def test_the_blocks_run_in_order(page, napari_names, warm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    for kind, code, line in blocks_of(page):
        if kind not in SHOWN_ONLY:
            RUN[kind](code, line, page, napari_names)


def test_a_block_that_fails_is_told_of(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "Text\n\n```python\nx = 1\n```\n\n   ```pycon\n   >>> x\n   2\n   ```\n", "utf-8"
    )
    (python, code, line), (console, *shown) = blocks_of(page)
    assert (python, console) == ("python", "pycon")
    names = {}
    run_python(code, line, page, names)
    assert names["x"] == 1
    with pytest.raises(AssertionError, match=r"Got:\s+1"):
        run_console(*shown, page, names)
    with pytest.raises(NameError) as caught:
        run_python("missing", line, page, names)
    assert caught.traceback[-1].lineno == 3

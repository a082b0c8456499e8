"""Pages write alike what can be written in more than one way."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(PAGES)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_space_is_before_a_percent_sign(page):
    assert not re.findall(r"\d\s+%.*", page.read_text("utf-8"))

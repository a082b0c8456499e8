"""The reference of the site leaves nothing out."""

import re
from pathlib import Path

import napari_colorcluster as ncc

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_every_public_name_has_its_place():
    page = (REFERENCE / "api.md").read_text("utf-8")
    listed = {*re.findall(r"^   (\w+)$", page, re.M), *re.findall(r"`ncc\.(\w+)`", page)}
    assert listed >= set(ncc.__all__)


def test_the_glossary_is_in_order_and_explains_each_term_once():
    page = (REFERENCE / "glossary.md").read_text("utf-8")
    terms = re.findall(r"^(\S.*)\n  \S", page, re.M)
    assert len(terms) > 40
    assert terms == sorted(set(terms), key=str.casefold)

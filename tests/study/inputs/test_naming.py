"""Names in results: made of paths alone, told apart on every file system, on one line in print."""

import itertools
import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.study.inputs.naming import MOST_BYTES, printable, unique_names

PART = st.sampled_from(["a", "A", "b", "é", "e\u0301", "x.png", "x.tif", ".x", "x" * 240])
PATH = st.lists(PART, min_size=1, max_size=4).map("/".join)


def names_of(paths):
    names = unique_names([Path(path) for path in paths], [""] * len(paths))
    return dict(zip(paths, names, strict=True))


def seen(name):
    return unicodedata.normalize("NFC", name.casefold())


@given(st.lists(PATH.map("/photos/{}".format), min_size=1, max_size=8, unique=True), st.randoms())
def test_names_are_unlike_on_every_file_system_and_independent_of_order(paths, dice):
    names = names_of(paths)
    assert len({seen(name) for name in names.values()}) == len(paths)
    assert max(len(name.rpartition("/")[2].encode()) for name in names.values()) <= MOST_BYTES
    shuffled = paths.copy()
    dice.shuffle(shuffled)
    assert names_of(shuffled) == names


def test_a_name_has_as_many_folders_as_it_needs():
    paths = ["/p/one/day/x.png", "/p/two/day/x.png", "/p/two/y.png", "/p/two/y.tif", "/z.png"]
    assert list(names_of(paths).values()) == ["one/day/x", "two/day/x", "y.png", "y.tif", "z"]


def test_sub_folders_are_part_of_a_name_from_the_start():
    paths = [Path(f"photos/{folder}/leaf.png") for folder in ("sun", "shade", "sun/late")]
    names = unique_names(paths, ["sun", "shade", "sun/late"])
    assert names == ["sun/leaf", "shade/leaf", "sun/late/leaf"]


def test_what_differs_in_coding_or_case_alone_is_told_apart_by_its_path():
    for pair in (["/p/é.png", "/p/e\u0301.png"], ["/p/x.png", "/p/X.png"]):
        names = list(names_of(pair).values())
        assert all("~" in name for name in names)
        assert len(set(map(seen, names))) == 2


def test_long_names_are_cut_and_stay_apart():
    long = ["/p/" + "n" * 240 + end for end in ("a.png", "b.png")]
    names = list(names_of(long).values())
    assert names[0] != names[1]
    assert all(len(name) == MOST_BYTES for name in names)


def test_a_hidden_folder_is_none_in_results():
    names = names_of(["/p/.unfinished/x.png", "/p/y/x.png"])
    assert list(names.values()) == ["_.unfinished/x", "y/x"]


def test_what_is_printed_is_one_line_and_told_apart():
    texts = ["a\nb", "a\rb", "a\x1b[2Jb", "a\u2028b", "caf\udce9", "é", "a b"]
    printed = [printable(text) for text in texts]
    assert all(line.isprintable() for line in printed)
    assert printed[-2:] == ["é", "a b"]
    assert all(one != other for one, other in itertools.combinations(printed, 2))

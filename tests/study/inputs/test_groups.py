"""Groups: by folder, or joined from a table that calls images by name, path or file."""

import pytest

from napari_colorcluster.study.inputs.groups import find_groups
from napari_colorcluster.study.inputs.sources import Source, find_sources


@pytest.fixture
def sources(tmp_path):
    for name in ("leaf.png", "sun/leaf.png", "sun/late/twig.png", "shade/leaf.png"):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).touch()
    return find_sources([tmp_path / "photos"], recursive=True).images


@pytest.fixture
def table(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "groups.csv").write_text(text, encoding)
        return tmp_path / "groups.csv"

    return write


def test_a_folder_is_a_group(sources):
    groups = find_groups("folder", sources)
    assert {name: group["group"] for name, group in groups.items()} == {
        "leaf": "photos",
        "shade/leaf": "shade",
        "sun/leaf": "sun",
        "sun/late/twig": "sun/late",
    }


def test_folders_of_one_name_are_told_apart_by_those_above(tmp_path):
    folders = [tmp_path / each for each in ("n/wet/raw", "n/dry/raw", "s/dry/raw", "s/card")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / f"{folder.parent.parent.name}{folder.parent.name}.png").touch()
    for order in (1, -1):
        sources = find_sources(folders[::order]).images
        found = [find_groups("folder", sources)[source.name]["group"] for source in sources]
        assert found[::order] == ["wet/raw", "n/dry/raw", "s/dry/raw", "card"]


def test_a_pattern_takes_the_group_from_the_name_without_folder_and_suffix(tmp_path):
    for name in ("wet_1.png", "wet_2.jpg", "sun/dry_1.png", "sun/_.png", "card.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    sources = find_sources([tmp_path], recursive=True).images
    assert find_groups("(*)_*", sources) == {
        "wet_1": {"group": "wet"},
        "wet_2": {"group": "wet"},
        "sun/dry_1": {"group": "dry"},
    }
    for pattern in ("(???)_1", "([a-w]?t)_1"):
        assert find_groups(pattern, sources)["wet_1"] == {"group": "wet"}
    with pytest.raises(ValueError, match=r"The pattern of groups \(\*\)-\* fits no name, such as "):
        find_groups("(*)-*", sources)
    with pytest.raises(ValueError, match="needs the group in parentheses"):
        find_groups("(*)_(*)", sources)
    with pytest.raises(ValueError, match=r"groups \(\*\)\\n fits no name"):
        find_groups("(*)\n", sources)


def test_a_table_may_have_parentheses_in_its_name(sources, tmp_path):
    for name in ("groups (1).csv", "(*)_[1]"):
        try:
            (tmp_path / name).write_text("image,site\ntwig,A\n")
        except OSError:
            pytest.skip("This system has no such names.")
        assert find_groups(tmp_path / name, sources) == {"sun/late/twig": {"site": "A"}}
    with pytest.raises(FileNotFoundError, match=r"groups \(2\).csv"):
        find_groups(tmp_path / "groups (2).csv", sources)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_calls_images_in_any_way_that_is_clear(sources, table, delimiter):
    rows = ["image,site,year", "sun/leaf,A,1", "shade/leaf.png,B,", "twig,C,3"]
    groups = find_groups(table("\n".join(rows).replace(",", delimiter), "utf-8-sig"), sources)
    assert groups == {
        "sun/leaf": {"site": "A", "year": "1"},
        "shade/leaf": {"site": "B", "year": ""},
        "sun/late/twig": {"site": "C", "year": "3"},
    }


def test_a_table_calls_images_from_the_root_or_as_other_systems_write_accents(tmp_path, table):
    names = ("caf\u00e9 1", "cafe\u0301 2", " twig ", "\N{KANGAROO}")
    sources = [Source(tmp_path / f"{name}.png", name) for name in names]
    rows = ["image,site", "cafe\u0301 1,A", "caf\u00e9 2,B", " twig ,C", f"{sources[3].path},D"]
    groups = find_groups(table("\n".join(rows)), sources)
    assert [groups[name]["site"] for name in names] == ["A", "B", "C", "D"]
    both = [Source(tmp_path / f"{name}.png", name) for name in ("cafe\u0301", "caf\u00e9")]
    assert find_groups(table("image,site\ncaf\u00e9.png,A\n"), both) == {"caf\u00e9": {"site": "A"}}
    odd = Source(tmp_path / "caf\udce9.png", "caf\udce9")
    assert find_groups(table("image,site\ncaf\\udce9,A\n"), [odd]) == {odd.name: {"site": "A"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "with a column named image"),
        ("image\na\n", "must have a column beside image"),
        ("image,site\nbark,A\n", "tells the group of none of the images, such as leaf: "),
        ("image,site\n", "tells the group of none of the images"),
        ("file,site\na,b\n", "'file', 'site'"),
        ("image,pixels\na,b\n", "has a column pixels"),
        ("image,site\ntwig,b\ntwig,c\n", "two rows of image twig"),
        ("image,site\nleaf.png,b\n", "name the folder as well"),
    ],
)
def test_tables_that_are_none_or_not_clear_are_refused(sources, table, text, said):
    with pytest.raises(ValueError, match=said):
        find_groups(table(text), sources)

"""Which files are images of a batch, their names, and what tells that they have changed."""

import os

import numpy as np
import pytest
import zarr

from napari_colorcluster.core.files.pictures.kinds import SUFFIXES, TIFF_SUFFIXES
from napari_colorcluster.study.inputs.sources import Source, find_sources


def test_folders_give_their_images_by_name_and_each_only_once(tmp_path):
    for name in ("b.PNG", "a.jpg", ".hidden.png", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "c.zarr").mkdir()
    sources = find_sources([tmp_path / "b.PNG", tmp_path, tmp_path / "a.jpg"]).images
    assert [source.path.name for source in sources] == ["b.PNG", "a.jpg", "c.zarr"]
    assert [source.name for source in sources] == ["b", "a", "c"]


def test_names_are_unique_even_where_case_does_not_count(tmp_path):
    paths = [tmp_path / name for name in ("one/x.png", "one/X.tif", "two/x.png", "y.png")]
    names = [source.name for source in find_sources(paths).images]
    assert names == ["one/x", "X.tif", "two/x", "y"]


@pytest.mark.parametrize("suffix", sorted(TIFF_SUFFIXES))
def test_folders_give_the_microscopes_tiffs_too(tmp_path, suffix):
    assert suffix in SUFFIXES
    (tmp_path / f"slide{suffix}").touch()
    assert len(find_sources([tmp_path]).images) == 1


def test_raw_files_are_not_passed_over(tmp_path):
    for name in ("a.NEF", "b.cr2", "c.png"):
        (tmp_path / name).touch()
    assert [source.path.name for source in find_sources([tmp_path]).images] == [
        "a.NEF",
        "b.cr2",
        "c.png",
    ]


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^There is no file gone\.png\.$"):
        Source(tmp_path / "gone.png", "gone").state()


def test_a_zarr_whose_chunks_change_is_another(tmp_path):
    path = tmp_path / "image.zarr"
    array = zarr.create_array(path, shape=(40, 40, 3), chunks=(20, 20, 3), dtype="u1")
    array[...] = 7
    source = Source(path, "image")
    before = source.state()
    assert source.state() == before
    array[:20, :20] = np.arange(60, dtype=np.uint8).reshape(20, 3)[:, np.newaxis]
    assert source.state() != before


def test_folders_in_folders_are_searched_where_that_is_asked(tmp_path):
    for name in ("a.png", "sun/b.png", "sun/late/b.png", ".git/c.png", "results/d.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "results" / ".colorcluster").mkdir()
    (tmp_path / "notes.txt").touch()
    found = find_sources([tmp_path])
    assert [source.name for source in found.images] == ["a"]
    assert found.summary == "Left out: 1 .txt, 1 folder, 1 folder of results, 1 hidden."
    found = find_sources([tmp_path], recursive=True)
    assert [source.name for source in found.images] == ["a", "sun/b", "sun/late/b"]
    assert [source.folder for source in found.images] == ["", "sun", "sun/late"]
    found = find_sources([tmp_path], recursive=True, folder=tmp_path / "sun" / "late")
    assert [source.name for source in found.images] == ["a", "sun/b"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_to_files_are_followed_and_links_to_folders_are_not(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "x.png").touch()
    for name, target in (("x.png", "else/x.png"), ("far", "else"), ("round", "photos")):
        (tmp_path / "photos" / name).symlink_to(tmp_path / target)
    found = find_sources([tmp_path / "photos", tmp_path / "else" / "x.png"], recursive=True)
    assert [source.path for source in found.images] == [tmp_path / "else" / "x.png"]
    assert found.summary == "Left out: 2 links to folders, 1 link to another of the images."


@pytest.mark.parametrize("order", [1, -1])
def test_an_image_that_is_found_twice_has_one_name_whatever_the_order(tmp_path, order):
    for name in ("sun/late/a.png", "b.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    given = [tmp_path, tmp_path / "sun" / "late", tmp_path / "b.png"][::order]
    found = find_sources(given, recursive=True)
    assert {source.name for source in found.images} == {"sun/late/a", "b"}
    assert not found.left_out


def test_patterns_are_expanded_and_must_match(tmp_path):
    for name in ("a.png", "b.png", "c.tif", "[d].png"):
        (tmp_path / name).touch()
    found = find_sources([tmp_path / "[ab].png", tmp_path / "*.tif", tmp_path / "[d].png"])
    assert [source.name for source in found.images] == ["a", "b", "c", "[d]"]
    with pytest.raises(FileNotFoundError, match=r"Nothing matches .*\*\.gif\."):
        find_sources([tmp_path / "*.gif"])


def test_a_checksum_is_that_of_the_file(tmp_path):
    (tmp_path / "a.png").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert Source(tmp_path / "a.png", "a").checksum() == expected
    array = zarr.create_array(tmp_path / "a.zarr", shape=(9, 9, 3), chunks=(9, 9, 3), dtype="u1")
    before = Source(tmp_path / "a.zarr", "a").checksum()
    array[0, 0] = 1
    assert Source(tmp_path / "a.zarr", "a").checksum() != before

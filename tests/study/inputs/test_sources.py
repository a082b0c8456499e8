"""Which files are images of a batch, their names, and what tells that they have changed."""

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

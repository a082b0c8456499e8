"""What is said of files that are not there or may not be read, by whatever reads them."""

import re

import numpy as np
import pytest
from skimage.io import imsave

from napari_colorcluster import (
    read_calibration,
    read_clustering,
    read_palette,
    read_result,
    rerun_study,
    run_study,
)
from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.support.reading_files import in_a_sentence

READERS = {
    "card.csv": find_card,
    "calibration.json": read_calibration,
    "palette.csv": read_palette,
    "palette.ase": read_palette,
    "clustering.json": read_clustering,
    "result.json": read_result,
    "record.json": rerun_study,
    "groups.csv": lambda path: run_study(path.parent, path.parent / "out", groups=path),
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_not_there_is_named_in_a_sentence(name, tmp_path):
    imsave(tmp_path / "photo.png", np.zeros((4, 4, 3), np.uint8), check_contrast=False)
    path = tmp_path / name
    with pytest.raises(FileNotFoundError, match=f"^There is no file {re.escape(str(path))}\\.$"):
        READERS[name](path)


@pytest.mark.parametrize("name", sorted({*READERS} - {"groups.csv"}))
def test_a_folder_is_no_file(name, tmp_path):
    path = tmp_path / name
    path.mkdir()
    with pytest.raises(OSError, match=f"^{re.escape(str(path))} cannot be read: [^\\[]*\\.$"):
        READERS[name](path)


def test_what_is_a_sentence_already_stays_as_it_is():
    with pytest.raises(OSError, match=r"^The disk is gone\.$"), in_a_sentence("x"):
        raise OSError("The disk is gone.")

"""What Pillow warns of becomes one note; what others warn of stays a warning."""

import warnings

import pytest

from napari_colorcluster.core.files.pictures.formats.words import warnings_as_notes


def test_warnings_of_pillow_are_one_note():
    notes = ["another"]
    for text in ("Corrupt EXIF data.", "Truncated File Read"):
        with warnings_as_notes(notes):
            for _ in range(2):
                warnings.warn_explicit(text, UserWarning, "lib/PIL/TiffImagePlugin.py", 900)
    assert notes == ["another", "The file's metadata is damaged and is ignored in part."]


def test_warnings_of_others_come_through():
    notes = []
    with pytest.warns(DeprecationWarning, match="of another library") as heard:  # noqa: SIM117
        with warnings_as_notes(notes):
            warnings.warn_explicit("of another library", DeprecationWarning, "lib/other.py", 7)
    assert notes == []
    assert [(each.filename, each.lineno) for each in heard] == [("lib/other.py", 7)]

"""What every edit of pixels has in common."""

from napari_colorcluster.core.clustering.edits import EDITS
from napari_colorcluster.core.correcting.corrections import CORRECTIONS


def test_no_name_is_that_of_an_edit_of_colors_or_of_the_whole_result():
    assert not {*EDITS, "clean", "paint"} & set(CORRECTIONS)

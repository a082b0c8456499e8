"""The note under the image: what napari has read otherwise than meant, and what mends it."""

import numpy as np
import pytest
from npe2 import PluginManager
from PIL import Image

from napari_colorcluster.layers.result.results import results


@pytest.fixture
def line(panel):
    return panel.image_note.line


def test_there_is_none_where_all_is_well(line):
    assert not line.isVisible()


def test_a_file_is_added_as_viewers_show_it(panel, line, viewer, press, photo, tmp_path, qtbot):
    PluginManager.instance().discover()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(photo).save(tmp_path / "leaf.png", exif=exif)
    viewer.open(tmp_path / "leaf.png", plugin="napari")
    assert panel.form.image.value is viewer.layers["leaf"]
    qtbot.waitUntil(line.isVisible, timeout=30_000)
    assert line.note.text() == (
        "Other viewers show this file differently. The picture is turned by 90°."
    )
    assert line.button.text() == "Add as viewers show it"
    press(line.button)
    added = viewer.layers["leaf (sRGB)"]
    assert panel.form.image.value is added
    assert not line.isVisible()
    press()
    assert results.of(added).labels.data.shape == photo.shape[1::-1]
    viewer.layers.selection.active = viewer.layers["leaf"]
    assert line.isVisible()


def test_planes_become_an_rgb_image(panel, line, viewer, press, thumbnail):
    viewer.add_image(np.moveaxis(thumbnail, -1, 0), name="planar")
    assert line.note.text().startswith('"planar" was read as grayscale. If axis 0, of length 3,')
    assert line.button.text() == "Make it RGB"
    press(line.button)
    assert panel.form.image.value is viewer.layers["planar RGB"]
    assert not line.isVisible()
    np.testing.assert_array_equal(viewer.layers["planar RGB"].data, thumbnail)


def test_to_cluster_planes_is_answered_with_what_to_press(
    panel, line, viewer, press, thumbnail, told
):
    viewer.layers.clear()
    viewer.add_image(np.moveaxis(thumbnail, -1, 0), name="planar")
    press()
    assert told.pop() == ("error", line.note.text())
    assert panel.status.line.news == line.note.text()
    assert "press Make it RGB" in panel.status.line.news


def test_split_channels_have_advice_without_a_button(line, viewer, thumbnail):
    viewer.layers.clear()
    for name, channel in zip("rgb", np.moveaxis(thumbnail, -1, 0), strict=True):
        viewer.add_image(channel, name=name)
    assert "choose Merge to RGB" in line.note.text()
    assert line.isVisible()
    assert not line.button.isVisible()


def test_a_gray_image_beside_an_rgb_one_is_left_alone(line, viewer, thumbnail):
    for channel in np.moveaxis(thumbnail, -1, 0):
        viewer.add_image(channel)
    assert not line.isVisible()

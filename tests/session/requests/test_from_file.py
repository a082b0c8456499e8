"""The files of layers, looked at off the main thread, and added by a request."""

import gc
import threading

import numpy as np
import pytest
from napari.components import ViewerModel
from npe2 import PluginManager
from PIL import Image

import napari_colorcluster as ncc
from napari_colorcluster.session.requests import from_file
from napari_colorcluster.session.requests.from_file import AddFileRequest, FileChecks
from napari_colorcluster.session.session import Session


@pytest.fixture
def viewer(tmp_path, photo, told):
    PluginManager.instance().discover()
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.fromarray(photo).save(tmp_path / "photo.png", exif=exif)
    viewer = ViewerModel()
    viewer.open(tmp_path / "photo.png", plugin="napari")
    return viewer


@pytest.fixture
def checks():
    checks = FileChecks()
    yield checks
    checks.close()


@pytest.fixture
def session(viewer):
    session = Session(viewer)
    yield session
    session.close()


def test_it_is_found_out_in_another_thread_and_once(viewer, checks, qtbot, monkeypatch):
    threads, look = [], from_file.other_look

    def looking(*arguments):
        threads.append(threading.current_thread())
        return look(*arguments)

    monkeypatch.setattr(from_file, "other_look", looking)
    heard = []
    checks.checked.connect(lambda: heard.append(True))
    assert checks.note_of(viewer.layers[0]) == ""
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    assert checks.note_of(viewer.layers[0]) == "The picture is turned by 180°."
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    assert heard == [True]


def test_what_cannot_be_read_has_nothing_said_of_it(viewer, checks, qtbot, told, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"nothing")
    heard = []
    checks.checked.connect(lambda: heard.append(True))
    checks.note_of(viewer.layers[0])
    qtbot.waitUntil(lambda: not checks.is_busy, timeout=30_000)
    assert checks.note_of(viewer.layers[0]) == ""
    assert heard == told == []


def test_without_an_image_there_is_nothing_to_look_at(checks):
    assert checks.note_of(None) == ""
    assert not checks.is_busy


def test_a_layer_that_is_gone_is_forgotten(viewer, checks, qtbot):
    checks.note_of(viewer.layers[0])
    viewer.layers.clear()
    gc.collect()
    qtbot.waitUntil(lambda: not checks.is_busy, timeout=30_000)


def test_the_picture_is_added(viewer, session, qtbot, tmp_path):
    session.submit(AddFileRequest(viewer.layers[0], viewer))
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    added = viewer.layers["photo (sRGB)"]
    np.testing.assert_array_equal(added.data, ncc.read_image(tmp_path / "photo.png").pixels)
    np.testing.assert_array_equal(added.data, viewer.layers[0].data[::-1, ::-1])


def test_a_file_that_is_gone_is_said(viewer, session, qtbot, tmp_path, told):
    (tmp_path / "photo.png").unlink()
    session.submit(AddFileRequest(viewer.layers[0], viewer))
    qtbot.waitUntil(lambda: not session.is_busy, timeout=30_000)
    assert told == [("error", "The file of 'photo' is not there any more.")]
    told.clear()

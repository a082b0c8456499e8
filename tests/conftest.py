"""Photographs that many tests share, and how a refusal must read."""

import os
import re
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import settings
from skimage import data
from skimage.transform import resize

# Neither read nor written by tests: what whoever runs them has set in napari's Preferences.
os.environ["NAPARI_CONFIG"] = ""

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("steady")


def _kept(photo):
    photo.setflags(write=False)
    return photo


@pytest.fixture(scope="session")
def coffee():
    """A photo of 400 × 600 pixels, read-only."""
    return _kept(data.coffee())


@pytest.fixture(scope="session")
def astronaut():
    """A photo of 512 × 512 pixels, read-only."""
    return _kept(data.astronaut())


@pytest.fixture(scope="session")
def photo(coffee):
    """The coffee at 185 × 272 pixels, read-only."""
    return _kept(np.rint(255 * resize(coffee, (185, 272), anti_aliasing=True)).astype(np.uint8))


@pytest.fixture(scope="session")
def thumbnail(photo):
    """The coffee at 47 × 68 pixels, read-only: small enough for an oracle on every pixel."""
    return _kept(photo[::4, ::4].copy())


def _assert_identical(one, other):
    for name in ("labels", "centers"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("palette", "inertia", "settings", "histogram"):
        assert getattr(one, name) == getattr(other, name)


@pytest.fixture(scope="session")
def assert_identical():
    """Compare two clusterings to the bit."""
    return _assert_identical


@contextmanager
def _refused(*parts):
    with pytest.raises(ValueError, match=re.escape(parts[0])) as caught:
        yield
    message = str(caught.value)
    for expected in parts:
        assert expected in message
    assert message.endswith(".")
    assert "\n" not in message
    assert not re.search(r"[.!?]\s", message), "more than one sentence"


@pytest.fixture(scope="session")
def refused():
    """A context in which a ``ValueError`` of one sentence with the given parts must be raised."""
    return _refused

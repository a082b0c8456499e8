"""All of these run on compiled code."""

import pytest


@pytest.fixture(autouse=True)
def _warm(warm):
    pass

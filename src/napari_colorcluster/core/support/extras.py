"""Libraries that come with an extra: imported where they are used, and asked for where missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


class MissingLibraryError(ValueError):
    """A library is not installed; the message is one sentence on what needs it."""


def library(name: str, need: str, extra: str = "files") -> ModuleType:
    """Import a library that is installed by an extra of this package.

    Parameters
    ----------
    name : str
        The name that it is imported by.
    need : str
        Who needs it, such as ``"--dask needs dask.distributed"``: the first half of the message.
    extra : str, default "files"
        The extra of ``pyproject.toml`` that installs it.

    Raises
    ------
    MissingLibraryError
        Where it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingLibraryError(f'{need}: pip install "napari-colorcluster[{extra}]".') from None

"""Cluster the colors of an image: which it is made of, where they are, and how much of each.

The public names are listed in ``__init__.pyi``. They are imported when first used, so that napari
starts without waiting for the numerical libraries.
"""

from typing import Any

import lazy_loader

_import_late, _, _names = lazy_loader.attach_stub(__name__, __file__)
__all__ = [*_names, "__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("napari-colorcluster")
    if name not in _names:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _import_late(name)


def __dir__() -> list[str]:
    return sorted(__all__)

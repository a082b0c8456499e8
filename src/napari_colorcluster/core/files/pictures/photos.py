"""Photos and drawings: what Pillow reads, or any other of imageio's plugins."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def open_picture(path: Path) -> np.ndarray:
    """Read what Pillow knows, or any other of imageio's plugins knows."""
    import imageio.v3 as iio
    from PIL import Image

    known = Image.registered_extensions()
    if path.suffix.lower() not in known:
        # imageio asks all its plugins, one after another.
        return iio.imread(path)
    try:
        opened = iio.imopen(path, "r", plugin="pillow")
    except OSError as error:
        path.stat()  # one that is not there says so
        raise OSError(f"No image can be read from it: {error.__cause__ or error}") from error
    with opened as file:
        about = file.metadata(index=0)
        image = file.read(mode=_mode(about.get("mode"), "transparency" in about))
    # A GIF is a film, be it of one picture.
    return image[0] if image.ndim == 4 and len(image) == 1 else image


def _mode(mode: str | None, transparent: bool) -> str | None:
    """What a picture is converted to, so that its transparency is kept; None for as it is."""
    if mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        # Four channels of ink are no RGBA, and Pillow leaves some pictures in other spaces.
        return "RGB"
    return "RGBA" if transparent or mode in ("LA", "PA") else None

"""Pictures of 16 bits a channel that Pillow cuts to 8: PNG, PPM and JPEG 2000, read as they are."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from napari_colorcluster.core.support.extras import library

_HEAD = 1 << 16

_PLAIN_PPM = b"P3"
_J2K_START, _J2K_DEPTH = b"\xff\x4f\xff\x51", 42
"""Marks of a codestream and of its size; where the depth of the first component stands."""


def n_bits(path: Path, image: Any) -> int:
    """How many bits a channel has but of PNG, 8 where that does not matter here.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    image : PIL.Image.Image
        The same, opened.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if image.format == "PPM" and image.mode == "RGB":
        return _ppm_maximum(image).bit_length()
    if image.format == "JPEG2000" and (at := head.find(_J2K_START)) >= 0:
        depth = head[at + _J2K_DEPTH : at + _J2K_DEPTH + 1]
        return (depth[0] & 0x7F) + 1 if depth else 8
    return 8


def read_deep(data: bytes, image: Any, bits: int) -> np.ndarray:
    """Read all bits of a picture: shape (Y, X, n_channels), uint16, of the type's whole range."""
    if image.format == "PNG":
        samples = _png(data, image)
    elif image.format == "PPM":
        samples = _ppm(data, image).reshape(image.height, image.width, 3)
        samples = np.rint(samples * (65535 / _ppm_maximum(image))).clip(0, 65535)
    else:
        samples = _imagecodecs("JPEG 2000").jpeg2k_decode(data)
        if samples.dtype == np.uint16 and bits < 16:
            samples = np.rint(samples * (65535 / (2**bits - 1))).clip(0, 65535)
        elif samples.dtype.kind != "u":
            samples = np.asarray(image) * np.uint16(257)
    samples = samples.astype(np.uint16)
    return samples if samples.ndim == 3 else samples[..., np.newaxis]


def _imagecodecs(kind: str) -> ModuleType:
    return library("imagecodecs", f"{kind} files of more than 8 bits need imagecodecs")


def _png(data: bytes, image: Any) -> np.ndarray:
    """The samples, with alpha also where one color is transparent."""
    samples = _imagecodecs("PNG").png_decode(data)
    # Pillow reads to the end, which tells whether the file is whole, and what stands there.
    image.load()
    return samples


def _ppm(data: bytes, image: Any) -> np.ndarray:
    """The numbers of a PPM, in two bytes each or, in a plain one, in words."""
    count, start = 3 * image.width * image.height, image.tile[0].offset
    if not data.startswith(_PLAIN_PPM):
        return np.frombuffer(data, ">u2", count, start)
    words = re.sub(rb"#[^\r\n]*", b"", data[start:]).split()[:count]
    return np.array(words).astype(np.int64)


def _ppm_maximum(image: Any) -> int:
    """The number that a PPM has for white; Pillow tells its decoder of others than 255."""
    arguments = image.tile[0].args if image.tile else ()
    return arguments[1] if isinstance(arguments, tuple) else 255

"""ICC profiles: colors to sRGB by LittleCMS, relative colorimetric, black point compensated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from types import ModuleType
from typing import Any

import numpy as np

from napari_colorcluster.core.support.extras import library

_SPACES = {b"GRAY": "gray", b"RGB ": "rgb", b"CMYK": "cmyk", b"Lab ": "lab"}
_MODES = {"gray": "L", "rgb": "RGB", "cmyk": "CMYK", "lab": "LAB"}
_LONGEST_NAME = 60

_NO_NAMES = ("", "RGB built-in", "gray built-in")
"""How profiles are called that nobody has named; LittleCMS's words for those that it makes."""

_DATE = slice(24, 36)
_NEW_YEAR = bytes([7, 208, 0, 1, 0, 1]) + bytes(6)


def model_of(profile: bytes) -> str | None:
    """Which colors a profile is for: ``"gray"``, ``"rgb"``, ``"cmyk"``, ``"lab"`` or others."""
    return _SPACES.get(profile[16:20])


def name_of(profile: bytes) -> str:
    """The name that a profile gives itself, such as ``"Display P3"``; short and printable."""
    from PIL import ImageCms

    opened = ImageCms.ImageCmsProfile(BytesIO(profile))
    told = ImageCms.getProfileDescription(opened)
    name = " ".join(re.sub(r"[^\w .,()/+-]", " ", told).split())[:_LONGEST_NAME].rstrip()
    return "A nameless color profile" if name in _NO_NAMES else name


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The ICC profile of sRGB that LittleCMS makes; dated so that it is always the same."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = _NEW_YEAR
    return bytes(profile)


@lru_cache(maxsize=1)
def lab_profile() -> bytes:
    """CIELAB under D50, as LittleCMS has it."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def deep_library() -> ModuleType:
    """The library that converts more than 8 bits; see `library` for where it is missing."""
    return library("imagecodecs", "Colors of more than 8 bits with a profile need imagecodecs")


@dataclass(frozen=True)
class FromProfile:
    """A function of color: from what a profile describes to sRGB.

    Parameters
    ----------
    profile : bytes
        An ICC profile.
    model : {"gray", "rgb", "cmyk", "lab"}
        What it is for; see `model_of`.

    Notes
    -----
    8 bits go through Pillow; 16 bits and floats through imagecodecs, both of which pass them on to
    LittleCMS. Its shortcut for 16 bits, inks, Lab and what profiles have in tables is left out: it
    interpolates in a coarse grid, and is wrong by a fifteenth of the range where colors are
    clipped, of inks by a third.
    """

    profile: bytes
    model: str

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Convert colors (n, n_channels) of uint8, uint16 or float to sRGB (n, 3)."""
        if colors.dtype == np.uint8 and self.model == "cmyk":
            # Without its shortcut, LittleCMS takes longer than it takes to find the same inks.
            words = np.ascontiguousarray(colors).view(np.uint32)[:, 0]
            distinct, of_each = np.unique(words, return_inverse=True)
            return self._of_8_bits(distinct.view(np.uint8).reshape(-1, 4))[of_each]
        if colors.dtype == np.uint8:
            return self._of_8_bits(colors)
        if colors.dtype == np.uint16:
            return self._deep(colors)
        light = np.nan_to_num(colors.astype(np.float32), nan=0, posinf=0, neginf=0)
        # Inks as floats are percent to LittleCMS.
        converted = self._deep(light * np.float32(100) if self.model == "cmyk" else light)
        converted = converted.clip(0, 1).astype(colors.dtype)
        converted[~np.isfinite(colors).all(axis=1)] = np.nan
        return converted

    def check(self) -> bool:
        """Whether it changes colors by more than rounding: sRGB's own profile does not.

        Raises
        ------
        Exception
            Where LittleCMS cannot apply it.
        """
        steps = np.linspace(0, 255, 9).astype(np.uint8)
        if self.model == "gray":
            colors = np.arange(256, dtype=np.uint8)[:, np.newaxis]
        elif self.model == "rgb":
            colors = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
        else:
            self(np.zeros((1, 4 if self.model == "cmyk" else 3), np.uint8))
            return True
        return bool(np.abs(self(colors).astype(int) - colors).max() > 1)

    def _of_8_bits(self, colors: np.ndarray) -> np.ndarray:
        from PIL import Image

        # Of one channel, Pillow's pictures have no axis for it.
        row = colors[np.newaxis, :, 0] if self.model == "gray" else colors[np.newaxis]
        picture = _frombuffer(_MODES[self.model], row)
        converted = _transform(self.profile, _MODES[self.model]).apply(picture)
        assert isinstance(converted, Image.Image)
        return np.asarray(converted)[0]

    def _deep(self, colors: np.ndarray) -> np.ndarray:
        imagecodecs = deep_library()
        flags = imagecodecs.CMS.FLAGS
        row = colors[np.newaxis, :, 0] if self.model == "gray" else colors[np.newaxis]
        return imagecodecs.cms_transform(
            *(np.ascontiguousarray(row), self.profile, srgb_profile()),
            colorspace=self.model,
            outcolorspace="rgb",
            outdtype=colors.dtype.name,
            intent=int(imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC),
            flags=int(flags.BLACKPOINTCOMPENSATION | flags.NOOPTIMIZE),
        ).reshape(-1, 3)


def _frombuffer(mode: str, row: np.ndarray) -> Any:
    from PIL import Image

    size = (row.shape[1], row.shape[0])
    return Image.frombuffer(mode, size, np.ascontiguousarray(row), "raw", mode, 0, 1)


def _has_table(profile: bytes) -> bool:
    """Whether colors are looked up in a table, as scanners' profiles have it (ICC.1, 9.2.1)."""
    n_tags = int.from_bytes(profile[128:132], "big")
    starts = range(132, min(132 + 12 * n_tags, len(profile)), 12)
    return any(profile[at : at + 3] == b"A2B" for at in starts)


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> Any:
    from PIL import ImageCms

    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    if mode in (_MODES["lab"], _MODES["cmyk"]) or _has_table(profile):
        flags |= ImageCms.Flags.NOOPTIMIZE
    return ImageCms.buildTransform(
        *(ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), mode, "RGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=flags,
    )

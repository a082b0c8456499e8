"""Color spaces in which distances are measured: each one entry, from sRGB and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np

from napari_colorcluster.core.color.matrices import multiplied
from napari_colorcluster.core.color.srgb import encode_gamma, linear_light, unit

LUMA = (0.299, 0.587, 0.114)
"""How bright red, green and blue are, by ITU-R BT.601, of gamma-encoded sRGB."""


@dataclass(frozen=True)
class ColorSpace:
    """A color space with three axes.

    Attributes
    ----------
    name : str
        The key in ``COLOR_SPACES``.
    title : str
        How menus write it.
    axes : tuple of str
        The axes' names.
    from_srgb : callable
        Colors (n, 3) to points (n, 3), float64, row by row. sRGB, either uint8 or float64,
        nominally in [0, 1].
    to_srgb : callable
        Points (n, 3), float64, to sRGB (n, 3), float64, nominally in [0, 1]; what lies outside
        the gamut may leave it.
    lightness_axis : int or None
        Which axis is a perceptual lightness, if one is.
    noise : float
        Spread below which an axis holds rounding and no color: not to be scaled up.
    options : tuple of str
        What `color_space` can be told about it.
    is_one_to_one : bool
        Whether colors that differ always have points that differ.
    from_linear : callable or None
        Linear light (n, 3) in [0, 1] to points, row by row; None where points are made of
        gamma-encoded values.
    """

    name: str
    title: str
    axes: tuple[str, str, str]
    from_srgb: Callable[[np.ndarray], np.ndarray]
    to_srgb: Callable[[np.ndarray], np.ndarray]
    lightness_axis: int | None = None
    noise: float = 1e-9
    options: tuple[str, ...] = ()
    is_one_to_one: bool = True
    from_linear: Callable[[np.ndarray], np.ndarray] | None = None


def to_8bit(srgb: np.ndarray) -> np.ndarray:
    """Clip sRGB to [0, 1] and round it to uint8."""
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)


def _rgb_from_srgb(colors: np.ndarray) -> np.ndarray:
    return colors * 255.0 if colors.dtype.kind == "f" else colors.astype(np.float64)


def _rgb_to_srgb(points: np.ndarray) -> np.ndarray:
    return points / 255


def _by_light(from_linear: Callable[[np.ndarray], np.ndarray], colors: np.ndarray) -> np.ndarray:
    return from_linear(linear_light(colors.T).T)


def _lab_from_linear(linear: np.ndarray) -> np.ndarray:
    """What scikit-image's ``xyz2lab`` makes of XYZ, in a third of the time: with fewer arrays."""
    xyz = multiplied(linear, xyz_of_linear().T).T
    xyz /= _white()
    roots = np.cbrt(xyz)
    is_dark = xyz <= 0.008856
    np.multiply(xyz, 7.787, out=roots, where=is_dark)
    np.add(roots, 16 / 116, out=roots, where=is_dark)
    x, y, z = roots
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)]).T


@cache
def xyz_of_linear() -> np.ndarray:
    """The matrix from linear light to CIEXYZ: the primaries of sRGB, as scikit-image has them."""
    from skimage.color import rgb2xyz

    return rgb2xyz(np.eye(3)).T


@cache
def _white() -> np.ndarray:
    """The white of CIELAB in CIEXYZ, shape (3, 1)."""
    from skimage.color import xyz_tristimulus_values

    return xyz_tristimulus_values(illuminant="D65", observer="2")[:, np.newaxis]


def _lab_to_srgb(points: np.ndarray) -> np.ndarray:
    from skimage.color import lab2xyz, xyz2rgb

    # Far outside the gamut, z would drop below 0, where scikit-image warns.
    lightness, red_green, blue_yellow = np.asarray(points, float).T
    blue_yellow = np.minimum(blue_yellow, 200 * (lightness + 16) / 116)
    return xyz2rgb(lab2xyz(np.column_stack([lightness, red_green, blue_yellow])))


# Björn Ottosson, "A perceptual color space for image processing" (2020), matrices as published.
_OKLAB_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab_from_linear(linear: np.ndarray) -> np.ndarray:
    return multiplied(np.cbrt(multiplied(linear, _OKLAB_LMS.T)), _OKLAB_LAB.T)


def _oklab_to_srgb(points: np.ndarray) -> np.ndarray:
    cones = (points @ np.linalg.inv(_OKLAB_LAB).T) ** 3
    return encode_gamma(cones @ np.linalg.inv(_OKLAB_LMS).T)


def _hsv_cone_from_srgb(colors: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2hsv

    hue, saturation, value = rgb2hsv(np.clip(unit(colors), 0, 1)).T
    angle, chroma = 2 * np.pi * hue, saturation * value
    return np.column_stack([chroma * np.cos(angle), chroma * np.sin(angle), value])


def _hsv_cone_to_srgb(points: np.ndarray) -> np.ndarray:
    from skimage.color import hsv2rgb

    along, across, value = np.asarray(points, float).T
    chroma = np.hypot(along, across)
    hue = np.arctan2(across, along) / (2 * np.pi) % 1
    saturation = np.divide(chroma, value, out=np.zeros_like(value), where=value > 0)
    return hsv2rgb(np.column_stack([hue, np.clip(saturation, 0, 1), np.clip(value, 0, 1)]))


_DARKEST = 0.4 / 255
"""What is taken for the light of a channel at 0, which has no logarithm; it is rounded to 0."""

WHITE = (255, 255, 255)
"""The 8-bit sRGB color of light that nothing has absorbed, unless another is told."""


def _density_from_srgb(colors: np.ndarray, white: tuple[float, ...]) -> np.ndarray:
    return np.log10(np.array(white) / 255) - np.log10(np.maximum(unit(colors), _DARKEST))


def _density_to_srgb(points: np.ndarray, white: tuple[float, ...]) -> np.ndarray:
    return np.array(white) / 255 * 10.0 ** -np.asarray(points, float)


# scikit-image clips stains below 0, which makes one of many colors; here they come back.
_HED_DARKEST = 1e-6


def _hed_from_srgb(colors: np.ndarray) -> np.ndarray:
    from skimage.color import hed_from_rgb

    density = np.log(np.maximum(unit(colors), _HED_DARKEST)) / np.log(_HED_DARKEST)
    return multiplied(density, hed_from_rgb)


def _hed_to_srgb(points: np.ndarray) -> np.ndarray:
    from skimage.color import hed2rgb

    return hed2rgb(points)


_SPACES = (
    ColorSpace(
        "lab",
        "CIELAB",
        ("L*", "a*", "b*"),
        partial(_by_light, _lab_from_linear),
        _lab_to_srgb,
        lightness_axis=0,
        noise=0.05,  # scikit-image's grays are off the axis by up to 0.01
        from_linear=_lab_from_linear,
    ),
    ColorSpace(
        "oklab",
        "Oklab",
        ("L", "a", "b"),
        partial(_by_light, _oklab_from_linear),
        _oklab_to_srgb,
        lightness_axis=0,
        noise=1e-4,
        from_linear=_oklab_from_linear,
    ),
    ColorSpace("rgb", "sRGB", ("red", "green", "blue"), _rgb_from_srgb, _rgb_to_srgb),
    ColorSpace(
        "linear_rgb",
        "Linear RGB",
        ("red", "green", "blue"),
        linear_light,
        encode_gamma,
        from_linear=np.asarray,
    ),
    ColorSpace(
        "hsv",
        "HSV cone",
        ("chroma × cos hue", "chroma × sin hue", "value"),
        _hsv_cone_from_srgb,
        _hsv_cone_to_srgb,
    ),
    # As histology takes it: of the encoded values, not of linear light. QuPath and ImageJ do so.
    ColorSpace(
        "od",
        "Optical density",
        ("red density", "green density", "blue density"),
        partial(_density_from_srgb, white=WHITE),
        partial(_density_to_srgb, white=WHITE),
        options=("white",),
        is_one_to_one=False,
    ),
    # A. C. Ruifrok and D. A. Johnston, "Quantification of histochemical staining by color
    # deconvolution", Analytical and Quantitative Cytology and Histology 23 (2001).
    ColorSpace(
        "hed",
        "HED stains",
        ("hematoxylin", "eosin", "DAB"),
        _hed_from_srgb,
        _hed_to_srgb,
        is_one_to_one=False,
    ),
)

COLOR_SPACES: Mapping[str, ColorSpace] = MappingProxyType({space.name: space for space in _SPACES})
"""The color spaces by name; the first is the default."""


def color_space(name: str, **options: Any) -> ColorSpace:
    """The color space of a name, told what it can be told.

    Parameters
    ----------
    name : str
        A key of ``COLOR_SPACES``.
    **options
        ``white``, for ``"od"`` alone: the 8-bit sRGB color of the empty slide, three
        numbers above 0 and up to 255; by default (255, 255, 255). None counts as not told.

    Returns
    -------
    ColorSpace
        The same object for the same options.

    Raises
    ------
    ValueError
        Where there is no such space, it has no such option, or the white point is none.
    """
    if name not in COLOR_SPACES:
        known = ", ".join(map(repr, COLOR_SPACES))
        raise ValueError(f"Unknown color_space {name!r}; known are {known}.")
    space = COLOR_SPACES[name]
    options = {option: value for option, value in options.items() if value is not None}
    for option in options:
        if option not in space.options:
            having = [repr(n) for n, s in COLOR_SPACES.items() if option in s.options]
            if having:
                raise ValueError(
                    f"{option!r} is an option of color space {' and '.join(having)} only, not of "
                    f"{name!r}."
                )
            raise ValueError(f"{option!r} is no option: no color space has it.")
    return _with_white(name, checked_white(options["white"])) if options else space


def checked_white(white: Any) -> tuple[float, float, float]:
    """Check a white point: three numbers above 0 and up to 255, of 8-bit sRGB."""
    values = tuple(white) if np.ndim(white) == 1 else ()
    if len(values) != 3 or not all(isinstance(v, Real) and 0 < v <= 255 for v in values):
        raise ValueError(
            f"white must be three numbers above 0 and up to 255 (red, green, blue), got {white!r}."
        )
    return tuple(map(float, values))


@lru_cache(64)
def _with_white(name: str, white: tuple[float, float, float]) -> ColorSpace:
    space = COLOR_SPACES[name]
    if white == WHITE:
        return space
    return replace(
        space,
        from_srgb=partial(space.from_srgb.func, white=white),
        to_srgb=partial(space.to_srgb.func, white=white),
    )

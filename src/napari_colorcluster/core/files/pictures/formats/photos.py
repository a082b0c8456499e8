"""Photos and drawings: what Pillow reads, each in its own model of colors; films as frames."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.depth import from_narrow
from napari_colorcluster.core.files.pictures.formats.bmps import described_by_bmp
from napari_colorcluster.core.files.pictures.formats.color_box import described_by
from napari_colorcluster.core.files.pictures.formats.deep import n_bits, read_deep
from napari_colorcluster.core.files.pictures.formats.described import (
    HDR,
    Described,
    adobe_rgb,
    check_described,
    from_cicp,
    from_png,
)
from napari_colorcluster.core.files.pictures.formats.gifs import UNCOVERED, Covered
from napari_colorcluster.core.files.pictures.formats.payload import payload_bytes
from napari_colorcluster.core.files.pictures.formats.pngs import Png, is_png, read_png
from napari_colorcluster.core.files.pictures.formats.psds import check_mode, has_transparency
from napari_colorcluster.core.files.pictures.formats.unknown import why_unknown
from napari_colorcluster.core.files.pictures.formats.words import (
    is_adobe_rgb,
    orientation_of,
    warnings_as_notes,
)
from napari_colorcluster.core.files.pictures.limits import (
    FREE_PIXELS,
    check_claim,
    check_memory,
    own_limits,
)
from napari_colorcluster.core.files.pictures.refusal import Refusal
from napari_colorcluster.core.files.pictures.stored import N_COLORS, Stored
from napari_colorcluster.core.support.extras import library

_FORMATS = {
    "AVIF": 1 << 11,
    "BMP": 128,
    "DDS": 16,
    "DIB": 128,
    "GIF": 1400,
    "HEIF": 1 << 11,
    "ICO": 8300,
    "JPEG": 1100,
    "JPEG2000": 1 << 11,
    "MPO": 1100,
    "PCX": 512,
    "PNG": 8 * 1040,
    "PPM": 8,
    "PSD": 128,
    "QOI": 62,
    "SGI": 128,
    "TGA": 128,
    "WEBP": 1 << 11,
}
"""What is read, and how many pixels a byte of it holds at most.

Raw bits are 8; runs and LZW's strings have a greatest length; deflate makes 1,032 bytes of one, in
PNG divided by a pixel's bits; JPEG needs a bit for 64 pixels. Arithmetic coders have no bound: what
is more than theirs is one color."""

_FILMS = ("AVIF", "GIF", "PNG", "WEBP")
"""What may have several frames that are shown one after another. Of the others' pictures, the
first is the one to be seen: those after it are previews, maps of depth or layers."""

_NO_AVIF = (
    "This is an AVIF picture: to read it, install Pillow 11.3 or later "
    "(pip install --upgrade pillow)."
)

_BOXED = ("AVIF", "HEIF", "JPEG2000")
"""What may tell of its colors in a box that Pillow does not read."""

_CAMERAS = ("JPEG", "MPO")
"""What cameras write, some without the profile of what their menus call Adobe RGB."""

_MODELS = {"CMYK": "cmyk", "LAB": "lab", "RGB": "rgb", "RGBA": "rgb"}
"""What Pillow's modes are; the others are gray."""

_GRAY = ("1", "L", "LA")
"""Modes of a PNG whose frames are all gray."""

_BYTES = 12
"""What reading takes for each pixel: four as Pillow has them, and as many twice as arrays."""

_SELECTION = "The fourth channel is a saved selection, not transparency, and is left out."
_NARROW = "The colors are of video's narrow range, which is spread over the whole one."
_FRAMES_OF_8_BITS = "Frames of 16 bits are read with 8."
_STILL = "The still image that stands for the animation is left out."
_CROPPED = "Frames of other sizes than the first are cut off or filled up to its size."


def open_photo(path: Path, kind: str = "photo") -> Stored:
    """Read what Pillow reads.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : {"photo", "heif", "avif"}
        What its first bytes say that it is.

    Raises
    ------
    Refusal
        Where it claims more pixels than it or memory can hold.
    MissingLibraryError
        Where reading it needs a library that is not installed.
    Exception
        Whatever Pillow raises where it is damaged.
    """
    from PIL import Image, UnidentifiedImageError

    _check_plugin(kind)
    png = read_png(path) if is_png(path) else None
    notes = list(png.notes) if png else []
    with own_limits():
        try:
            with warnings_as_notes(notes):
                image = Image.open(BytesIO(png.data) if png else path, formats=_known())
        except UnidentifiedImageError:
            raise Refusal(why_unknown(path)) from None
        with image:
            return _read(path, image, png, notes)


def _read(path: Path, image: Any, png: Png | None, notes: list[str]) -> Stored:
    if image.format == "PSD":
        check_mode(path)
    n_frames = getattr(image, "n_frames", 1) if image.format in _FILMS else 1
    n_pixels = image.width * image.height * n_frames
    if n_pixels > FREE_PIXELS:
        n_bytes = png.n_bytes if png else payload_bytes(path, image.format)
        check_claim(n_pixels, n_bytes, _FORMATS[image.format] / (png.bits_per_pixel if png else 1))
    bits = png.bits if png else n_bits(path, image)
    check_memory(n_pixels * (_BYTES if bits <= 8 else 2 * _BYTES))
    if n_frames > 1:
        gray = png is not None and image.mode in _GRAY
        samples, more = _frames(image, n_frames, gray)
        notes += more
        model = "gray" if gray else "rgb"
        if bits > 8:
            notes.append(_FRAMES_OF_8_BITS)
    elif bits > 8:
        samples = read_deep(png.data if png else path.read_bytes(), image, bits)
        model = "gray" if samples.shape[-1] < 3 else "rgb"
    else:
        covered = Covered(image)
        covered.add(image)
        stored, model = _samples(image, _target(image))
        samples = covered.cut(stored, alpha=stored.shape[-1] > N_COLORS[model])
        if samples is not stored:
            notes.append(UNCOVERED)
        if image.format == "PSD" and image.mode == "1":
            # Its bits are ink, not light.
            samples = 255 - samples
    if png and png.is_narrow:
        samples = from_narrow(samples, N_COLORS[model])
        notes.append(_NARROW)
    alpha = "straight" if samples.shape[-1] > N_COLORS[model] else None
    if alpha and image.format == "PSD" and not has_transparency(path):
        samples, alpha = np.ascontiguousarray(samples[..., : N_COLORS[model]]), None
        notes.append(_SELECTION)
    # Asked for once all is read: some of it stands behind the pixels.
    profile, name = _profile_of_png(image, png, notes) if png else _profile(path, image, notes)
    if name == HDR:
        notes.append(HDR)
    orientation = orientation_of(image, notes)
    return Stored(samples, model, alpha, profile, name, orientation, notes=tuple(notes))


def _profile(path: Path, image: Any, notes: list[str]) -> Described:
    """The profile that is embedded or described."""
    embedded = image.info.get("icc_profile")
    if embedded:
        return embedded, ""
    if image.format == "BMP":
        found, more = described_by_bmp(path)
        notes += more
        return found
    if image.format in _CAMERAS and image.mode == "RGB" and is_adobe_rgb(image):
        return adobe_rgb()
    return (image.format in _BOXED and described_by(path, image.format)) or (None, "")


def _profile_of_png(image: Any, png: Png, notes: list[str]) -> Described:
    """The profile that is described by cICP, embedded, or described by gAMA and cHRM."""
    found = from_cicp(png.cicp[0], png.cicp[1]) if png.cicp else None
    if found is not None and not (png.profile and found[1] == HDR):
        return found
    if png.profile:
        return png.profile, ""
    info, more = check_described(image.info)
    notes += more
    return from_png(info)


def open_with_libtiff(path: Path, page: int, mode: str) -> np.ndarray:
    """Read a page of a TIFF as ``"RGB"`` or ``"LAB"``, by libtiff: shape (Y, X, 3), uint8."""
    from PIL import Image

    with own_limits():
        # What it warns of, tifffile has read before.
        with warnings_as_notes([]):
            image = Image.open(path, formats=("TIFF",))
            image.seek(page)
        with image:
            return np.asarray(image if image.mode == mode else image.convert(mode))


def _check_plugin(kind: str) -> None:
    from PIL import features

    if kind == "heif":
        library("pillow_heif", "HEIC pictures need pillow-heif", "heif").register_heif_opener()
    elif kind == "avif" and not ("avif" in features.modules and features.check("avif")):
        raise Refusal(_NO_AVIF)


def _known() -> list[str]:
    from PIL import Image

    Image.init()
    return [name for name in _FORMATS if name in Image.OPEN]


def _target(image: Any) -> str:
    """The mode of Pillow's that keeps what the picture has, its transparency included."""
    mode = image.mode
    transparent = "transparency" in image.info
    if mode in ("CMYK", "LAB", "LA", "RGBA", "F", "I") or mode.startswith("I;16"):
        return mode
    if mode in ("1", "L"):
        return "LA" if transparent else "L"
    if mode == "La":
        return "LA"
    return "RGBA" if transparent or mode in ("PA", "RGBa") else "RGB"


def _samples(image: Any, target: str) -> tuple[np.ndarray, str]:
    """The samples (Y, X, n) of the frame that is shown, and their model."""
    samples = np.asarray(image if image.mode == target else image.convert(target))
    if target == "I":
        # 16 bits that are kept in 32.
        samples = samples.clip(0, 65535).astype(np.uint16)
    samples = samples.astype(samples.dtype.newbyteorder("="), copy=False)
    return np.atleast_3d(samples), _MODELS.get(target, "gray")


def _frames(image: Any, n_frames: int, gray: bool) -> tuple[np.ndarray, tuple[str, ...]]:
    """All frames (T, Y, X, n), as large as the first; with a note where others are not."""
    mode = "LA" if gray else "RGBA"
    width, height = image.size
    # What is shown where animations are not, is not one of them.
    first = 1 if getattr(image, "default_image", False) else 0
    frames = np.zeros((n_frames - first, height, width, len(mode)), np.uint8)
    notes: tuple[str, ...] = (_STILL,) if first else ()
    covered = Covered(image)
    for index, frame in enumerate(frames, first):
        image.seek(index)
        covered.add(image)
        shown = covered.cut(np.asarray(image.convert(mode)), alpha=True)[:height, :width]
        frame[: shown.shape[0], : shown.shape[1]] = shown
        if image.size != (width, height):
            notes = (_CROPPED,)
    if (frames[..., -1] == 255).all():
        frames = np.ascontiguousarray(frames[..., :-1])
    return frames, notes

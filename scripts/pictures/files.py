"""Pictures and films as compact files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from napari._qt.utils import QImg2array
from PIL import Image
from qtpy.QtGui import QImage

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MOST_BYTES, MOST_FILM_BYTES = 200_000, 3_000_000


def as_picture(image: QImage) -> Image.Image:
    """A Qt image, RGB888, as one of Pillow's."""
    return Image.fromarray(QImg2array(image)[..., :3])


def write_picture(image: QImage, name: str) -> None:
    """Write what was seen on the screen."""
    write_image(as_picture(image), name)


def write_image(image: Image.Image, name: str) -> None:
    """Write a picture."""
    path = FOLDER / f"{name}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, quality=84, method=6)
    _tell(path, MOST_BYTES)


def write_film(frames: Sequence[Image.Image], milliseconds: Sequence[int], name: str) -> None:
    """Write an endless film; a frame that is like the one before it makes that last longer."""
    kept, durations = [], []
    for frame, duration in zip(frames, milliseconds, strict=True):
        if kept and frame.tobytes() == kept[-1].tobytes():
            durations[-1] += duration
        else:
            kept.append(frame)
            durations.append(duration)
    path = FOLDER / f"{name}.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept[0].save(
        path,
        save_all=True,
        append_images=kept[1:],
        duration=durations,
        loop=0,
        quality=70,
        method=4,
        minimize_size=False,
        kmax=1000,
    )
    _tell(path, MOST_FILM_BYTES)


def _tell(path: Path, most: int) -> None:
    size = path.stat().st_size
    print(f"Wrote {path.relative_to(FOLDER.parents[1])}, {size / 1000:,.0f} kB")
    if size > most:
        raise ValueError(f"{path.name} is too large for a page: {size:,} of {most:,} bytes.")

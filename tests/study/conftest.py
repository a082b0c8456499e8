"""A folder of small images to make a study of."""

import imageio.v3 as iio
import numpy as np
import pytest


@pytest.fixture
def photos(tmp_path, thumbnail, astronaut):
    """Four photos of unlike sizes: a.png, b.png, sun/a.png and sun/c.png."""
    folder = tmp_path / "photos"
    (folder / "sun").mkdir(parents=True)
    small = np.ascontiguousarray(astronaut[::9, ::9])
    images = {"a": thumbnail, "b": small, "sun/a": thumbnail[:20] // 2, "sun/c": small[::-1, 7:]}
    for name, image in images.items():
        iio.imwrite(folder / f"{name}.png", image)
    return folder


@pytest.fixture
def files_in():
    """All results in a folder, by name, without what is kept for later runs."""

    def files_in(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and ".colorcluster" not in path.parts
        }

    return files_in

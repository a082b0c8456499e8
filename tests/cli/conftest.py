"""A folder of small images to run the command on."""

import imageio.v3 as iio
import numpy as np
import pytest

from napari_colorcluster.cli.main import main


@pytest.fixture
def photos(tmp_path, thumbnail, astronaut):
    """Three photos of unlike sizes in a folder: a.png, b.png and c.png."""
    folder = tmp_path / "photos"
    folder.mkdir()
    images = [thumbnail, np.ascontiguousarray(astronaut[::9, ::9]), thumbnail[:20] // 2]
    for name, image in zip("abc", images, strict=True):
        iio.imwrite(folder / f"{name}.png", image)
    return folder


@pytest.fixture
def run(tmp_path):
    """Run the command in this process; gives its exit code. Results are in tmp_path / "out"."""

    def run(*arguments, out="out"):
        return main([*map(str, arguments), "-o", str(tmp_path / out)])

    return run

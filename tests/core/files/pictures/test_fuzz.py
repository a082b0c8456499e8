"""Damaged files of all formats: each is read, or refused in a sentence that names no exception."""

import io
import random
import re

import numpy as np
import pytest
import tifffile
from PIL import Image

from napari_colorcluster.core.files.pictures.read import read_image

N_DAMAGED = 3
"""Of each file; many more were tried by hand."""

FORMS = ["BMP", "GIF", "JPEG", "JPEG2000", "PCX", "PNG", "PPM", "QOI", "SGI", "TGA", "WEBP", "AVIF"]
COMPRESSIONS = [None, "zlib", "lzw", "jpeg", "packbits", "zstd"]
OTHERS = ["apng.png", "gif_anim.gif", "webp_anim.webp", "jpg_cmyk_pil.jpg", "png16_rgba.png"]
OTHERS += ["t_ij_cyx.tif", "t_lab.tif", "t_multipage.tif", "t_pal.tif", "png_chrm_adobe.png"]

EXCEPTION = re.compile(r"\b\w+(Error|Exception|Warning|Interrupt)\b|Traceback|0x[0-9a-f]{6}")


def form(name, thumbnail, data):
    file = io.BytesIO()
    if name in FORMS:
        Image.fromarray(thumbnail).save(file, name)
    elif name in OTHERS:
        return (data / name).read_bytes()
    else:
        compression = None if name == "None" else name
        tifffile.imwrite(file, thumbnail, photometric="rgb", compression=compression, tile=(16, 16))
    return file.getvalue()


def damaged(whole, dice):
    data = bytearray(whole)
    how = dice.choice(["bytes", "head", "cut", "numbers"])
    if how == "cut":
        return bytes(data[: dice.randrange(len(data))])
    for _ in range(dice.choice([1, 3, 20])):
        if how == "numbers":
            at = dice.randrange(min(len(data), 300))
            data[at : at + 4] = dice.choice([b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0\0\x40\0"])
        else:
            end = min(len(data), 200) if how == "head" else len(data)
            data[dice.randrange(end)] = dice.choice([0, 1, 127, 128, 255, dice.randrange(256)])
    return bytes(data)


@pytest.mark.parametrize("name", [*FORMS, *map(str, COMPRESSIONS), *OTHERS])
def test_damaged_files_are_read_or_refused_in_a_sentence(tmp_path, thumbnail, data, capfd, name):
    whole = form(name, thumbnail, data)
    dice = random.Random(name)
    for number in range(N_DAMAGED):
        path = tmp_path / f"{number}.img"
        path.write_bytes(damaged(whole, dice))
        try:
            assert np.asarray(read_image(path).pixels).shape[-1] in (3, 4)
        except ValueError as error:
            message = str(error)
            assert message.endswith(".")
            assert len(message.splitlines()) == 1
            assert not EXCEPTION.search(message)
    assert "Traceback" not in capfd.readouterr().err

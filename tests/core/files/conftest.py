"""Color spaces from published numbers: their ICC profiles as bytes, and photos encoded in them."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parent / "pictures" / "data"

BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
D65, D50 = (0.3127, 0.3290), (0.3457, 0.3585)


def xyz(x, y):
    return np.array([x / y, 1.0, (1 - x - y) / y])


def adaptation(white):
    """From XYZ under a white to XYZ under ICC's D50."""
    old, new = BRADFORD @ xyz(*white), BRADFORD @ np.array([0.9642, 1.0, 0.8249])
    return np.linalg.inv(BRADFORD) @ np.diag(new / old) @ BRADFORD


def srgb_to_light(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lstar_from_light(light):
    return np.where(light <= 216 / 24389, light * 243.89 / 27, 1.16 * np.cbrt(light) - 0.16)


@dataclass(frozen=True)
class Space:
    name: str
    white: tuple
    primaries: tuple
    gamma: float | None = None
    """None for the curve of sRGB, 0 for that of L*."""

    @property
    def to_d50(self):
        corners = np.stack([xyz(*corner) for corner in self.primaries], axis=1)
        scaled = corners * np.linalg.solve(corners, xyz(*self.white))
        return adaptation(self.white) @ scaled

    def encode_light(self, light):
        if self.gamma is None:
            return np.where(
                light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
            )
        return lstar_from_light(light) if self.gamma == 0 else light ** (1 / self.gamma)

    def decode(self, values):
        if self.gamma is None:
            return srgb_to_light(values)
        if self.gamma == 0:
            return np.where(values <= 0.08, values * 2700 / 24389, ((values + 0.16) / 1.16) ** 3)
        return values**self.gamma

    def encode(self, srgb, dtype):
        """An sRGB image of 8 bits, stored in this space."""
        light = srgb_to_light(srgb / 255) @ SRGB.to_d50.T @ np.linalg.inv(self.to_d50).T
        most = np.iinfo(dtype).max
        return np.rint(most * self.encode_light(light.clip(0, 1))).astype(dtype)

    def profile(self, version=2):
        """The space as an ICC profile, by ICC.1:2001-04 or ICC.1:2010."""
        columns = self.to_d50.T
        curve = curve_of(self, version)
        tags = {b"desc": text(self.name, version), b"cprt": text("none", version, b"text")}
        tags[b"wtpt"] = numbers([0.9642, 1.0, 0.8249])
        for channel, column in zip(b"rgb", columns, strict=True):
            tags[bytes([channel]) + b"XYZ"] = numbers(column)
            tags[bytes([channel]) + b"TRC"] = curve
        return icc(tags, b"RGB ", b"XYZ ", version)


def fixed(number):
    return struct.pack(">i", round(number * 65536))


def numbers(three):
    return b"XYZ \0\0\0\0" + b"".join(fixed(number) for number in three)


def text(words, version, kind=b"desc"):
    if version == 4:
        encoded = words.encode("utf-16-be")
        return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(encoded), 28) + encoded
    ascii_ = words.encode() + b"\0"
    if kind == b"text":
        return b"text\0\0\0\0" + ascii_
    return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_)) + ascii_ + bytes(4 + 4 + 2 + 1 + 67)


def curve_of(space, version):
    if version == 4 and space.gamma is None:
        five = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
        return b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(fixed, five))
    if version == 4 and space.gamma:
        return b"para\0\0\0\0" + struct.pack(">HH", 0, 0) + fixed(space.gamma)
    table = np.rint(65535 * space.decode(np.linspace(0, 1, 4096))).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(table)) + table.tobytes()


def icc(tags, colors, connection, version=2, kind=b"mntr"):
    padded = {name: data + bytes(-len(data) % 4) for name, data in tags.items()}
    at, table, body = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += padded[name]
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", version << 24, kind, colors, connection)
    head += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head.ljust(128, b"\0") + table + body


def cmyk_profile():
    """Inks that mix by the corners of their cube, as a table of 2 × 2 × 2 × 2 in Lab."""
    corners = np.stack(np.meshgrid(*[[0, 1]] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    cyan, magenta, yellow, black = corners.T
    lightness = 100 * (1 - 0.35 * cyan) * (1 - 0.5 * magenta) * (1 - 0.1 * yellow) * (1 - black)
    a = (70 * magenta - 40 * cyan) * (1 - black)
    b = (85 * yellow - 45 * cyan - 5 * magenta) * (1 - black)
    return table_profile("Test inks", np.stack([lightness, a, b], axis=-1), b"CMYK", b"prtr")


def scanner_profile():
    """Lights that mix by the corners of their cube, as a table of 2 × 2 × 2 in Lab."""
    red, green, blue = np.stack(np.meshgrid(*[[0, 1]] * 3, indexing="ij"), axis=-1).reshape(-1, 3).T
    lightness = 100 * np.maximum.reduce([0.55 * red, 0.85 * green, 0.35 * blue, red * green])
    lightness = np.where(red * green * blue, 100, lightness)
    a, b = 90 * red - 95 * green + 40 * blue, 70 * red + 60 * green - 120 * blue
    white = red * green * blue
    lab = np.stack([lightness, a * (1 - white), b * (1 - white)], axis=-1)
    return table_profile("Test scanner", lab, b"RGB ", b"scnr")


def table_profile(name, lab, colors, kind):
    """A profile that knows the corners of a cube: the last channel changes fastest."""
    n_channels = len(lab).bit_length() - 1
    table = lab * [2.55, 1, 1] + [0, 128, 128]
    ramp = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes([n_channels, 3, 2, 0])
    lut += b"".join(map(fixed, np.eye(3).reshape(-1))) + ramp * n_channels
    lut += np.rint(table).clip(0, 255).astype(np.uint8).tobytes() + ramp * 3
    tags = {b"desc": text(name, 2), b"cprt": text("none", 2, b"text")}
    tags |= {b"wtpt": numbers([0.9642, 1.0, 0.8249]), b"A2B0": lut}
    return icc(tags, colors, b"Lab ", kind=kind)


def gray_profile(gamma):
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"desc": text("Test gray", 2), b"cprt": text("none", 2, b"text")}
    tags |= {b"wtpt": numbers([0.9642, 1.0, 0.8249]), b"kTRC": curve}
    return icc(tags, b"GRAY", b"XYZ ")


SRGB = Space("sRGB", D65, ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)))
SPACES = [
    Space("Display P3", D65, ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))),
    Space("Adobe RGB (1998)", D65, ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), 563 / 256),
    Space("ProPhoto RGB", D50, ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), 1.8),
    Space("eciRGB v2", D50, ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08)), 0),
    Space("Wide Gamut RGB", D50, ((0.7347, 0.2653), (0.1152, 0.8264), (0.1566, 0.0177)), 563 / 256),
]


@pytest.fixture(scope="session")
def data():
    """The folder of files that others have made."""
    return DATA


@pytest.fixture(scope="session")
def spaces():
    """Color spaces by name, sRGB among them."""
    return {space.name: space for space in [SRGB, *SPACES]}


@pytest.fixture(params=SPACES, ids=lambda space: space.name)
def space(request):
    """Each of the color spaces but sRGB."""
    return request.param


@pytest.fixture(scope="session")
def inks():
    """An ICC profile for CMYK."""
    return cmyk_profile()


@pytest.fixture(scope="session")
def scanner():
    """An ICC profile for RGB that is a table."""
    return scanner_profile()


@pytest.fixture(scope="session")
def dark_gray():
    """An ICC profile for gray with a gamma of 1.8."""
    return gray_profile(1.8)

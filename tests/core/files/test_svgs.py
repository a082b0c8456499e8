"""Quantized images as SVG: as a browser draws them, and filled by the even-odd rule."""

import re
import time
from io import BytesIO
from xml.etree import ElementTree

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from PIL import Image
from skimage.measure import euler_number, label

from napari_colorcluster import Palette, cluster_colors, write_svg
from napari_colorcluster.core.files import svgs

SVG = "{http://www.w3.org/2000/svg}"
FIVE = Palette(
    [[9, 9, 9], [250, 0, 0], [0, 200, 0], [0, 0, 150], [255, 255, 255]],
    [0] * 5,
    ["coal", "a <red> & b", "coal", "ink 5", "☃"],
    [1, 2, 3, 7, 300],
)
IDENTIFIERS = {"coal": 1, "a-red-b": 2, "coal-2": 3, "ink-5": 7, "color": 300}
LABELS = hnp.arrays(np.uint16, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)).map(
    lambda drawn: np.array([0, 0, 1, 2, 3, 7, 300], np.uint16)[drawn % 7]
)


def paths_of(data):
    root = ElementTree.fromstring(data)
    return {path.get("id"): path for path in root.iter(f"{SVG}path")}


def subpaths_of(path):
    """The corners (x, y) of each closed part of a path."""
    found, at = [], np.zeros(2, int)
    for part in path.get("d").split("z")[:-1]:
        x, y, rest = re.fullmatch(r"m(-?\d+) (-?\d+)((?:[hv]-?\d+)+)", part).groups()
        at = at + np.array([x, y], int)
        corners = [at]
        for axis, step in re.findall(r"([hv])(-?\d+)", rest):
            corners.append(corners[-1] + (int(step) * (axis == "h"), int(step) * (axis == "v")))
        found.append(np.array(corners))
    return found


def filled(path, shape):
    """The pixels inside of a path by the even-odd rule: a ray from the left crosses its edges."""
    crossed = np.zeros((shape[0], shape[1] + 1), int)
    for corners in subpaths_of(path):
        for (x, y), (_, to) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            crossed[min(y, to) : max(y, to), x] += 1
    return np.cumsum(crossed, axis=1)[:, :-1] % 2 == 1


@given(LABELS)
@settings(max_examples=150)
def test_each_path_has_the_pixels_of_its_cluster_in_as_few_corners_as_can_be(labels):
    paths = paths_of(svgs.svg_of(labels, FIVE, "any"))
    assert list(paths) == [name for name, each in IDENTIFIERS.items() if each in labels]
    for name, path in paths.items():
        inside = labels == IDENTIFIERS[name]
        np.testing.assert_array_equal(filled(path, labels.shape), inside)
        subpaths = subpaths_of(path)
        for corners in subpaths:
            # By turns along rows and columns, so that no edge can be merged with the next.
            steps = np.roll(corners, -1, axis=0) - corners
            assert (steps[::2, 1] == 0).all()
            assert (steps[1::2, 0] == 0).all()
            assert (steps.sum(axis=1) != 0).all()
        # Patches that touch at corners alone are apart: so many outlines, those of holes included.
        n_patches = label(inside, connectivity=1).max()
        n_holes = n_patches - euler_number(inside, connectivity=1)
        assert len(subpaths) == n_patches + n_holes


@pytest.mark.parametrize("scale", [1, 2])
def test_a_browser_draws_the_quantized_image(browser, photo, tmp_path, scale):
    image = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    image[20:60, 30:90, 3] = 0
    clustering = cluster_colors(image, 6).rename(1, 'a "name" </title>')
    labels = clustering.predict(image)
    size = write_svg(tmp_path / "cup.svg", labels, clustering.palette)
    assert size == (tmp_path / "cup.svg").stat().st_size
    height, width = labels.shape
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.goto((tmp_path / "cup.svg").as_uri())
    drawn = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    page.close()
    # The paper of a browser is white.
    expected = np.where(labels[..., np.newaxis] == 0, 255, clustering.quantize(image))
    np.testing.assert_array_equal(drawn, expected.repeat(scale, axis=0).repeat(scale, axis=1))


def test_at_other_sizes_no_paper_is_seen_between_clusters(browser, photo, tmp_path):
    clustering = cluster_colors(photo // 2, 5)
    write_svg(tmp_path / "cup.svg", clustering.predict(photo // 2), clustering.palette)
    page = browser.new_page(viewport={"width": 400, "height": 300})
    page.set_content(
        f'<body style="margin: 0; background: white">'
        f"{(tmp_path / 'cup.svg').read_text('utf-8')}</body>"
    )
    page.locator("svg").evaluate(
        "svg => { svg.setAttribute('width', 271 * 1.37); svg.setAttribute('height', 185 * 1.37) }"
    )
    drawn = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))[:250, :370]
    page.close()
    own = {tuple(color) for color in clustering.palette.colors.tolist()}
    assert {tuple(color) for color in drawn.reshape(-1, 3).tolist()} <= own


def test_names_are_titles(photo):
    clustering = cluster_colors(photo, 2).rename(1, "a <b> &\x07c\uffff")
    root = ElementTree.fromstring(
        svgs.svg_of(clustering.predict(photo), clustering.palette, "cup & <saucer>\udcff")
    )
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles == ["cup & <saucer>�", "a <b> & c�", clustering.palette.names[1]]
    assert [path.get("fill") for path in root.iter(f"{SVG}path")] == list(clustering.palette.hex)


def test_labels_may_be_lazy_and_of_any_type(tmp_path, photo):
    clustering = cluster_colors(photo, 4)
    labels = clustering.predict(photo)
    write_svg(tmp_path / "a.svg", labels, clustering.palette)
    expected = (tmp_path / "a.svg").read_bytes()
    for given_labels in (
        da.from_array(labels, chunks=50),
        labels.astype(np.int64),
        labels.tolist(),
    ):
        write_svg(tmp_path / "a.svg", given_labels, clustering.palette)
        assert (tmp_path / "a.svg").read_bytes() == expected


def test_a_photo_of_a_megapixel_takes_no_time_that_is_noticed(tmp_path, photo):
    clustering = cluster_colors(photo, 8)
    labels = np.tile(clustering.predict(photo), (5, 4))
    svgs.svg_of(labels[:9, :9], clustering.palette, "compiled")
    start = time.perf_counter()
    size = write_svg(tmp_path / "a.svg", labels, clustering.palette)
    assert time.perf_counter() - start < 5
    assert size < 4 * svgs.count_corners(labels)


@pytest.mark.parametrize(
    ("labels", "parts"),
    [
        (np.zeros((2, 3, 4), int), ["one plane", "(2, 3, 4)"]),
        (np.zeros((3, 4)), ["integers", "float64"]),
        ([[1, 2], [4, 0]], ["no color for label 4"]),
        ([[1, 2], [-1, 0]], ["no color for label -1"]),
    ],
)
def test_what_is_no_plane_of_known_labels_is_refused(tmp_path, refused, labels, parts):
    with refused(*parts):
        write_svg(tmp_path / "a.svg", labels, FIVE)
    assert not list(tmp_path.iterdir())


def test_other_arguments_are_refused(tmp_path, refused, monkeypatch):
    with refused("must end in .svg", "'a.png'"):
        write_svg(tmp_path / "a.png", [[1]], FIVE)
    with refused("palette must be a Palette", "got list"):
        write_svg(tmp_path / "a.svg", [[1]], ["#ffffff"])
    monkeypatch.setattr(svgs, "MAX_CORNERS", 7)
    with refused("7 corners, got 8", "remove specks"):
        write_svg(tmp_path / "a.svg", [[1, 2]], FIVE)
    monkeypatch.setattr(svgs, "MAX_PIXELS", 1)
    with refused("at most 1 pixels, got 2"):
        write_svg(tmp_path / "a.svg", [[1, 2]], FIVE)


def test_nothing_but_background_is_an_empty_picture(tmp_path):
    write_svg(tmp_path / "a.svg", np.zeros((2, 3), np.uint8), FIVE)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.get("viewBox") == "0 0 3 2"
    assert not list(root.iter(f"{SVG}path"))


def test_numbers_of_several_digits_are_written_in_full():
    labels = np.zeros((13, 1210), np.uint8)
    labels[10:, 1000:] = 7
    (path,) = paths_of(svgs.svg_of(labels, FIVE, "any")).values()
    assert path.get("d") == "m1000 10h210v3h-210z"

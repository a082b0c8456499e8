"""Write what a version saves, in every format, to tests/data/releases: later versions must read it.

    python scripts/write_release_files.py VERSION [--folder FOLDER]

Run it before a release, with its version. A folder that is there already is left alone: files of a
release never change. Beside the files, expected.json states what they hold.
"""

import argparse
import json
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
import tifffile
from PIL import Image
from skimage import data

import napari_colorcluster as ncc
from napari_colorcluster.core.files.label_tiffs import label_tags
from napari_colorcluster.core.files.palettes import json_file
from napari_colorcluster.core.files.palettes.palette_files import FORMATS
from napari_colorcluster.core.files.results import write_result

RELEASES = Path(__file__).parents[1] / "tests" / "data" / "releases"

N_CLUSTERS = 6
FINDING_K = {"mean_shift": {"bandwidth": 12.0}, "dbscan": {"eps": 6.0, "min_samples": 40}}
"""Methods that find the number of clusters themselves, with options for so small an image."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("version", help="the version to be released, such as 0.1.0")
    parser.add_argument("--folder", type=Path, default=RELEASES, help="where its folder goes")
    arguments = parser.parse_args()
    folder = arguments.folder / arguments.version
    if folder.exists():
        print(f"{folder} is there already: files of a release never change.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True)
    # The files tell the version that is to be released, not that of this clone.
    with patch.object(json_file, "_version", return_value=arguments.version):
        expected = write_all(folder)
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    (folder / "expected.json").write_text(text + "\n", "utf-8")
    return 0


def write_all(folder: Path) -> dict:
    """Write all files; give what `expected.json` says of them."""
    image = data.coffee()[100:340:6, 150:450:6] // 12 * 12
    Image.fromarray(image).save(folder / "image.png")
    clusterings = dict(cluster_by_all_methods(image))
    clusterings["edited"] = edit(clusterings["kmeans"])
    for name, clustering in clusterings.items():
        clustering.write(folder / f"{name}.colors.json")

    result = correct(clusterings["edited"], image)
    write_result(result, folder / "corrected.colors.json")
    palette = clusterings["edited"].palette
    palettes = {}
    for suffix in FORMATS:
        palette.write(folder / f"palette{suffix}")
        palettes[suffix] = rows(ncc.read_palette(folder / f"palette{suffix}"))
    calibration = ncc.Calibration.from_gray(image, image.min(axis=-1) > 150)
    calibration.write(folder / "calibration.json")
    labels = clusterings["edited"].predict(image)
    tags = label_tags(palette, labels.dtype, {"settings": clusterings["edited"].settings})
    tifffile.imwrite(folder / "labels.tif", labels, compression="zlib", **tags)

    pixels = {name: each.predict(image) for name, each in clusterings.items()}
    pixels["corrected"] = result.predict(image)
    np.savez_compressed(folder / "labels.npz", **pixels)
    colors = [[130, 120, 110], [20, 200, 90], [128, 128, 128]]
    return {
        "clusterings": {name: rows(each.palette) for name, each in clusterings.items()},
        "palettes": palettes,
        "calibration": {"from": colors, "to": calibration.apply(np.uint8([colors]))[0].tolist()},
    }


def cluster_by_all_methods(image: np.ndarray):
    for method in ncc.METHODS:
        options = FINDING_K.get(method, {"n_clusters": N_CLUSTERS})
        yield method, ncc.cluster_colors(image, **{"n_clusters": None} | options, method=method)


def edit(clustering: ncc.ColorClustering) -> ncc.ColorClustering:
    """Edit a clustering in every way."""
    ranges = (
        ncc.SphericalRange("#8c5a32", radius=8),
        ncc.RectangularRange((0, None, None), (12, None, None)),
        ncc.LassoRange(((0, 1, 0), (0, 0, 1)), ((16, 20), (60, 20), (60, 60))),
    )
    for color_range in ranges:
        clustering = clustering.assign(color_range)
    return (
        clustering.merge_similar(6.0)
        .split(1, 3)
        .merge([2, 3])
        .absorb(0.005)
        .drop_and_refit(0.01)
        .leave_out_beyond(30.0)
        .recolor(1, "#eeddcc")
        .rename(1, "crème, “light”")
        .reorder("hue")
    )


def correct(clustering: ncc.ColorClustering, image: np.ndarray) -> ncc.SavedResult:
    """Paint over a part of the labels in a region, and remove specks."""
    shape = image.shape[:2]
    mask = np.zeros(shape, bool)
    mask[4:-4, 6:-2] = True
    painted = np.flatnonzero(mask)[30:90]
    label = int(clustering.palette.labels[0])
    overlay = ncc.Overlay.from_pixels(shape, painted, label)
    return ncc.SavedResult(clustering, {"layer": "cup"}, 4, overlay, mask)


def rows(palette: ncc.Palette) -> list:
    """The palette as lists: label, name, color and pixels."""
    columns = (palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist())
    return [list(row) for row in zip(*columns, strict=True)]


if __name__ == "__main__":
    sys.exit(main())

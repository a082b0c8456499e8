"""A study of many small photos in folders, with masks, groups and a report, beside a loop.

The photos are those of `batch`, a tenth of a megapixel each, in folders of two groups; each mask is
an ellipse. Ours is one command, start-up included. The peer is a loop over the same files: it reads
a photo and its mask, fits KMeans to the pixels inside from a single start, labels them, and writes
the same four pictures: labels, quantized image, and both small for a report.
"""

import time
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, ImageDraw

from rows.batch import K, generate, started
from rows.row import Row, times

N_PHOTOS, LEAST_PHOTOS = 1000, 40
PER_FOLDER = 200
MEGAPIXELS = 0.1
EACH_FOR_PEER = 10


def study(options):
    """`scale` is a factor on the number of photos, not on their size."""
    n_photos = max(LEAST_PHOTOS, round(N_PHOTOS * min(options.scale, 1)))
    folder = Path(options.folder.name) / "study"
    folder.mkdir()
    generate(folder / "all", options.photos.values(), n_photos, MEGAPIXELS)
    paths = sorted_into_folders(sorted((folder / "all").iterdir()), folder)
    how = ["--recursive", "--groups", "folder", "--mask", str(folder / "masks"), "--report"]
    start = time.perf_counter()
    process = started(folder / "photos", folder / "out", *how, "--jobs", "2")
    if process.wait():
        raise RuntimeError(f"The command ended with {process.returncode}.")
    rate = n_photos / (time.perf_counter() - start)
    paths = paths[::EACH_FOR_PEER]
    start = time.perf_counter()
    for path in paths:
        by_scikit_learn(path, folder)
    rate_peer = len(paths) / (time.perf_counter() - start)
    yield Row(
        f"study of {n_photos} photos of {MEGAPIXELS} megapixels with masks, groups and report, "
        f"k = {K}: images per second / scikit-learn's KMeans, predict and the same files in a loop",
        "≥ 10 ×",
        f"{times(rate / rate_peer)}: {rate:.1f}, {rate_peer:.1f} on {len(paths)} of the photos",
        rate >= 10 * rate_peer,
    )


def sorted_into_folders(photos, folder):
    """Move photos into folders of two groups, and make a mask for each."""
    moved = []
    for number, photo in enumerate(photos):
        name = f"{number // PER_FOLDER:02}_{'ab'[number // PER_FOLDER % 2]}"
        moved.append(folder / "photos" / name / photo.name)
        mask = folder / "masks" / name / f"{photo.stem}.png"
        for path in (moved[-1], mask):
            path.parent.mkdir(parents=True, exist_ok=True)
        photo.rename(moved[-1])
        with Image.open(moved[-1]) as picture:
            inside = Image.new("L", picture.size)
        edge = np.random.default_rng(number).uniform(0, 0.2, 4)
        box = np.array([*edge[:2], *(1 - edge[2:])]) * (*inside.size, *inside.size)
        ImageDraw.Draw(inside).ellipse(box.tolist(), fill=255)
        inside.save(mask)
    return moved


def by_scikit_learn(path, folder):
    from sklearn.cluster import KMeans

    name = path.relative_to(folder / "photos").with_suffix("")
    with Image.open(path) as photo:
        pixels = np.asarray(photo.convert("RGB"))
    inside = np.asarray(Image.open((folder / "masks" / name).with_suffix(".png"))) > 0
    model = KMeans(K, n_init=1, random_state=0).fit(pixels[inside].astype(np.float64))
    labels = np.zeros(inside.shape, np.uint8)
    labels[inside] = 1 + model.predict(pixels[inside].astype(np.float64))
    out = folder / "peer" / name
    out.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(f"{out}-labels.tif", labels, compression="zlib")
    colors = np.vstack([np.zeros(3), np.rint(model.cluster_centers_)]).astype(np.uint8)
    quantized = Image.fromarray(labels)
    quantized.putpalette(colors.tobytes())
    quantized.save(f"{out}-quantized.png", transparency=0)
    quantized.save(f"{out}-small.png", transparency=0, compress_level=2)
    Image.fromarray(pixels).save(f"{out}-small.jpg", quality=85)

"""The command line on many photos beside a loop of scikit-learn: images a second, and memory.

    python benchmarks/batch.py [--n N] [--n-peer N] [--megapixels M] [--k K] [--folder FOLDER]

Photos are cut, mirrored, tinted and given noise at random from the bundled ones, so that no two
have the same colors. Ours is the command in a process of its own: it reads each photo, clusters
it, and writes the quantized image, the labels and a row of the table for each cluster. The peer
reads a photo, fits KMeans to its pixels, labels them and counts; it writes nothing, and does a
few photos only. Memory is the most that the process of the command holds during the first 10
photos, and during the last 10. `--folder` keeps the photos and the results.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from quantizers import bundled_photos, resized

COMMAND = "import sys; from napari_colorcluster.cli.main import main; sys.exit(main())"
SETTLED = 10


def generate(folder, n_images, megapixels):
    """Write photos that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = [resized(photo, 1.5 * megapixels) for photo in bundled_photos().values()]
    for number in range(n_images):
        path = folder / f"{number:04}.jpg"
        if path.exists():
            continue
        random = np.random.default_rng(number)
        photo = photos[number % len(photos)][:: random.choice([-1, 1]), :: random.choice([-1, 1])]
        height = round(photo.shape[0] / 1.5**0.5)
        width = round(megapixels * 1e6 / height)
        top, left = (random.integers(photo.shape[0] - height + 1), 0)
        cut = photo[top : top + height, left : left + width] * random.uniform(0.6, 1.1, 3)
        noisy = cut + random.normal(0, 2, cut.shape)
        Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)).save(path, quality=92)


def memory_of(process):
    """The memory that a process holds, in MB; None where the system does not tell."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return None
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else None


def ours(photos, out, k):
    """The seconds that the command takes, and its memory by the number of photos done."""
    command = [sys.executable, "-c", COMMAND, str(photos), "-o", str(out), "-k", str(k)]
    memory = {}
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--space", "rgb"])
    while process.poll() is None:
        n_done = len(list(out.glob(".colorcluster/*.json")))
        held = memory_of(process)
        if held is not None:
            # The most it held at any time while so many were done.
            memory[n_done] = max(held, memory.get(n_done, 0))
        time.sleep(0.02)
    if process.returncode:
        sys.exit(f"the command ended with {process.returncode}")
    return time.perf_counter() - start, memory


def peer(paths, k):
    """The seconds that scikit-learn takes, started and loaded as ours is not."""
    from sklearn.cluster import KMeans

    start = time.perf_counter()
    for path in paths:
        pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3).astype(np.float64)
        model = KMeans(k, n_init=1, random_state=0).fit(pixels)
        np.bincount(model.predict(pixels), minlength=k)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--n-peer", type=int, default=5)
    parser.add_argument("--megapixels", type=float, default=1.0)
    parser.add_argument("--k", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        photos, out = folder / "photos", folder / "out"
        generate(photos, arguments.n, arguments.megapixels)
        seconds, memory = ours(photos, out, arguments.k)
        paths = sorted(photos.iterdir())[: arguments.n_peer]
        seconds_peer = peer(paths, arguments.k)

    rate, rate_peer = arguments.n / seconds, len(paths) / seconds_peer
    print(f"\n{arguments.n} photos of {arguments.megapixels:g} megapixels, k = {arguments.k}")
    print(f"ours          {rate:6.2f} images/s, files written, start-up included")
    print(f"scikit-learn  {rate_peer:6.2f} images/s, nothing written ({len(paths)} photos)")
    print(f"ratio         {rate / rate_peer:6.1f}")
    early = max((held for done, held in memory.items() if done <= SETTLED), default=None)
    last = arguments.n - SETTLED
    late = max((held for done, held in memory.items() if done > last), default=None)
    if early and late:
        print(f"memory        {early:6.0f} MB in the first {SETTLED}, {late:.0f} MB in the last")


if __name__ == "__main__":
    main()

"""The command line on many photos: throughput compared with a loop, memory, and being killed.

Photos are randomly cropped, mirrored and tinted, with noise added, so that no two have the same
colors. Ours is the command in a process of its own, start-up included: it reads and clusters each
photo, and writes the quantized image, the labels and the table of shares. The peer reads a photo,
fits KMeans to its pixels from a single start, labels them and counts; it writes nothing.
"""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import tifffile
from photos import resized
from PIL import Image

from rows.row import Row, times

COMMAND = "import sys; from napari_colorcluster.cli.main import main; sys.exit(main())"
N_PHOTOS, LEAST_PHOTOS = 200, 12
N_KILLS, LEAST_KILLS = 10, 2
EACH_FOR_PEER = 10
"""The peer gets one photo in ten: all of them would take long and show nothing new."""
SETTLED = 10
K = 5
IN_SRGB = "--space", "rgb"


def batch(options):
    """`scale` is a factor on the number of photos and of kills as well."""
    n_photos = max(LEAST_PHOTOS, round(N_PHOTOS * min(options.scale, 1)))
    n_kills = max(LEAST_KILLS, round(N_KILLS * min(options.scale, 1)))
    folder = Path(options.folder.name)
    photos, out = folder / "photos", folder / "whole"
    generate(photos, options.photos.values(), n_photos, options.megapixels(1))
    seconds, memory = timed(photos, out)
    paths = sorted(photos.iterdir())[::EACH_FOR_PEER]
    rate, rate_peer = n_photos / seconds, len(paths) / seconds_of_peer(paths)
    what = f"{n_photos} photos of {options.size(1)}, k = {K}"
    yield Row(
        f"command line on {what}: images per second / scikit-learn's KMeans and predict in a loop",
        "> 1 ×",
        f"{times(rate / rate_peer)}: {rate:.2f} with files written, {rate_peer:.2f} on "
        f"{len(paths)} of the photos",
        rate > rate_peer,
    )
    # Without the last one: it loads pandas, to write the table.
    early = [held for done, held in memory if SETTLED <= done < 2 * SETTLED]
    late = [held for done, held in memory if n_photos - SETTLED <= done < n_photos]
    known = bool(early and late)
    early, late = (float(np.median(held)) if known else np.nan for held in (early, late))
    yield Row(
        f"command line on {what}: memory (median) in its last {SETTLED} photos / from the "
        f"{SETTLED}th to the {2 * SETTLED}th",
        "≤ 1.1 ×",
        f"{times(late / early)}: {early:.0f} MB, then {late:.0f} MB" if known else "unknown here",
        late <= 1.1 * early if known else None,
    )
    whole, same = killed(photos, folder / "killed", out, n_photos, n_kills)
    yield Row(
        f"command line on {what}: killed {n_kills} times at random and resumed",
        "the same shares.csv to the byte, every file whole",
        f"{'the same' if same else 'another'} table, {'all' if whole else 'not all'} files whole",
        whole and same,
    )


def generate(folder, photos, n_photos, megapixels):
    folder.mkdir()
    larger = [resized(photo, 1.5 * megapixels) for photo in photos]
    for number in range(n_photos):
        dice = np.random.default_rng(number)
        photo = larger[number % len(larger)][:: dice.choice([-1, 1]), :: dice.choice([-1, 1])]
        height = round(photo.shape[0] / 1.5**0.5)
        width = round(megapixels * 1e6 / height)
        top = dice.integers(photo.shape[0] - height + 1)
        cut = photo[top : top + height, :width] * dice.uniform(0.6, 1.1, 3)
        noisy = np.clip(np.rint(cut + dice.normal(0, 2, cut.shape)), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"{number:04}.jpg", quality=92)


def started(photos, out, *more):
    command = [sys.executable, "-c", COMMAND, str(photos), "-o", str(out), "-k", str(K)]
    return subprocess.Popen([*command, *more], stderr=subprocess.DEVNULL)


def n_done(out):
    return len(list(out.glob(".colorcluster/*.json")))


def timed(photos, out):
    """Seconds that the command takes, and samples of (images done, memory in MB)."""
    memory = []
    start = time.perf_counter()
    process = started(photos, out, *IN_SRGB)
    while process.poll() is None:
        done, held = n_done(out), memory_of(process)
        if held is not None:
            memory.append((done, held))
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"The command ended with {process.returncode}.")
    return time.perf_counter() - start, memory


def memory_of(process):
    """The resident memory of a process in MB, or None where it cannot be read."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return None
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) / 1024 if lines else None


def seconds_of_peer(paths):
    from sklearn.cluster import KMeans

    start = time.perf_counter()
    for path in paths:
        pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3).astype(np.float64)
        model = KMeans(K, n_init=1, random_state=0).fit(pixels)
        np.bincount(model.predict(pixels), minlength=K)
    return time.perf_counter() - start


def killed(photos, out, expected, n_photos, n_kills):
    """Whether all files were complete after every kill, and whether the final table is the same."""
    dice = random.Random(0)
    seen, whole = {}, True
    for kill in range(n_kills):
        process = started(photos, out, *IN_SRGB, "--resume")
        # Kills are spread evenly over the photos, each at a random moment of its part.
        enough = kill * n_photos // n_kills + dice.randrange(max(1, n_photos // n_kills))
        while process.poll() is None and n_done(out) < enough:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        process.wait()
        whole &= all(is_whole(path, seen) for path in out.glob("*"))
    if started(photos, out, *IN_SRGB, "--resume").wait():
        raise RuntimeError("The command that was resumed did not end well.")
    names = {path.name for path in expected.iterdir()}
    whole &= {path.name for path in out.iterdir()} == names
    same = (out / "shares.csv").read_bytes() == (expected / "shares.csv").read_bytes()
    shutil.rmtree(out)
    return whole, same


def is_whole(path, seen):
    """Whether a file can be read to its end; checked again only if it has changed."""
    changed = path.stat().st_mtime_ns
    if path.is_dir() or seen.get(path) == changed:
        return True
    seen[path] = changed
    try:
        if path.suffix == ".tif":
            tifffile.imread(path)
        elif path.suffix == ".png":
            np.asarray(Image.open(path))
    except Exception:
        return False
    return True

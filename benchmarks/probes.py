"""What runs in a process of its own, so that its memory and its first moments can be measured.

At the top only numpy is imported: whatever a probe needs beyond that is the probe's own. Results
travel as JSON.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from photos import cup

HERE = Path(__file__).parent
CHUNK = 2048
"""Pixels along a side of the chunks of a large image."""


def fresh(probe, *arguments):
    """Run one of the functions below in a new process; return what it returns."""
    code = (
        "import json, sys, probes; name, *arguments = json.loads(sys.argv[1]); "
        "print(json.dumps(getattr(probes, name)(*arguments)))"
    )
    call = json.dumps([probe.__name__, *arguments])
    done = subprocess.run(
        [sys.executable, "-c", code, call], cwd=HERE, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def seconds_of(code, *arguments, cache=None):
    """How long a new process takes for some Python code, from its start to its end."""
    environment = dict(os.environ)
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True)
    return time.perf_counter() - start


def peak_memory():
    """The most memory that this process has held so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux it begins at what the parent held.
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def forget_peak():
    """Let the peak begin anew, where the system can (Linux): imports take memory for a moment."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")


def whole_job(image, k):
    from napari_colorcluster import cluster_colors, count_colors

    clustering = cluster_colors(count_colors(image), k, color_space="rgb")
    return clustering, clustering.predict_and_paint(image)


def peak_of_whole_job(path, k, job, warm):
    """Peak memory of the whole job, or of holding no more than its input and outputs.

    By default the latter has numpy alone; `warm` loads all libraries and kernels in both cases.
    """
    if warm:
        whole_job(cup(12), k)
        forget_peak()
    image = np.load(path)
    if job:
        _held = whole_job(image, k)
    else:
        _held = np.ones(image.shape[:-1], np.uint8), np.ones_like(image)
    return peak_memory()


class Sink:
    """Takes what dask stores, and drops it."""

    def __setitem__(self, where, block):
        pass


def lazy_mosaic(path, megapixels, chunk=CHUNK):
    """A dask array whose chunks are cut from a photo in a file, each elsewhere, when asked for."""
    import dask.array as da

    def cut(block_info=None):
        photo = np.load(path, mmap_mode="r")
        height, width, _ = photo.shape
        if min(height, width) < chunk:
            photo = np.tile(photo, (-(-chunk // height), -(-chunk // width), 1))
        row, column, _ = block_info[None]["chunk-location"]
        top = 997 * row % (photo.shape[0] - chunk + 1)
        left = 1013 * column % (photo.shape[1] - chunk + 1)
        shape = block_info[None]["chunk-shape"]
        return np.array(photo[top : top + shape[0], left : left + shape[1]])

    side = round((megapixels * 1e6) ** 0.5)
    chunks = da.core.normalize_chunks((chunk, chunk, 3), (side, side, 3))
    return da.map_blocks(cut, chunks=chunks, dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))


def large_job(path, megapixels, k, repeats):
    """Time and peak memory of a lazy image, and the time of the photo it is made of.

    Counting and painting each make all chunks, so they are made twice by themselves as well, and
    that time is to be subtracted.
    """
    import dask.array as da

    from napari_colorcluster import count_colors

    photo = np.load(path)
    lazy = lazy_mosaic(path, megapixels)
    whole_job(photo, k)  # imports and compiled kernels

    def time_photo():
        """The whole job, and what its passes over pixels take alone."""
        start = time.perf_counter()
        clustering, _ = whole_job(photo, k)
        whole = time.perf_counter()
        count_colors(photo)
        clustering.predict_and_paint(photo)
        return whole - start, time.perf_counter() - whole

    def make_all():
        start = time.perf_counter()
        da.store(lazy, Sink(), lock=False)
        return time.perf_counter() - start

    photo_seconds = [time_photo() for _ in range(repeats)]
    making = make_all()
    start = time.perf_counter()
    _, results = whole_job(lazy, k)
    da.store(results, [Sink(), Sink()], lock=False)
    seconds = time.perf_counter() - start
    peak = peak_memory()
    making += make_all()
    photo_seconds += [time_photo() for _ in range(repeats)]
    whole, passes = np.median(photo_seconds, axis=0).tolist()
    return {
        "seconds": seconds,
        "making": making,
        "megapixels": lazy.shape[0] * lazy.shape[1] / 1e6,
        "photo_seconds": whole,
        "photo_passes": passes,
        "photo_megapixels": photo.shape[0] * photo.shape[1] / 1e6,
        "peak": peak,
    }


def ward(tool, height, job):
    """Time and peak memory of Ward's tree of the coffee cup's pixels, standardized."""
    run = WARD[tool]
    run(cup(12))  # imports and compiled kernels
    image = cup(height)
    forget_peak()
    start = time.perf_counter()
    _held = run(image) if job else None
    return {"seconds": time.perf_counter() - start, "peak": peak_memory()}


def ward_ours(image):
    from napari_colorcluster import cluster_colors

    tree = cluster_colors(image, 3, "agglomerative", "rgb", standardize=True)
    return tree, tree.predict(image)


def ward_fastcluster(image):
    from fastcluster import linkage_vector

    return linkage_vector(standardized(image), "ward")


def ward_scikit_learn(image):
    from sklearn.cluster import AgglomerativeClustering

    return AgglomerativeClustering(3).fit(standardized(image))


def standardized(image):
    pixels = image.reshape(-1, 3).astype(np.float64)
    return (pixels - pixels.mean(axis=0)) / pixels.std(axis=0)


WARD = {"ours": ward_ours, "fastcluster": ward_fastcluster, "scikit-learn": ward_scikit_learn}

"""Functions that run in a process of their own, to measure memory and start-up time.

Only numpy is imported at the top; each probe imports what else it needs. Results are passed as
JSON.
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
"""Side of the chunks of a large image, in pixels."""


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
    """How long a new process takes to run some Python code, start-up included."""
    environment = dict(os.environ)
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = str(cache)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True)
    return time.perf_counter() - start


def peak_memory():
    """The peak memory of this process so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux it starts at the memory of the parent.
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def reset_peak():
    """Reset the peak memory, on Linux: imports take memory for a moment."""
    clear_refs = Path("/proc/self/clear_refs")
    if clear_refs.exists():
        clear_refs.write_text("5")


def whole_job(image, k):
    from napari_colorcluster import cluster_colors, count_colors

    clustering = cluster_colors(count_colors(image), k, color_space="rgb")
    return clustering, clustering.predict_and_paint(image)


def peak_of_whole_job(path, k, job, warm):
    """Peak memory of the whole job, or of only holding its input and outputs.

    The latter imports only numpy; with `warm`, both load all libraries and kernels before.
    """
    if warm:
        whole_job(cup(12), k)
        reset_peak()
    image = np.load(path)
    if job:
        _held = whole_job(image, k)
    else:
        _held = np.ones(image.shape[:-1], np.uint8), np.ones_like(image)
    return peak_memory()


class Sink:
    """Discards what dask stores."""

    def __setitem__(self, where, block):
        pass


def lazy_mosaic(path, megapixels, chunk=CHUNK):
    """A dask array whose chunks are cut lazily from a photo in a file, each at another place."""
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

    Counting and painting each make all chunks, so the time to make them twice is measured as well,
    to be subtracted.
    """
    import dask.array as da

    from napari_colorcluster import count_colors

    photo = np.load(path)
    lazy = lazy_mosaic(path, megapixels)
    whole_job(photo, k)  # imports and compiled kernels

    def time_photo():
        """Seconds of the whole job, and of its two passes over pixels alone."""
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
    """Time and peak memory of Ward's tree of the standardized pixels of the coffee cup."""
    run = WARD[tool]
    run(cup(12))  # imports and compiled kernels
    image = cup(height)
    reset_peak()
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

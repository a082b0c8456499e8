"""How time and error are measured: interleaved runs, medians, one measure of error for all."""

import time
from functools import partial

import numpy as np
import pandas as pd
from peers import OURS, PEERS, nearest


def timed(step, *args, **kwargs):
    start = time.perf_counter()
    result = step(*args, **kwargs)
    return time.perf_counter() - start, result


def let_others_finish(timeout=0.5):
    """Wait until no other thread of this process computes, half a second at most.

    OpenMP's threads spin for a while after their work, and would take a core from the next run.
    """
    end = time.perf_counter() + timeout
    while time.perf_counter() < end:
        started = time.process_time() - time.thread_time()
        # A few milliseconds of work: the clock of the process lags by about as much.
        sum(range(500_000))
        if time.process_time() - time.thread_time() - started < 1e-3:
            break


def interleaved(jobs, repeats):
    """Run jobs in turns, so that a machine that slows down does so for all of them.

    Returns the median seconds and the last result of each job, by name.
    """
    seconds = {name: [] for name in jobs}
    results = {}
    for _ in range(repeats):
        for name, job in jobs.items():
            let_others_finish()
            duration, results[name] = timed(job)
            seconds[name].append(duration)
    return {name: float(np.median(each)) for name, each in seconds.items()}, results


def mean_squared_error(image, labels):
    """The mean squared distance between a pixel and the mean of those with its label."""
    pixels, labels = image.reshape(-1, 3), labels.ravel()
    sizes = np.bincount(labels)
    sums = np.array([np.bincount(labels, channel) for channel in pixels.T])
    # All numbers are integers up to here, so the difference is exact.
    explained = (sums**2).sum(axis=0)[sizes > 0] / sizes[sizes > 0]
    return (np.square(pixels, dtype=np.int64).sum() - explained.sum()) / len(pixels)


def available(names):
    """The peers that are installed, each run once so that imports and compilation are not timed."""
    noise = np.random.default_rng(0).integers(256, size=(64, 64, 3), dtype=np.uint8)
    found = {}
    for name in names:
        try:
            PEERS[name](noise, 3)
        except ImportError as error:
            print(f"skipped: {name} ({error})")
        else:
            found[name] = PEERS[name]
    return found


def measure(peers, photos, ks, repeats):
    """A table with one row per image, k and peer: median seconds and error."""
    rows = []
    for image_name, image in photos.items():
        for k in ks:
            jobs = {name: partial(run, image, k) for name, run in peers.items()}
            seconds, results = interleaved(jobs, repeats)
            for name, (palette, labels) in results.items():
                labels = nearest(image, palette) if labels is None else labels
                error = mean_squared_error(image, labels)
                rows.append((image_name, k, name, seconds[name], error))
            print(f"{image_name}, k = {k}: done", flush=True)
    return pd.DataFrame(rows, columns=["image", "k", "peer", "seconds", "mse"])


def compare_with_ours(table):
    """Add time and error relative to ours on the same image with the same k."""
    case = ["image", "k"]
    own = table.loc[table["peer"] == OURS, [*case, "seconds", "mse"]]
    joined = table.merge(own, on=case, suffixes=("", "_ours"))
    return joined.assign(
        time_ratio=joined["seconds"] / joined["seconds_ours"],
        mse_ratio=joined["mse"] / joined["mse_ours"],
    )

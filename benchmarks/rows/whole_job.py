"""The whole job on large photos, from array to labels and colors, compared with peers."""

from functools import partial

import numpy as np
import pandas as pd
from measures import available, compare_with_ours, interleaved, mean_squared_error
from peers import OURS, PEERS

from rows.quality import ALL_PIXELS, SAMPLE, compare_with_sample
from rows.row import Row, spread

PILLOW = "Pillow FASTOCTREE"
K = 8


def whole_job(options):
    from napari_colorcluster import cluster_colors, count_colors

    peers = available([OURS, ALL_PIXELS, SAMPLE, PILLOW])
    rows, to_passes = [], []
    for name, image in options.photos_of(12).items():
        clustering = cluster_colors(image, K, color_space="rgb")
        clustering.predict(image)  # makes its table
        jobs = {peer: partial(run, image, K) for peer, run in peers.items()}
        jobs["count"] = partial(count_colors, image)
        jobs["look up"] = partial(clustering.predict_and_paint, image)
        seconds, results = interleaved(jobs, options.repeats)
        to_passes.append(seconds[OURS] / (seconds["count"] + seconds["look up"]))
        for peer in peers:
            error = mean_squared_error(image, results[peer][1])
            rows.append((name, K, peer, seconds[peer], error))
        print(f"{name}: " + ", ".join(f"{each} {seconds[each]:.3f} s" for each in jobs), flush=True)
    table = compare_with_ours(pd.DataFrame(rows, columns=["image", "k", "peer", "seconds", "mse"]))
    table = table.set_index("peer")
    job = f"whole job at {options.size(12)}, k = {K}"
    faster = table.loc[[ALL_PIXELS], "time_ratio"]
    yield Row(
        f"{job}: scikit-learn KMeans on all pixels (one start) / ours",
        "≥ 50",
        f"{spread(faster, '.0f')}; ours {1e3 * table.loc[[OURS], 'seconds'].median():.0f} ms",
        faster.median() >= 50,
    )
    yield Row(
        f"{job} / the two bare passes (count, look-up)",
        "≤ 3",
        spread(to_passes),
        np.median(to_passes) <= 3,
    )
    pillow = table.loc[[PILLOW]]
    slower, errors = 1 / pillow["time_ratio"], 1 / pillow["mse_ratio"]
    yield Row(
        f"{job} / {PILLOW}",
        "time ≤ 1, MSE < 0.2",
        f"time {spread(slower)}; MSE {spread(errors, '.3f')}",
        slower.median() <= 1 and errors.median() < 0.2,
    )
    yield from compare_with_sample(table, options.size(12), 0.5)


def another_k(options):
    """Labels and colors for one more k, on an image that was counted before, as the panel does."""
    from napari_colorcluster import count_colors
    from napari_colorcluster.core.clustering.fitter import ColorFitter
    from napari_colorcluster.core.clustering.settings import Settings

    def ours(image, fitter, k):
        return fitter.fit(k).predict_and_paint(image)

    available([OURS, PILLOW])
    ratios = []
    for name, image in options.photos_of(12).items():
        fitter = ColorFitter(count_colors(image), Settings(color_space="rgb"))
        for k in options.k:
            jobs = {
                "ours": partial(ours, image, fitter, k),
                "theirs": partial(PEERS[PILLOW], image, k),
            }
            seconds, _ = interleaved(jobs, options.repeats)
            ratios.append(seconds["ours"] / seconds["theirs"])
            print(f"{name}, k = {k}: {1e3 * seconds['ours']:.0f} ms", flush=True)
    yield Row(
        f"another k on an image already counted, {options.size(12)}, labels and quantized "
        f"included / {PILLOW}",
        "median ≤ 0.5",
        spread(ratios),
        np.median(ratios) <= 0.5,
    )

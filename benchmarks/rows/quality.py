"""Squared error compared with the best of many starts, and with a sample of the pixels."""

import hashlib
import json

import numpy as np
from measures import available, compare_with_ours, mean_squared_error, measure, timed
from peers import OURS, PEERS
from photos import resized

from rows.row import Row, spread

ALL_PIXELS = "scikit-learn KMeans"
SAMPLE = "scikit-learn KMeans, sample"


def quality(options):
    ratios = []
    for name, image in options.photos.items():
        if options.scale != 1:
            image = resized(image, image[..., 0].size / 1e6 * options.scale)
        for k in options.k:
            best = best_of_starts(image, k, options.starts, options.cache)
            _, labels = PEERS[OURS](image, k)
            ratios.append(mean_squared_error(image, labels) / best)
            print(f"{name}, k = {k}: {ratios[-1]:.6f} of the best known", flush=True)
    yield row_of_best(
        f'quality, "rgb", k in {", ".join(map(str, options.k))}, {len(options.photos)} photos: MSE '
        f"/ best of {options.starts} scikit-learn KMeans starts on all pixels",
        ratios,
    )


def row_of_best(what, ratios):
    """The row for errors, each divided by the best known."""
    return Row(
        what,
        "≤ 1.002 each, median ≤ 1.000",
        spread(ratios, ".4f"),
        max(ratios) <= 1.002 and round(float(np.median(ratios)), 3) <= 1,
    )


def best_of_starts(image, k, starts, folder):
    """The best error of scikit-learn on all pixels."""

    def measure():
        from sklearn.cluster import KMeans

        model = KMeans(k, n_init=starts, random_state=0)
        return mean_squared_error(image, model.fit_predict(image.reshape(-1, 3).astype(np.float64)))

    key = f"{key_of(image)} {'x'.join(map(str, image.shape))} k={k} starts={starts}"
    return remembered(folder / "best_of_starts.json", key, measure)


def key_of(*arrays):
    """A text that differs where arrays do."""
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


def remembered(path, key, measure):
    """What is slow to measure, cached in a file."""
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if key not in known:
        seconds, known[key] = timed(measure)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1), "utf-8")
        print(f"{key}: {seconds:.1f} s, cached in {path}", flush=True)
    return known[key]


def small_photos(options):
    """The whole job at 0.4 megapixels, compared with all pixels and with a sample."""
    peers = available([OURS, ALL_PIXELS, SAMPLE])
    table = compare_with_ours(measure(peers, options.photos_of(0.4), options.k, options.repeats))
    table = table.set_index("peer")
    ratios = 1 / table.loc[[ALL_PIXELS], "time_ratio"]
    yield Row(
        f"time at {options.size(0.4)} / scikit-learn KMeans on all pixels (one start)",
        "median ≤ 0.125",
        spread(ratios, ".3f"),
        ratios.median() <= 1 / 8,
    )
    yield from compare_with_sample(table, options.size(0.4), 1)


def compare_with_sample(table, size, at_most):
    """Rows for time and error compared with a sample of 10,000 pixels, from `compare_with_ours`."""
    rows = table.loc[[SAMPLE]]
    ratios = 1 / rows["time_ratio"]
    yield Row(
        f"time at {size} / scikit-learn on a sample of 10,000 pixels, then predict",
        f"median ≤ {at_most:g}",
        spread(ratios),
        ratios.median() <= at_most,
    )
    errors = 1 / rows["mse_ratio"]
    # Rounding in the last bits does not count as a difference.
    share = (errors <= 1 + 1e-9).mean()
    yield Row(
        f"MSE at {size} / that of the same sample",
        "≤ 1 on 95% of the cases, never > 1.002",
        f"≤ 1 on {share:.0%}; {spread(errors, '.4f')}",
        share >= 0.95 and errors.max() <= 1.002,
    )

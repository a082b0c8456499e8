"""Squared error for few and many clusters, on photos and odd pictures, and over the seeds."""

from functools import partial

import numpy as np
from measures import available, interleaved, mean_squared_error
from odd_pictures import odd_pictures
from peers import OURS, PEERS, nearest
from photos import resized

from rows.quality import key_of, remembered, row_of_best
from rows.row import Row, spread, times

KS = (4, 16, 64, 256)
SPACES = "rgb", "lab"
SEEDS = range(10)
MEGAPIXELS = 0.39


def every_k(options):
    """The error on all pixels, beside the best of some scikit-learn starts on weighted colors."""
    pictures = pictures_of(options)
    starts = min(options.starts, 10)
    for k in KS:
        ratios = []
        for name, image in pictures.items():
            for space in SPACES:
                points, weights, labels = clustered(image, k, space)
                if len(points) > k:
                    best = best_of_starts(points, weights, k, starts, options.cache)
                    ratios.append(error(points, weights, labels) / best)
                    print(f"{name}, {space}, k = {k}: {ratios[-1]:.5f} of the best", flush=True)
        yield row_of_best(
            f"quality, k = {k}, {len(pictures)} photos and odd pictures, {' and '.join(SPACES)}: "
            f"MSE / best of {starts} scikit-learn KMeans starts on weighted colors",
            ratios,
        )


def seeds(options):
    """The error with the default seed, beside the best of ten seeds."""
    pictures = pictures_of(options, odd=False)
    ratios = []
    for name, image in pictures.items():
        for space in SPACES:
            for k in (4, 8, 16):
                costs = [error(*clustered(image, k, space, seed)) for seed in SEEDS]
                ratios.append(costs[0] / min(costs))
                if ratios[-1] > 1.0005:
                    print(f"{name}, {space}, k = {k}: {ratios[-1]:.5f} of the best", flush=True)
    yield Row(
        f"quality, k in 4, 8, 16, {len(pictures)} photos: MSE with the default seed / best of "
        f"{len(SEEDS)} seeds",
        "≤ 1.0005 each",
        spread(ratios, ".5f"),
        max(ratios) <= 1.0005,
    )


def bisecting(options):
    """The error of bisecting k-means, beside scikit-learn's on weighted colors.

    Both are greedy: the better of two splits need not end with the smaller error.
    """
    from sklearn.cluster import BisectingKMeans

    starts, ratios = min(options.starts, 10), []
    for image in pictures_of(options).values():
        for space in SPACES:
            for k in (4, 16, 64):
                points, weights, labels = clustered(image, k, space, method="bisecting_kmeans")
                if len(points) > k:
                    theirs = BisectingKMeans(k, n_init=starts, random_state=0)
                    found = theirs.fit_predict(points, sample_weight=weights)
                    ours = error(points, weights, labels)
                    ratios.append(ours / error(points, weights, found))
    yield Row(
        f"bisecting k-means, k in 4, 16, 64, photos and odd pictures, {' and '.join(SPACES)}: MSE "
        f"/ that of scikit-learn's with {starts} starts a split",
        "median ≤ 1.000",
        spread(ratios, ".4f"),
        round(float(np.median(ratios)), 3) <= 1,
    )


def many_clusters(options):
    """Time for k = 256 beside scikit-learn on weighted colors, imagequant and Pillow."""
    from sklearn.cluster import KMeans

    image = resized(options.photo, options.megapixels(0.4))
    points, weights, _ = clustered(image, 256, "rgb")
    jobs = {
        OURS: partial(PEERS[OURS], image, 256),
        "scikit-learn": partial(
            KMeans(256, n_init=1, random_state=0).fit, points, sample_weight=weights
        ),
    }
    seconds, _ = interleaved(jobs, options.repeats)
    ratio = seconds["scikit-learn"] / seconds[OURS]
    yield Row(
        f"time, k = 256, {options.size(0.4)}: one scikit-learn start on weighted colors / our "
        "whole job",
        "≥ 25",
        times(ratio),
        ratio >= 25,
    )
    peers = available([OURS, "imagequant", "Pillow FASTOCTREE"])
    for size in (12, 24):
        image = resized(options.photo, options.megapixels(size))
        jobs = {name: partial(run, image, 256) for name, run in peers.items()}
        seconds, results = interleaved(jobs, options.repeats)
        errors = {
            name: mean_squared_error(image, nearest(image, palette) if labels is None else labels)
            for name, (palette, labels) in results.items()
        }
        for name, least in {"imagequant": 20, "Pillow FASTOCTREE": 1}.items():
            what = f"time and error, k = 256, {options.size(size)}, beside {name}"
            target = f"≥ {least} × faster" + ("" if least > 1 else ", < 0.5 of the MSE")
            if name not in peers:
                yield Row(what, target, "not installed", None)
                continue
            ratio, share = seconds[name] / seconds[OURS], errors[OURS] / errors[name]
            measured = f"{times(ratio)}, {share:.2f} of the MSE"
            yield Row(what, target, measured, ratio >= least and (least > 1 or share < 0.5))


def pictures_of(options, odd=True):
    """The photos at no more than the usual size, and pictures that are unlike photos."""
    most = options.megapixels(MEGAPIXELS)
    photos = {
        name: resized(image, most) if image[..., 0].size > most * 1e6 else image
        for name, image in options.photos.items()
    }
    return photos | (odd_pictures(options.scale) if odd else {})


def clustered(image, k, space, seed=0, method="kmeans"):
    """The distinct colors as points of a space, their counts, and their labels."""
    from napari_colorcluster import cluster_colors, count_colors

    histogram = count_colors(image)
    how = {"method": method, "color_space": space, "random_state": seed}
    clustering = cluster_colors(histogram, min(k, histogram.n_colors), **how)
    points = clustering.partition.space.points(histogram.colors)
    return points, histogram.counts.astype(float), clustering.labels


def error(points, weights, labels):
    """The weighted mean of the squared distances from the means of the labels."""
    points = points - points.mean(axis=0)
    sizes = np.bincount(labels, weights)
    sums = np.array([np.bincount(labels, weights * axis) for axis in points.T])
    explained = (sums**2).sum(axis=0)[sizes > 0] / sizes[sizes > 0]
    return (weights @ (points**2).sum(axis=1) - explained.sum()) / weights.sum()


def best_of_starts(points, weights, k, starts, folder):
    """The best error of scikit-learn on weighted points."""

    def measure():
        from sklearn.cluster import KMeans

        model = KMeans(k, n_init=starts, random_state=0).fit(points, sample_weight=weights)
        return error(points, weights, model.labels_)

    key = f"{key_of(points, weights)} k={k} starts={starts}"
    return remembered(folder / "best_of_weighted_starts.json", key, measure)

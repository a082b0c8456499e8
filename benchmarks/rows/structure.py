"""What scales badly with pixels: the silhouette, Ward's tree and the Gaussian mixture."""

from functools import partial
from importlib.util import find_spec

import numpy as np
from measures import interleaved, timed
from photos import cup
from probes import fresh, ward

from rows.row import Row, spread, times


def silhouette(options):
    """scikit-learn needs some 19 s per call: two of the eight calls, unless ``--slow``."""
    from sklearn.metrics import silhouette_score

    from napari_colorcluster import sweep_clusters
    from napari_colorcluster.core.clustering.choosing_k.silhouette import silhouette_scores

    image = cup(options.cup_height)
    sweep = sweep_clusters(image, range(2, 10), color_space="rgb")
    histogram = sweep[2].histogram
    points, weights = histogram.colors.astype(np.float64), histogram.counts.astype(np.float64)
    labelings = [clustering.labels for clustering in sweep.values()]
    seconds = []
    pixels = image.reshape(-1, 3).astype(np.float64)
    theirs, off = [], []
    for i, k in enumerate(sweep):
        if not options.slow and k not in (2, 9):
            continue
        labels = sweep[k].predict(image).ravel()
        duration, value = timed(silhouette_score, pixels, labels)
        theirs.append(duration)
        for _ in range(options.repeats):
            duration, scores = timed(silhouette_scores, points, weights, labelings)
            seconds.append(duration)
        off.append(abs(scores.values[i] - value))
        print(f"silhouette, k = {k}: {theirs[-1]:.2f} s, {seconds[-1]:.3f} s", flush=True)
    faster = len(sweep) * np.mean(theirs) / np.median(seconds)
    yield Row(
        f"silhouette for k = 2..9, {options.cup}, exact: scikit-learn's eight calls / ours",
        "≥ 50",
        f"{times(faster)} ({len(theirs)} of 8 calls measured, {np.mean(theirs):.1f} s each; ours "
        f"{np.median(seconds):.3f} s for all; values differ by {max(off):.0e})",
        faster >= 50 and scores.n_sampled is None and max(off) < 1e-6,
    )


def wards_tree(options):
    """A process per run; scikit-learn takes minutes and 20 GB, so only with ``--slow``."""
    peers = {"scikit-learn": options.slow, "fastcluster": bool(find_spec("fastcluster"))}
    tools = ["ours", *(name for name, runs in peers.items() if runs)]
    height = options.cup_height
    empty = {tool: fresh(ward, tool, height, False)["peak"] for tool in tools}
    runs = {tool: [] for tool in tools}
    for turn in range(options.repeats):
        for tool in tools:
            if turn == 0 or tool != "scikit-learn":
                runs[tool].append(fresh(ward, tool, height, True))
                print(f"Ward, {tool}: {runs[tool][-1]['seconds']:.2f} s", flush=True)
    seconds = {tool: np.median([run["seconds"] for run in runs[tool]]) for tool in tools}
    # At least one memory page, to avoid dividing by 0.
    memory = {
        tool: max(np.median([run["peak"] for run in runs[tool]]) - empty[tool], 4096)
        for tool in tools
    }

    def compared(peer, what, target, least_faster, least_smaller):
        figures = [f"{tool} {seconds[tool]:.2f} s, {memory[tool] / 1e6:.0f} MB" for tool in tools]
        what = f"Ward, {options.cup}, standardized, exact: {what} on all pixels / ours"
        if peer not in tools:
            return Row(what, target, f"{peer} did not run; {figures[0]}", None)
        faster, smaller = (of[peer] / of["ours"] for of in (seconds, memory))
        theirs = figures[tools.index(peer)]
        return Row(
            what,
            target,
            f"time {times(faster)}, memory {times(smaller)} ({figures[0]}; {theirs})",
            faster >= least_faster and smaller >= least_smaller,
        )

    yield compared(
        "scikit-learn", "scikit-learn AgglomerativeClustering", "time ≥ 50, memory ≥ 50", 50, 50
    )
    yield compared("fastcluster", "fastcluster.linkage_vector", "time > 1", 1, 0)


# In squared 8-bit levels; with much less, components collapse onto clipped channels.
REG_COVAR = 4.0


def mixture(options):
    """Both start from the same k-means clusters and use the same convergence criterion."""
    from napari_colorcluster import cluster_colors
    from napari_colorcluster.core.methods.gaussian_mixture import fit_mixture

    off, faster, fewer = [], [], []
    for name, image in options.photos_of(0.4).items():
        pixels = image.reshape(-1, 3).astype(np.float64)
        for k in options.k[:2]:
            start = cluster_colors(image, k, color_space="rgb")
            colors = start.histogram.colors.astype(np.float64)
            counts = start.histogram.counts.astype(np.float64)
            labels = start.labels.astype(np.int64) - 1
            jobs = {
                "ours": partial(fit_mixture, colors, counts, labels, REG_COVAR),
                "theirs": partial(their_mixture(pixels, start.predict(image).ravel()).fit, pixels),
            }
            seconds, results = interleaved(jobs, options.repeats)
            likelihood = log_likelihood(results["ours"], colors, counts)
            off.append(abs(likelihood - results["theirs"].score(pixels)))
            faster.append(seconds["theirs"] / seconds["ours"])
            fewer.append(len(pixels) / len(colors))
            print(f"mixture, {name}, k = {k}: {off[-1]:.0e}, {times(faster[-1])}", flush=True)
    gain = np.array(faster) / fewer
    yield Row(
        f"Gaussian mixture at {options.size(0.4)} beside scikit-learn's on all pixels: "
        "log-likelihood per pixel, and time saved / (pixels / colors)",
        "equal to 1e-6, ≥ 1",
        f"off by {max(off):.0e} at most; {spread(gain)}; {spread(faster, '.0f')} × faster",
        max(off) <= 1e-6 and np.median(gain) >= 1,
    )


def their_mixture(pixels, labels):
    """scikit-learn's mixture, initialized with k-means clusters of labels 1..k."""
    from sklearn.mixture import GaussianMixture

    parts = [pixels[labels == label] for label in range(1, labels.max() + 1)]
    floor = REG_COVAR * np.eye(3)
    return GaussianMixture(
        len(parts),
        reg_covar=REG_COVAR,
        weights_init=[len(part) / len(pixels) for part in parts],
        means_init=[part.mean(axis=0) for part in parts],
        precisions_init=[np.linalg.inv(np.cov(part.T, bias=True) + floor) for part in parts],
    )


def log_likelihood(found, colors, counts):
    """Mean log-likelihood per pixel, computed by scipy."""
    from scipy.special import logsumexp
    from scipy.stats import multivariate_normal

    covariances = found.factors @ found.factors.transpose(0, 2, 1)
    densities = [
        np.log(share) + multivariate_normal(mean, covariance).logpdf(colors)
        for share, mean, covariance in zip(
            found.mixing_weights, found.means, covariances, strict=True
        )
    ]
    return np.average(logsumexp(densities, axis=0), weights=counts)

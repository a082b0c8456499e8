"""Time an analysis of one photo, step by step, with this package and with scikit-learn alone.

    python benchmarks/notebook.py [--agglomerative-rows N] [--silhouette-k K ...]

The photo is scikit-image's coffee cup at 185 x 272 pixels. The steps: k-means for k = 2..9 with SSE
and silhouette; k-means with k = 3 and the image rebuilt; the palette bar; agglomerative clustering
(Ward, k = 3) of standardized pixels, its labels and bar. scikit-learn's agglomerative clustering
holds all distances between pixels, some 20 GB for the photo: by default, it gets a smaller one.
"""

import argparse

import numpy as np
from measures import timed
from photos import cup
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

import napari_colorcluster as ncc


def ours(image):
    """All steps with this package, as a list of (step, seconds, result)."""
    rows = []

    def did(name, step, *args, **kwargs):
        seconds, result = timed(step, *args, **kwargs)
        rows.append((name, seconds, result))
        return result

    sweep = did("sweep", ncc.sweep_clusters, image, color_space="rgb")
    did("k-means 3", lambda: sweep[3].quantize(image))
    did("bar", sweep[3].palette.bar)
    tree = did(
        "agglomerative 3",
        lambda: ncc.cluster_colors(image, 3, "agglomerative", "rgb", standardize=True),
    )
    did("agglomerative labels", tree.predict, image)
    did("agglomerative bar", tree.palette.bar)
    return rows


def theirs(image, small, silhouette_k):
    """The same with scikit-learn on pixels; silhouettes of some k, the tree of a small image."""
    pixels = image.reshape(-1, 3).astype(np.float64)
    seconds_kmeans, models = timed(
        lambda: {k: KMeans(k, n_init=10, random_state=0).fit(pixels) for k in range(2, 10)}
    )
    silhouettes = {k: timed(silhouette_score, pixels, models[k].labels_) for k in silhouette_k}
    standardized = StandardScaler().fit_transform(small.reshape(-1, 3))
    seconds_tree, tree = timed(AgglomerativeClustering(3).fit, standardized)
    return seconds_kmeans, models, silhouettes, seconds_tree, tree, standardized


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--agglomerative-rows", type=int, default=60)
    parser.add_argument("--silhouette-k", type=int, nargs="*", default=[2, 9])
    arguments = parser.parse_args()

    image = cup()
    small = cup(arguments.agglomerative_rows)
    ncc.sweep_clusters(small)  # compiled kernels are loaded once, not once a photo
    ncc.cluster_colors(small, 3, "agglomerative").predict(small)

    print(f"photo {image.shape}, {ncc.count_colors(image).n_colors:,} colors\n")
    rows = ours(image)
    for name, seconds, _ in rows:
        print(f"ours          {name:<22} {seconds:9.3f} s")
    total = sum(seconds for _, seconds, _ in rows)
    print(f"ours          all                    {total:9.3f} s\n")

    seconds_kmeans, models, silhouettes, seconds_tree, tree, standardized = theirs(
        image, small, arguments.silhouette_k
    )
    table = rows[0][2].to_dataframe().set_index("n_clusters")
    print(f"scikit-learn  k-means 2..9           {seconds_kmeans:9.3f} s")
    for k, (seconds, value) in silhouettes.items():
        print(f"scikit-learn  silhouette k = {k}       {seconds:9.3f} s  {value:.9f}")
    each = np.mean([seconds for seconds, _ in silhouettes.values()])
    their_total = seconds_kmeans + 8 * each
    print(f"scikit-learn  sweep, 8 silhouettes   {their_total:9.3f} s")
    print(
        f"scikit-learn  agglomerative on {small.shape[0]} x {small.shape[1]} pixels "
        f"{seconds_tree:9.3f} s"
    )
    own_small, own_tree = timed(
        ncc.cluster_colors, small, 3, "agglomerative", "rgb", standardize=True
    )
    print(f"ours          the same               {own_small:9.3f} s")
    sse = sum(
        ((part - part.mean(axis=0)) ** 2).sum()
        for part in (standardized[tree.labels_ == label] for label in range(3))
    )
    print(f"              SSE {own_tree.inertia:.3f}, scikit-learn's {sse:.3f}\n")

    print(f"sweep: {their_total / rows[0][1]:.0f} times faster")
    print(f"notebook without their agglomerative: {their_total / total:.0f} times faster")
    for k, model in models.items():
        line = f"k = {k}: SSE {table.loc[k, 'sse'] / model.inertia_:.6f} of scikit-learn's"
        if k in silhouettes:
            with threadpool_limits(1):
                labels = rows[0][2][k].predict(image).ravel()
            off = table.loc[k, "silhouette"] - silhouette_score(
                image.reshape(-1, 3).astype(np.float64), labels
            )
            line += f", silhouette off by {off:.1e}"
        print(line)


if __name__ == "__main__":
    main()

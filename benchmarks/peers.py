"""The peers: other quantizers, each as a function with the same signature.

A peer takes an RGB image (uint8) and k, and returns a palette and the label of each pixel; labels
are None if the tool gives only a palette. Seeds are fixed, settings are those that a user of the
tool would find first, and nothing is dithered. Packages are imported by the peer that needs them,
so a missing one costs one peer.
"""

import numpy as np

PEERS = {}
OURS = "ours"


def peer(name):
    def register(run):
        PEERS[name] = run
        return run

    return register


def nearest(image, palette):
    """The index of the nearest color of a palette, for the pixels of an image."""
    from sklearn.metrics import pairwise_distances_argmin

    # In float64 the squared distances of 8-bit colors are exact.
    return pairwise_distances_argmin(
        image.reshape(-1, 3).astype(np.float64), np.asarray(palette, np.float64)
    )


@peer(OURS)
def ours(image, k):
    from napari_colorcluster import cluster_colors, count_colors

    histogram = count_colors(image)
    clustering = cluster_colors(histogram, k, color_space="rgb")
    labels, _ = clustering.predict_and_paint(image)
    return clustering.palette.colors, labels


@peer("scikit-learn KMeans")
def kmeans(image, k):
    from sklearn.cluster import KMeans

    model = KMeans(k, n_init=1, random_state=0).fit(image.reshape(-1, 3).astype(np.float64))
    return model.cluster_centers_, model.labels_


@peer("scikit-learn MiniBatchKMeans")
def mini_batch_kmeans(image, k):
    from sklearn.cluster import MiniBatchKMeans

    pixels = image.reshape(-1, 3).astype(np.float64)
    model = MiniBatchKMeans(k, n_init=1, random_state=0).fit(pixels)
    return model.cluster_centers_, model.labels_


@peer("scikit-learn KMeans, sample")
def kmeans_of_sample(image, k):
    """Fitted on 10,000 random pixels, then predicted for all: scikit-learn's own example."""
    from sklearn.cluster import KMeans

    pixels = image.reshape(-1, 3).astype(np.float32)
    chosen = np.random.default_rng(0).integers(len(pixels), size=10_000)
    model = KMeans(k, n_init=1, random_state=0).fit(pixels[chosen])
    return model.cluster_centers_, model.predict(pixels)


def pillow(method, kmeans=0):
    """Pillow's quantizer; its k-means stops when at most `kmeans` pixels change."""

    def run(image, k):
        from PIL import Image, features

        if method == "LIBIMAGEQUANT" and not features.check("libimagequant"):
            raise ImportError("this Pillow is built without libimagequant")
        quantized = Image.fromarray(image).quantize(k, Image.Quantize[method], kmeans)
        return np.reshape(quantized.getpalette(), (-1, 3))[:k], np.asarray(quantized)

    return run


# The other two methods ignore `kmeans`.
for method in ("MEDIANCUT", "MAXCOVERAGE"):
    peer(f"Pillow {method}")(pillow(method))
    peer(f"Pillow {method}, k-means")(pillow(method, kmeans=1))
for method in ("FASTOCTREE", "LIBIMAGEQUANT"):
    peer(f"Pillow {method}")(pillow(method))


@peer("OpenCV kmeans")
def opencv(image, k):
    import cv2

    cv2.setRNGSeed(0)
    pixels = image.reshape(-1, 3).astype(np.float32)
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 100, 0.1)
    _, labels, palette = cv2.kmeans(pixels, k, None, until, 1, cv2.KMEANS_PP_CENTERS)
    return palette, labels


@peer("faiss Kmeans")
def faiss(image, k):
    """By default, it fits 256 random pixels per cluster."""
    import faiss

    pixels = image.reshape(-1, 3).astype(np.float32)
    model = faiss.Kmeans(3, k, seed=1234)
    model.train(pixels)
    _, labels = model.assign(pixels)
    return model.centroids, labels


@peer("imagequant")
def imagequant(image, k):
    from imagequant import quantize_raw_rgba_bytes

    height, width, _ = image.shape
    labels, palette = quantize_raw_rgba_bytes(
        with_alpha(image).tobytes(), width, height, dithering_level=0, max_colors=k
    )
    return np.reshape(palette, (-1, 4))[:k, :3], np.frombuffer(labels, np.uint8)


@peer("fast-colorthief, palette only")
def fast_colorthief(image, k):
    from fast_colorthief import get_palette

    # It may return one color more or less than asked for.
    return np.array(get_palette(with_alpha(image), k, quality=1))[:k], None


@peer("Pylette, palette only")
def pylette(image, k):
    """By default, it reduces the image to 256 × 256 pixels."""
    from pylette import extract_colors

    return np.array([color.rgb for color in extract_colors(image, k).colors]), None


def with_alpha(image):
    return np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])

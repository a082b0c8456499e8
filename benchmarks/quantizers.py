"""Compare this package with other quantizers on real photos: time and mean squared error.

    python benchmarks/quantizers.py [--k K ...] [--repeats N] [--images FOLDER]
                                    [--megapixels M] [--peers NAME ...] [--out FOLDER]

Each peer does the whole job, from the image to the labels of all pixels; ours makes the quantized
image as well. Runs are interleaved, so that a machine that slows down does so for all, and each
starts when no thread of another computes. The error is the mean squared distance in sRGB between a
pixel and the mean of the pixels with its label. Tools that give only a palette get labels from an
exact search for the nearest color, which is not timed.
"""

import argparse
from pathlib import Path

import numpy as np
from measures import available, compare_with_ours, measure
from peers import OURS, PEERS
from photos import bundled_photos, photos_in, resized

# Colors of Okabe and Ito, which color-blind people can distinguish.
FAMILIES = {
    OURS: ("#d55e00", "*"),
    "scikit-learn": ("#0072b2", "o"),
    "Pillow": ("#009e73", "s"),
}
OTHERS = ("#000000", "D")


def markdown(table):
    """A table per k with medians over images, sorted by error, then time."""
    lines = []
    for k, rows in table.groupby("k"):
        by_peer = rows.groupby("peer")
        summary = by_peer[["seconds", "time_ratio", "mse_ratio"]].median()
        summary["worst"] = by_peer["mse_ratio"].max()
        lines += [
            f"| k = {k} | time | time / ours | MSE / ours | worst MSE / ours |",
            "|---|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {peer} | {1e3 * seconds:.1f} ms | {time_ratio:.2f} | {ratio:.3f} | {worst:.3f} |"
            for peer, seconds, time_ratio, ratio, worst in summary.sort_values(
                ["mse_ratio", "seconds"]
            ).itertuples()
        ]
        lines.append("")
    return "\n".join(lines)


def plot(table, path):
    """Time against error, as medians over all images and k; the lower left corner is best."""
    from matplotlib.figure import Figure

    points = table.groupby("peer")[["mse_ratio", "time_ratio"]].median().sort_values("time_ratio")
    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.add_subplot(
        xscale="log",
        yscale="log",
        xlabel="mean squared error, as a multiple of ours",
        ylabel="time, as a multiple of ours",
    )
    axes.axhline(1, color="0.85", zorder=0)
    axes.axvline(1, color="0.85", zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    axes.set_xticks([1, 1.5, 2, 3, 5, 10, 20])
    axes.set_xticks([], minor=True)
    axes.set_xlim(points["mse_ratio"].min() / 1.1, points["mse_ratio"].max() * 2)
    axes.set_ylim(points["time_ratio"].min() / 2, points["time_ratio"].max() * 2)
    figure.draw_without_rendering()  # names are placed in final coordinates

    height = -np.inf
    places = axes.transData.transform(points) * 72 / figure.dpi
    for (left, at), (name, ratio, duration) in zip(places, points.itertuples(), strict=True):
        family = name if name in FAMILIES else name.partition(" ")[0]
        color, marker = FAMILIES.get(family, OTHERS)
        axes.plot(ratio, duration, marker, color=color, markersize=13 if name == OURS else 7)
        # From the fastest up, a name moves up to clear the one before, and right to clear the
        # markers beside it.
        height = max(at, height + 11)
        beside = places[np.abs(places[:, 1] - height) < 11, 0] - left
        right = 10 + beside[(beside >= 0) & (beside < 20)].max(initial=0)
        axes.annotate(
            name,
            (ratio, duration),
            # Below ours, since an equally good peer may be close above it.
            xytext=(10, -14) if name == OURS else (right, height - at),
            textcoords="offset points",
            color=color,
            fontsize=9,
            va="center",
            weight="bold" if name == OURS else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            zorder=1,
        )
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--k", type=int, nargs="+", default=[3, 8, 16, 32])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--images", type=Path, help="a folder, instead of the bundled photos")
    parser.add_argument("--megapixels", type=float, help="resize each photo to this size")
    parser.add_argument("--peers", nargs="+", choices=PEERS, metavar="NAME", default=list(PEERS))
    parser.add_argument("--out", type=Path, default=Path("colorcluster-output/benchmark"))
    arguments = parser.parse_args()

    photos = photos_in(arguments.images) if arguments.images else bundled_photos()
    if not photos:
        parser.error(f"no images in {arguments.images}")
    if arguments.megapixels:
        photos = {name: resized(image, arguments.megapixels) for name, image in photos.items()}
    # Ratios are relative to ours, so it always runs.
    peers = available(dict.fromkeys([OURS, *arguments.peers]))
    table = compare_with_ours(measure(peers, photos, arguments.k, arguments.repeats))

    arguments.out.mkdir(parents=True, exist_ok=True)
    text = markdown(table)
    (arguments.out / "quantizers.md").write_text(text, "utf-8")
    table.to_csv(arguments.out / "quantizers.csv", index=False)
    plot(table, arguments.out / "quantizers.png")
    print(f"\n{text}\nwritten to {arguments.out}")


if __name__ == "__main__":
    main()

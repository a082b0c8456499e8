"""Images that do not fit in memory, and processes of dask.distributed."""

import numpy as np
from probes import fresh, large_job, lazy_mosaic

from rows.row import Row

K = 8
GIB = 2**30


def any_size(options):
    found = fresh(large_job, options.stored(12), options.megapixels(1000), K, options.repeats)
    cost = (found["seconds"] - found["making"]) / found["megapixels"]
    cost_of_photo = found["photo_seconds"] / found["photo_megapixels"]
    cost_of_passes = found["photo_passes"] / found["photo_megapixels"]
    yield Row(
        f"cost per pixel at {options.size(1000)} (dask, made lazily, making subtracted) / at "
        f"{options.size(12)}",
        "≤ 1.3",
        f"{cost / cost_of_photo:.2f} ({1e3 * cost:.1f} / {1e3 * cost_of_photo:.1f} ns, "
        f"there {1e3 * cost_of_passes:.1f} ns for the passes over pixels alone; "
        f"{found['seconds']:.1f} s, of which {found['making']:.1f} s making)",
        cost <= 1.3 * cost_of_photo,
    )
    yield Row(
        "peak memory for that, in total",
        "< 1.5 GiB",
        f"{found['peak'] / GIB:.2f} GiB",
        found["peak"] < 1.5 * GIB,
    )


def distributed(options):
    """The same image on threads and on two worker processes."""
    import dask
    from distributed import Client, LocalCluster

    from napari_colorcluster import cluster_colors

    def run(image):
        clustering = cluster_colors(image, K, color_space="rgb")
        return clustering, *dask.compute(*clustering.predict_and_paint(image))

    megapixels = options.megapixels(12)
    lazy = lazy_mosaic(options.stored(12), megapixels, chunk=round((megapixels * 1e6) ** 0.5 / 6))
    with dask.config.set(scheduler="threads"):
        threads = run(lazy)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        processes = run(lazy)
        made = list(client.run(tables_made).values())
    first, second = threads[0].palette, processes[0].palette
    equal = {
        "labels": np.array_equal(threads[1], processes[1]),
        "quantized": np.array_equal(threads[2], processes[2]),
        "palette": np.array_equal(first.colors, second.colors),
        "shares": np.array_equal(first.fractions, second.fractions),
    }
    differ = [name for name, same in equal.items() if not same]
    yield Row(
        f"dask.distributed, two worker processes / the same on threads, {options.size(12)}",
        "labels, palette, shares equal to the bit; one table a worker",
        f"{', '.join(differ) + ' differ' if differ else 'all equal'}; tables made "
        f"{' and '.join(map(str, made))} for {lazy.npartitions} chunks",
        not differ and made == [1, 1],
    )


def tables_made():
    """How many lookup tables a worker made."""
    from napari_colorcluster.core.pixels import lookup

    return sum(token in lookup.TABLES for token in lookup._arrived)

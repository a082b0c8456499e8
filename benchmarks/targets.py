"""All targets of this package and what was measured, in one table.

    python benchmarks/targets.py [--only NAME ...] [--photos NAME ...] [--k K ...] [--repeats N]
                                 [--images FOLDER] [--starts N] [--cache FOLDER] [--slow]
                                 [--scale FACTOR] [--out FOLDER]

`make bench` runs this after quantizers.py. All ratios are of medians of interleaved runs. Rows on a
single photo (memory, any_size, distributed, first_click) use the first; the silhouette and Ward's
tree always use the coffee cup. The reference of `quality` is the best of 20 scikit-learn starts on
all pixels, which takes long and is cached in a folder. `--slow` runs scikit-learn's agglomerative
clustering (minutes, 20 GB of memory) and all eight of its silhouettes. `--scale 0.01` tries
everything out on images with a hundredth of the pixels. Names for `--only`: quality, every_k,
seeds, bisecting, many_clusters, small_photos, whole_job, memory, another_k, any_size, distributed,
silhouette, ward, mixture, imports, first_click, batch, study. The last two take most of the time:
200 photos of a megapixel, and the same again while being killed ten times; 1,000 small photos. A
small `--scale` has fewer of all.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from photos import BUNDLED, bundled_photos, photos_in
from rows import (
    any_size,
    batch,
    every_k,
    first_click,
    memory,
    quality,
    structure,
    study,
    whole_job,
)
from rows.row import Options, markdown

BENCHMARKS = {
    "quality": quality.quality,
    "every_k": every_k.every_k,
    "seeds": every_k.seeds,
    "bisecting": every_k.bisecting,
    "many_clusters": every_k.many_clusters,
    "small_photos": quality.small_photos,
    "whole_job": whole_job.whole_job,
    "memory": memory.memory,
    "another_k": whole_job.another_k,
    "any_size": any_size.any_size,
    "distributed": any_size.distributed,
    "silhouette": structure.silhouette,
    "ward": structure.wards_tree,
    "mixture": structure.mixture,
    "imports": first_click.imports,
    "first_click": first_click.first_click,
    "batch": batch.batch,
    "study": study.study,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME")
    parser.add_argument("--photos", nargs="+", choices=BUNDLED, metavar="NAME", default=BUNDLED)
    parser.add_argument("--images", type=Path, help="a folder, instead of the bundled photos")
    parser.add_argument("--k", type=int, nargs="+", default=[3, 8, 16, 32])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "colorcluster-benchmark"
    )
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=Path("colorcluster-output/benchmark"))
    arguments = parser.parse_args()
    # Not every console has a sign for "at most".
    sys.stdout.reconfigure(errors="replace")

    photos = photos_in(arguments.images) if arguments.images else bundled_photos(arguments.photos)
    if not photos:
        parser.error(f"no images in {arguments.images}")
    options = Options(
        photos,
        arguments.k,
        arguments.repeats,
        arguments.starts,
        arguments.cache,
        arguments.scale,
        arguments.slow,
    )
    rows = []
    for name in arguments.only or BENCHMARKS:
        print(f"\n{name}", flush=True)
        start = time.perf_counter()
        rows += BENCHMARKS[name](options)
        print(f"{name}: done in {time.perf_counter() - start:.0f} s", flush=True)

    text = markdown(rows)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "targets.md").write_text(text, "utf-8")
    print(f"\n{text}\nwritten to {arguments.out}")


if __name__ == "__main__":
    main()

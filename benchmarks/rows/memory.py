"""Memory at 12 megapixels, beyond the input and the outputs."""

import numpy as np
from probes import fresh, peak_of_whole_job

from rows.row import Row

K = 8


def memory(options):
    """Imported libraries count as ours; the memory without them is given as well."""
    path = options.stored(12)
    fresh(peak_of_whole_job, path, K, True, False)  # compiling takes memory of its own
    extra = {warm: [] for warm in (False, True)}
    for _ in range(options.repeats):
        for warm, found in extra.items():
            with_job, without = (fresh(peak_of_whole_job, path, K, job, warm) for job in (1, 0))
            found.append((with_job - without) / 1e6)
    extra = {warm: float(np.median(found)) for warm, found in extra.items()}
    yield Row(
        f"extra memory at {options.size(12)}, beyond the input and the outputs",
        "≤ 200 MB",
        f"{extra[False]:.0f} MB with all libraries; {extra[True]:.0f} MB once they are loaded",
        extra[False] <= 200,
    )

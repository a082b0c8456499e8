"""One tiny case of the benchmark, so that it cannot rot. Nothing here looks at the times."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "quantizers.py"
PEERS = ["ours", "scikit-learn KMeans", "Pillow MEDIANCUT"]


def test_a_thumbnail_by_three_peers(thumbnail, tmp_path):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    Image.fromarray(thumbnail).save(photos / "thumbnail.png")
    command = [sys.executable, SCRIPT, "--k", "3", "--repeats", "1", "--images", photos]
    subprocess.run([*command, "--out", out, "--peers", *PEERS], check=True, timeout=120)

    table = pd.read_csv(out / "quantizers.csv").set_index("peer")
    assert sorted(table.index) == sorted(PEERS)
    numbers = table.select_dtypes("number")
    assert (np.isfinite(numbers) & (numbers > 0)).all(axis=None)
    assert table.loc["ours", "mse"] <= 1.002 * table["mse"].min()

    rows = (out / "quantizers.md").read_text("utf-8").splitlines()
    assert sum(row.startswith(tuple(f"| {peer} |" for peer in PEERS)) for row in rows) == len(PEERS)
    with Image.open(out / "quantizers.png") as plot:
        plot.verify()

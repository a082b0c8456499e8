"""The table of targets on tiny images, so that it cannot rot. Nothing here looks at the times."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks"
TINY = ["--photos", "coffee", "--scale", "0.002", "--repeats", "1", "--starts", "2", "--k", "3"]
# New processes cost most of the time: here what runs in one runs in a single one for all.
IN_ONE_PROCESS = """
import sys
import probes

def run_code(code, *arguments, cache=None):
    sys.argv[1:] = arguments
    exec(code, {})
    return 1.0

probes.fresh = lambda probe, *arguments: probe(*arguments)
probes.seconds_of = run_code

import targets

targets.main()
"""


def table_of(start, tmp_path, *arguments):
    """The rows: what to (target, measured, met)."""
    out = tmp_path / "out"
    command = [sys.executable, *start, *TINY, "--cache", tmp_path, "--out", out, *arguments]
    path = os.pathsep.join([str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])])
    subprocess.run(command, check=True, timeout=240, env={**os.environ, "PYTHONPATH": path})
    title, line, *rows = (out / "targets.md").read_text("utf-8").splitlines()
    assert title.count("|") == line.count("|") == 5
    return {what: rest for what, *rest in (row.strip("| ").split(" | ") for row in rows)}


def test_every_target_is_measured(tmp_path):
    rows = table_of(["-c", IN_ONE_PROCESS], tmp_path, "--slow")
    assert len(rows) == 36
    # These are peers, and need not be installed.
    optional = ("fastcluster", "imagequant")
    done = [met for what, (_, _, met) in rows.items() if not any(name in what for name in optional)]
    assert set(done) <= {"yes", "no"}
    # What does not depend on time or memory.
    for what in ("starts on all pixels", "dask.distributed", "killed"):
        (met,) = (row[-1] for name, row in rows.items() if what in name)
        assert met == "yes"
    assert (tmp_path / "best_of_starts.json").exists()


def test_processes_of_their_own(tmp_path):
    rows = table_of([FOLDER / "targets.py"], tmp_path, "--only", "imports", "any_size")
    assert len(rows) == 3
    assert {met for _, _, met in rows.values()} <= {"yes", "no"}

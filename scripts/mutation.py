"""How many small faults the tests of a room of `core` find: mutation testing, by a sample.

    python scripts/mutation.py pixels pattern --sample 60 --seed 0
    python scripts/mutation.py --again mutants.jsonl
    python scripts/mutation.py files --sample 60 -- -k "not browser"

Each mutant is a copy of the repository with one operator, number or condition changed, as
cosmic-ray changes them. The tests of its room run on it, those of the changed module first, up to
the first that fails. A mutant that fails none survives: either it changes nothing that matters, or
a test is missing. All of them are written to a file, whose survivors `--again` tries once more.
What follows `--` goes to pytest.
"""

import argparse
import ast
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/napari_colorcluster")
ROOMS = ("pixels", "clustering", "files", "pattern")
COPIED = ("src", "tests", "pyproject.toml", "napari.yaml")

# No result depends on these: numbers and words may or may not be one object, and the decorators
# of these rooms compile or keep what they decorate.
LEFT_OUT = re.compile(r"_Is(Not)?$|/RemoveDecorator$")

# What the samples look like is a matter of taste.
NOT_MUTATED = ("samples",)

# What takes long to import and is not changed; each mutant's process starts with it.
PRELOADED = (
    "dask.array",
    "numba",
    "pandas",
    "PIL.Image",
    "playwright.sync_api",
    "pytest",
    "skimage.transform",
    "sklearn.cluster",
    "tifffile",
)

OUTPUT = "output.txt"
NOTHING_RAN = (4, 5)
"""What pytest exits with where it does not know an argument, or finds no test."""

PYTEST = ["-x", "-q", "-n0", "--no-xvfb", "-pno:napari", "-pno:pytest-qt", "-pno:cacheprovider"]


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the nth place where an operator of cosmic-ray applies."""

    room: str
    path: str
    line: int
    operator: str
    occurrence: int

    @property
    def code(self) -> tuple[str, str]:
        """The file's text before and after."""
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator

        text = (ROOT / self.path).read_text()
        return text, mutate_code(text, get_operator(self.operator)(), self.occurrence)

    def __str__(self):
        before, after = (text.splitlines() for text in self.code)
        changed = [new.strip() for old, new in zip(before, after, strict=False) if old != new]
        return f"{self.path}:{self.line}: {' '.join(changed[:1])}"


def main() -> int:
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    own, for_pytest = given[:end], given[end + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", default=ROOMS, help=f"of {', '.join(ROOMS)}; all")
    parser.add_argument("--sample", type=int, help="mutants of each room; all by default")
    parser.add_argument("--seed", type=int, default=0, help="chooses the sample")
    parser.add_argument("--again", type=Path, help="a file of mutants, to try its survivors again")
    parser.add_argument("--output", type=Path, default="mutants.jsonl", help="where they go")
    parser.add_argument("--workers", type=int, default=2, help="mutants at a time")
    parser.add_argument("--timeout", type=float, default=60, help="seconds a test may take")
    arguments = parser.parse_args(own)

    known = read(arguments.again) if arguments.again else {}
    mutants = [mutant for mutant, survives in known.items() if survives]
    if not known:
        for room in arguments.rooms:
            mutants += sample(room, arguments.sample, arguments.seed)
    results = {mutant: survives for mutant, survives in known.items() if not survives}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trial = Trial(Path(folder), arguments.timeout, for_pytest)
        for room in dict.fromkeys(mutant.room for mutant in mutants):
            (trial.original / OUTPUT).unlink(missing_ok=True)
            if not trial.passes(trial.original, room):
                print((trial.original / OUTPUT).read_text(), file=sys.stderr)
                print(f"The tests of {room} fail without any change.", file=sys.stderr)
                return 1
        with ThreadPoolExecutor(arguments.workers) as pool:
            tried = {pool.submit(trial.survives, mutant): mutant for mutant in mutants}
            for future in as_completed(tried):
                results[tried[future]] = future.result()
                if future.result():
                    print(tried[future], flush=True)
                write(arguments.output, results)
    for room, score in scores(results).items():
        print(f"{room}: {score}")
    return 0


def sample(room: str, size: int | None, seed: int) -> list[Mutant]:
    """Choose places at random, and at each one of the changes that are possible there."""
    rng = random.Random(f"{room} {seed}")
    places = {}
    for path in sorted((ROOT / PACKAGE / "core" / room).rglob("*.py")):
        if path.parent.name in NOT_MUTATED:
            continue
        for place, mutants in mutants_by_place(room, path.relative_to(ROOT).as_posix()).items():
            places[path, place] = mutants
    chosen = rng.sample(sorted(places), len(places))
    mutants = []
    for place in chosen:
        mutant = rng.choice(places[place])
        if matters(*mutant.code):
            mutants.append(mutant)
        if len(mutants) == size:
            break
    return mutants


def mutants_by_place(room: str, path: str) -> dict[tuple, list[Mutant]]:
    """All mutants of a file, by the position of what they change."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    nodes = list(ast_nodes(get_ast((ROOT / path).read_text())))
    places = {}
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if LEFT_OUT.search(name) or kind.arguments():
            continue
        positions = [start for node in nodes for start, _ in kind().mutation_positions(node)]
        for occurrence, (line, column) in enumerate(positions):
            mutant = Mutant(room, path, line, name, occurrence)
            places.setdefault((line, column), []).append(mutant)
    return places


def matters(before: str, after: str) -> bool:
    """Whether a change is one of more than annotations, and can be compiled."""
    try:
        return _without_annotations(before) != _without_annotations(after)
    except SyntaxError:
        return False


def _without_annotations(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, None)
    return ast.dump(tree)


def files_of_tests(tree: Path, room: str, path: str | None = None) -> list[str]:
    """The files of a room's tests: first a module's own, then those of its folder."""
    files = sorted((tree / "tests" / "core" / room).rglob("test_*.py"))
    files = [file.relative_to(tree) for file in files]
    if path is not None:
        folder = Path("tests", Path(path).relative_to(PACKAGE)).parent
        own = folder / f"test_{Path(path).name}"
        files.sort(key=lambda file: (file != own, file.parent != folder))
    return [file.as_posix() for file in files]


class Trial:
    """Runs tests on copies of the repository, each in a process of its own.

    Parameters
    ----------
    folder : Path
        Where the copies are made.
    timeout : float
        In seconds: a test that takes longer fails.
    arguments : list of str
        Passed to pytest.
    """

    def __init__(self, folder: Path, timeout: float, arguments: list[str]):
        self.folder = folder
        self._arguments = [
            *PYTEST,
            *("-o", f"faulthandler_timeout={timeout:g}"),
            *("-o", "faulthandler_exit_on_timeout=true"),
            *arguments,
        ]
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(list(PRELOADED))
        # Compiled loops are kept in the copy, beside their sources, for all copies of it.
        os.environ.pop("NUMBA_CACHE_DIR", None)
        self.original = folder / "original"
        self.original.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, self.original / name)

    def survives(self, mutant: Mutant) -> bool:
        """Whether the tests pass with this change."""
        tree = Path(tempfile.mkdtemp(dir=self.folder))
        try:
            shutil.copytree(self.original, tree, copy_function=os.link, dirs_exist_ok=True)
            (tree / OUTPUT).unlink()
            _, text = mutant.code
            _replace(tree / mutant.path, text)
            if "core.support.compiled import" in text:
                for path in self._importing(mutant.path):
                    _replace(tree / path, (ROOT / path).read_text())
            return self.passes(tree, mutant.room, mutant.path)
        finally:
            shutil.rmtree(tree)

    def passes(self, tree: Path, room: str, path: str | None = None) -> bool:
        """Whether the tests of a room, those of a module first, pass on a copy."""
        tests = files_of_tests(tree, room, path)
        process = self._processes.Process(target=_run, args=(tree, [*self._arguments, *tests]))
        process.start()
        process.join()
        if process.exitcode in NOTHING_RAN:
            raise RuntimeError(f"pytest ran no test of {room}: {(tree / OUTPUT).read_text()}")
        return process.exitcode == 0

    def _importing(self, path: str) -> set[str]:
        """The files that import a module, and those that import these.

        What they have compiled is stale, since it includes the module's loops, and numba only
        looks at the date of the file with the outer loop.
        """
        texts = {
            file.relative_to(ROOT).as_posix(): file.read_text()
            for file in (ROOT / PACKAGE / "core").rglob("*.py")
        }
        found, new = set(), {path}
        while new:
            names = "|".join(re.escape(_module(path)) for path in new)
            importing = re.compile(rf"^from ({names}) import", re.MULTILINE)
            new = {path for path, text in texts.items() if importing.search(text)} - found
            found |= new
        return found - {path}


def _module(path: str) -> str:
    return ".".join(Path(path).with_suffix("").parts[1:]).removesuffix(".__init__")


def _replace(path: Path, text: str) -> None:
    """Write a file that other copies link to, and leave theirs."""
    path.unlink()
    path.write_text(text)
    # Python would take what it compiled of a text as long, written within the same second.
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        compiled.unlink()


def _run(tree: Path, arguments: list[str]) -> None:
    import pytest

    os.setsid()
    os.chdir(tree)
    # Before an installation of the package, here and in processes that tests start.
    sys.path.insert(0, str(tree / "src"))
    os.environ["PYTHONPATH"] = str(tree / "src")
    # The copies of a copy have these, too.
    sys.dont_write_bytecode = False
    output = os.open(tree / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = int(pytest.main(arguments))
    if code == pytest.ExitCode.TESTS_FAILED:
        # Threads that hang, and processes that tests started.
        os.killpg(0, signal.SIGKILL)
    os._exit(code)


def read(path: Path) -> dict[Mutant, bool]:
    """Mutants, and whether each survives."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {Mutant(**row["mutant"]): row["survives"] for row in rows}


def write(path: Path, results: dict[Mutant, bool]) -> None:
    rows = [
        json.dumps({"mutant": asdict(mutant), "survives": survives})
        for mutant, survives in results.items()
    ]
    path.write_text("".join(f"{row}\n" for row in rows))


def scores(results: dict[Mutant, bool]) -> dict[str, str]:
    """The share of each room's mutants that a test finds."""
    rooms = Counter(mutant.room for mutant in results)
    found = Counter(mutant.room for mutant, survives in results.items() if not survives)
    return {room: f"{found[room]} of {n} found, {found[room] / n:.0%}" for room, n in rooms.items()}


if __name__ == "__main__":
    sys.exit(main())

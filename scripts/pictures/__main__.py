"""Make all pictures and films of the documentation again: ``make pictures``.

python scripts/pictures [NAME ...] [--theme light]
"""

import argparse
import importlib
import pkgutil

import films
import stills
from stage import Stage

THEMES = ("light", "dark")


def scenes() -> dict[str, object]:
    """All scenes by name: modules with a function ``draw`` that takes a `Stage`."""
    return {
        found.name: importlib.import_module(f"{folder.__name__}.{found.name}")
        for folder in (stills, films)
        for found in pkgutil.iter_modules(folder.__path__)
    }


def main() -> None:
    known = scenes()
    parser = argparse.ArgumentParser(
        prog="scripts/pictures", description="Make the pictures again."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--theme", choices=THEMES, action="append", help="by default, both")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(known)
    if unknown:
        parser.error(f"no such scene: {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    for name in chosen.names or known:
        scene = known[name]
        for theme in chosen.theme or THEMES:
            stage = Stage(theme, **getattr(scene, "STAGE", {}))
            scene.draw(stage)
            stage.close()


if __name__ == "__main__":
    main()

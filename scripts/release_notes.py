"""Print what CHANGELOG.md says of a version: the notes of its release.

    python scripts/release_notes.py VERSION [DIST]

VERSION is a tag such as v0.1.0, or Unreleased. The files in DIST must be of that version.
"""

import argparse
import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
UNRELEASED = "Unreleased"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("version", help="a tag such as v0.1.0, or Unreleased")
    parser.add_argument("dist", nargs="?", type=Path, help="the folder of what was built")
    arguments = parser.parse_args()
    version = arguments.version.removeprefix("v")
    try:
        if arguments.dist is not None:
            check_built(arguments.dist, version)
        print(notes(CHANGELOG.read_text("utf-8"), version))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check_built(dist: Path, version: str) -> None:
    """Refuse a folder that has not one wheel and one sdist, both of this version."""
    start = "napari_colorcluster-"
    wheels = [path.name.split("-")[1] for path in dist.glob(f"{start}*.whl")]
    sdists = [path.name.removeprefix(start)[:-7] for path in dist.glob(f"{start}*.tar.gz")]
    built = wheels + sdists
    if len(wheels) != 1 or len(sdists) != 1:
        raise ValueError(f"{dist} must hold one wheel and one sdist, got {len(built)} files.")
    if version != UNRELEASED and set(built) != {version}:
        raise ValueError(
            f"The tag is v{version}, but {' and '.join(sorted(set(built)))} was built."
        )


def notes(changelog: str, version: str) -> str:
    """What stands under the heading of a version, without the heading."""
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    for section in sections:
        heading, _, text = section.partition("\n")
        if re.match(rf"\[?{re.escape(version)}\]?( |$)", heading):
            # Links to the versions follow the last section.
            text = re.split(r"^\[[^\]]+\]: ", text, flags=re.MULTILINE)[0].strip()
            if text:
                return text
            raise ValueError(f"CHANGELOG.md says nothing of {version}.")
    raise ValueError(f"CHANGELOG.md has no section {version}: rename its section {UNRELEASED}.")


if __name__ == "__main__":
    sys.exit(main())

"""How often a sweep suggests the right number of clusters, by several rules, on known pictures.

    python benchmarks/suggested_k.py [--each N] [--largest K] [--paints N] [--method NAME]
                                     [--space NAME] [--out FOLDER]

Pictures are painted scenes of 2 to 8 paints, under noise, shading, blur and JPEG compression, and
photos whose colors a person counted, as a range. The parameters of each rule are those with the
most hits on the tuning set, exact ones and those within one together, scenes and photos alike. The
table tells the hits there and on the hold-out set, whose pictures are made in another way.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
from known_k.curves import curves_of
from known_k.rules import RULES
from known_k.scenes import photos, scenes

SETS = "tuning", "hold-out"


def swept(which, arguments):
    """The curves of each picture of a set: a list for the scenes, and one for the photos."""
    settings = {"method": arguments.method, "color_space": arguments.space}
    numbers = range(2, arguments.largest + 1)
    return [
        [(picture, curves_of(picture.image, numbers, **settings)) for picture in pictures]
        for pictures in (scenes(which, arguments.each, arguments.paints), photos(which))
    ]


def hit_rates(rule, known):
    """How often a rule is right, and how often it is off by one at most."""
    off = [
        max(picture.least - k, k - picture.most, 0)
        for picture, curves in known
        for k in [rule(curves)]
    ]
    return np.mean(np.array(off) == 0), np.mean(np.array(off) <= 1)


def tuned(rules, tuning):
    """The parameters with the most hits."""
    return max(rules, key=lambda words: np.mean([hit_rates(rules[words], each) for each in tuning]))


def report(known):
    """A table in Markdown: exact hits / hits within one, in percent."""
    lines = [
        "| rule | tuning scenes | photos | hold-out scenes | photos |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, rules in RULES.items():
        words = tuned(rules, known["tuning"])
        rates = [hit_rates(rules[words], each) for which in SETS for each in known[which]]
        cells = [f"{100 * exact:.0f} / {100 * near:.0f}" for exact, near in rates]
        lines.append(f"| {' | '.join([f'{name}, {words}'.rstrip(', '), *cells])} |")
    return "\n".join(lines)


def suggestions(known):
    """What the package suggests for each photo."""
    [rule] = RULES["suggested"].values()
    return "\n".join(
        f"{picture.name}: {rule(curves)}, by a person {picture.least} to {picture.most}"
        for which in SETS
        for picture, curves in known[which][1]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=20, help="scenes for each number of paints")
    parser.add_argument("--paints", type=int, default=8, help="the most paints of a scene")
    parser.add_argument("--largest", type=int, default=9, help="the largest k that is tried")
    parser.add_argument("--method", default="kmeans")
    parser.add_argument("--space", default="lab")
    parser.add_argument("--out", type=Path, default=Path("colorcluster-output/benchmark"))
    arguments = parser.parse_args()

    warnings.filterwarnings("ignore", message="Number of distinct clusters")
    known = {which: swept(which, arguments) for which in SETS}
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = f"{report(known)}\n\n{suggestions(known)}\n"
    (arguments.out / "suggested_k.md").write_text(text, "utf-8")
    print(f"\n{text}\nwritten to {arguments.out}")


if __name__ == "__main__":
    main()

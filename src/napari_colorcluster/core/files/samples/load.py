"""Samples by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari_colorcluster.core.files.samples.beetle import beetle
from napari_colorcluster.core.files.samples.card_photo import leaf_with_card
from napari_colorcluster.core.files.samples.leaf import leaf
from napari_colorcluster.core.files.samples.patches import painted_patches
from napari_colorcluster.core.files.samples.ripening import ripening
from napari_colorcluster.core.files.samples.sample import Sample

SAMPLES: dict[str, Callable[..., Sample]] = {
    "painted patches": lambda shaded=False: Sample(*painted_patches(shaded)),
    "beetle": beetle,
    "leaf": leaf,
    "leaf with card": leaf_with_card,
    "ripening": ripening,
}


def load_sample(name: str, **options: Any) -> Sample:
    """Paint a sample picture, about which the truth is known: to learn on, and to test against.

    Parameters
    ----------
    name : str
        "painted patches", six paints in soft patches; "beetle", striped in yellow and black on a
        white card; "leaf", diseased, on white paper; "leaf with card", the same in warm light, with
        a ColorChecker Classic below it; "ripening", a time-lapse of three tomatoes.
    **options
        Of "painted patches": ``shaded`` (False). Of both leaves: ``severity`` (0.15), the share of
        the leaf that is diseased, up to 0.6; and ``random_state`` (0), which makes other leaves. Of
        "leaf" alone: ``lamp`` (False), to have it in the light of "leaf with card".

    Returns
    -------
    Sample
        ``image``, ``labels``, ``palette``, ``axis_labels``; where there is a card, ``corners``; and
        where the light is not neutral, ``true_image``.

    Raises
    ------
    ValueError
        Where there is no such sample, or an option is out of range.
    """
    if name not in SAMPLES:
        known = ", ".join(map(repr, SAMPLES))
        raise ValueError(f"name must be one of {known}, got {name!r}.")
    return SAMPLES[name](**options)

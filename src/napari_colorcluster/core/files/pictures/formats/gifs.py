"""What a GIF's frames leave of its screen: nothing is drawn there, which Pillow does not tell."""

from __future__ import annotations

from typing import Any

import numpy as np

UNCOVERED = "What the frame leaves of the GIF's screen is transparent, as browsers show it."


class Covered:
    """Which part of the screen the frames have covered so far; all, of other formats."""

    def __init__(self, image: Any) -> None:
        self._is_gif = image.format == "GIF"
        self._covered = np.zeros((0, 0), bool)

    def add(self, image: Any) -> None:
        """Add the frame that has been sought and is not decoded yet."""
        if not self._is_gif:
            return
        width, height = image.size
        covered = np.zeros((height, width), bool)
        before = self._covered[:height, :width]
        covered[: before.shape[0], : before.shape[1]] = before
        for _, (left, top, right, bottom), *_ in image.tile:
            covered[top:bottom, left:right] = True
        self._covered = covered

    def cut(self, samples: np.ndarray, *, alpha: bool) -> np.ndarray:
        """Samples (Y, X, n), transparent where no frame was; with a channel of alpha for that."""
        if self._covered.all():
            return samples
        if not alpha:
            samples = np.concatenate([samples, np.full_like(samples[..., :1], 255)], axis=-1)
        elif not samples.flags.writeable:
            samples = samples.copy()
        samples[..., -1][~self._covered[: samples.shape[0], : samples.shape[1]]] = 0
        return samples

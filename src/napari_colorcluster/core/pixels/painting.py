"""From labels to colors, a block at a time. No image, no threads."""

from __future__ import annotations

import numpy as np


class Brush:
    """Colors, laid out for painting.

    Parameters
    ----------
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label, of 0 first.
    """

    def __init__(self, colors: np.ndarray) -> None:
        colors = np.asarray(colors, np.uint8)
        self.n_colors, self.n_channels = colors.shape
        words = np.zeros((len(colors), 4), np.uint8)
        words[:, : self.n_channels] = colors
        self._words = words.view("<u4").reshape(-1).astype(np.uint32)

    def paint(self, labels: np.ndarray, painted: np.ndarray) -> None:
        """Paint a block.

        Parameters
        ----------
        labels : ndarray, shape (n_pixels,), uint8 or uint16
            In 0..n_labels.
        painted : ndarray, shape (n_pixels * n_channels,), uint8
            Written in place.
        """
        from napari_colorcluster.core.pixels.kernels import TILE, map_labels, paint_pixels

        if self.n_channels == 4:
            map_labels(labels, self._words, painted.view(np.uint32))
        else:
            paint_pixels(labels, self._words, np.empty(TILE, np.uint32), painted)

    def check(self, labels: np.ndarray) -> np.ndarray:
        """Check that each label has a color; give them in a type that the kernel is compiled for.

        Raises
        ------
        ValueError
            Where a label has none.
        """
        lowest, highest = labels.min(), labels.max()
        if lowest < 0 or highest >= self.n_colors:
            wrong = lowest if lowest < 0 else highest
            raise ValueError(f"Labels must be in 0..{self.n_colors - 1}, got {wrong}.")
        return np.require(labels, np.uint8 if self.n_colors <= 256 else np.uint16, ["C", "W"])

"""The outlines of clusters along the edges of their pixels: exact, and shared by neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Outlines:
    """Closed outlines of the patches of a label image, those of holes among them.

    Attributes
    ----------
    corners : ndarray, shape (n_corners, 2), int32
        Row and column of each corner, where pixel (0, 0) reaches from (0, 0) to (1, 1). Straight
        edges have no corner between their ends, and go along columns and rows by turns: the first
        of an outline goes to the right.
    starts : ndarray, shape (n_outlines + 1,), int64
        Where the corners of each outline begin, and where the last one ends.
    labels : ndarray, shape (n_outlines,), unsigned integer
        The label of each.
    """

    corners: np.ndarray
    starts: np.ndarray
    labels: np.ndarray


def count_corners(labels: np.ndarray) -> int:
    """How many corners `find_outlines` finds, in less time and without memory."""
    from napari_colorcluster.core.pattern.connected import outline_loops

    return int(outline_loops.count_corners(np.ascontiguousarray(labels)))


def find_outlines(labels: np.ndarray) -> Outlines:
    """Find the outlines of all patches, sorted by label.

    Parameters
    ----------
    labels : ndarray, shape (height, width), uint8 or uint16
        The label of each pixel; 0 has no outline. Pixels that touch at a corner alone are of
        different patches.

    Returns
    -------
    Outlines
        Inside of them by the even-odd rule, and by that of non-zero winding too, are the pixels of
        their label and no others.
    """
    from napari_colorcluster.core.pattern.connected import outline_loops

    labels = np.ascontiguousarray(labels)
    n_corners = int(outline_loops.count_corners(labels))
    corners = np.empty((n_corners, 2), np.int32)
    starts = np.empty(n_corners // 4 + 1, np.int64)
    label_of = np.empty(n_corners // 4, labels.dtype)
    seen = np.zeros(labels.shape, np.uint8)
    n_outlines = int(outline_loops.trace_outlines(labels, seen, corners, starts, label_of))
    starts, label_of = starts[: n_outlines + 1], label_of[:n_outlines]
    order = np.argsort(label_of, kind="stable")
    sizes = np.diff(starts)[order]
    sorted_starts = np.concatenate([[0], np.cumsum(sizes)])
    # From the place of each corner in the order of labels to the one it was found at.
    shifts = np.repeat(starts[:-1][order] - sorted_starts[:-1], sizes)
    return Outlines(corners[np.arange(n_corners) + shifts], sorted_starts, label_of[order])

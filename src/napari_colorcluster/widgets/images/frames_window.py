"""The window that shows the shares along an axis of an image, and follows napari's slider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtWidgets import QWidget

from napari_colorcluster.layers.images.axes import axis_name, frame_shown
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.images.share_window import ShareWindow
from napari_colorcluster.widgets.palette.words import share_text
from napari_colorcluster.widgets.parts.figure_view import FigureView

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from napari.components import ViewerModel

    from napari_colorcluster.session.requests.many_requests import Frames


CHANGED = "Out of date: press Shares along… in the panel to update."


class FramesWindow(ShareWindow):
    """The shares of each cluster frame by frame.

    Parameters
    ----------
    viewer : napari.Viewer
        Whose slider is followed.
    frames : Frames
        What is shown.
    parent : QWidget, optional
        Owner of the window.

    Attributes
    ----------
    frame : int
        The frame that is marked.
    """

    def __init__(self, viewer: ViewerModel, frames: Frames, parent: QWidget | None = None) -> None:
        self._viewer, self._frames = viewer, frames
        self._axis_name = axis_name(frames.image, frames.axis)
        self.frame = frame_shown(viewer, frames.image, frames.axis)
        title = f"{frames.image.name}: shares along {self._axis_name}"
        super().__init__(title, FigureView(self._draw), parent)
        self.table.set_table(_wide(frames.table), share_text, _colors(frames.table))
        self.table.mark(self.frame)
        if frames.made.min_pixels > 1 or frames.made.overlay is not None:
            self.set_note("By color alone: without removed specks and corrections by hand.")
        self.add_save("table", "shares along frames.csv", "Table", self._save_table)
        self.add_save("figure", "shares along frames.png", "Picture", self.figure.save)
        viewer.dims.events.current_step.connect(self._follow)
        # Not a bound method: only the Python half of the window is left when it is called.
        events, follow = viewer.dims.events.current_step, self._follow
        self.destroyed.connect(lambda: events.disconnect(follow))

    def follow(self) -> None:
        """Say where something else is shown of the image by now."""
        result = results.of(self._frames.image)
        is_current = result is not None and result.segmentation is self._frames.made
        self.set_changed("" if is_current else CHANGED)

    def _draw(self, figure: Figure, text_color: str) -> None:
        from napari_colorcluster.report.frames_figure import draw_frames

        draw_frames(figure, self._frames.table, self.frame, text_color, self._axis_name)

    def _follow(self, *_: Any) -> None:
        from napari_colorcluster.report.frames_figure import move_marker

        if self._frames.image not in self._viewer.layers:
            return
        frame = frame_shown(self._viewer, self._frames.image, self._frames.axis)
        if frame != self.frame:
            self.frame = frame
            lines = self.figure.figure.axes[0].lines
            move_marker(next(line for line in lines if line.get_gid() == "frame"), frame)
            self.figure.canvas.draw_idle()
            self.table.mark(frame)

    def _save_table(self, path: Any) -> None:
        self._frames.table.to_csv(path, index=False)


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    """One row a frame, one column a cluster, in the palette's order."""
    import pandas as pd

    clusters = table.drop_duplicates("index")
    frames = np.unique(table["frame"])
    fractions = table["fraction"].to_numpy().reshape(len(frames), len(clusters))
    index = pd.Index(frames, name="frame")
    return pd.DataFrame(fractions, index=index, columns=list(clusters["name"]))


def _colors(table: pd.DataFrame) -> list[str]:
    return list(table.drop_duplicates("index")["hex"])

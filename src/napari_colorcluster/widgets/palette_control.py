"""What the panel shows of the chosen image's result, and what is asked of it: edits, undo, files.

The form and the other folds are not its business.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.clustering.matching import followed_labels
from napari_colorcluster.core.files.palettes import is_palette
from napari_colorcluster.core.files.pyramids.opened import is_opened_here
from napari_colorcluster.core.files.results import write_result
from napari_colorcluster.layers.contributions.image_io import open_layers
from napari_colorcluster.layers.contributions.own_files import claim_own_files
from napari_colorcluster.layers.contributions.palette_io import (
    add_palette_file,
    palette_of_layer,
)
from napari_colorcluster.layers.images.area import pixel_area_of, pixel_size_of
from napari_colorcluster.layers.images.layer_watch import LayerWatch
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.pattern.spacing import spacing_of
from napari_colorcluster.layers.result.highlight import Spotlight
from napari_colorcluster.layers.result.painting.hand_painting import paint_with
from napari_colorcluster.layers.result.results import LayerResult, results
from napari_colorcluster.layers.result.saved import saved_result
from napari_colorcluster.layers.result.script import result_script
from napari_colorcluster.session.label_files import LabelFiles
from napari_colorcluster.session.requests.save_request import SaveRequest
from napari_colorcluster.session.requests.svg_request import SvgRequest
from napari_colorcluster.session.session import Session
from napari_colorcluster.widgets.canvas.hover import CanvasHover
from napari_colorcluster.widgets.canvas.patch_clicks import PatchClicks
from napari_colorcluster.widgets.canvas.picker import PickButton
from napari_colorcluster.widgets.palette.dropped_palette import DroppedPalette
from napari_colorcluster.widgets.palette.residuals import ResidualControl
from napari_colorcluster.widgets.palette.view import PaletteView
from napari_colorcluster.widgets.parts.file_drop import FileDrop

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image, Labels, Layer

    from napari_colorcluster.core.clustering.clustering import ColorClustering
    from napari_colorcluster.widgets.canvas.color_space_view import ColorSpaceView


class PaletteControl:
    """Mirrors the palette of an image in a view, and passes requests on to a session.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the image is.
    session : Session
        What makes the edits.
    chosen_image : callable
        Returns the image layer that is chosen in the form, or None.
    more_script : callable
        Returns what follows the script of a result.
    window : QWidget
        The panel, which the color-space window belongs to.

    Attributes
    ----------
    view : PaletteView
        Bar, table and edits.
    picker : PickButton
        Picks clusters on the canvas.
    patches : PatchClicks
        Corrects the patches that are clicked on the canvas.
    label_files : LabelFiles
        Gives labels that are opened from a file the palette in it.
    color_space : ColorSpaceView or None
        The window with the image's colors as points, once it was asked for.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        session: Session,
        chosen_image: Callable[[], Image | None],
        more_script: Callable[[], str],
        window: QWidget,
    ) -> None:
        self._viewer, self._session, self._window = viewer, session, window
        self._image, self._more_script = chosen_image, more_script
        self._spotlight, self._dropped = Spotlight(), DroppedPalette(viewer)
        self._seen = LayerWatch(("visible",), self._update_picker)
        self._followed: tuple[ref[Image], ColorClustering] | None = None
        self.color_space: ColorSpaceView | None = None
        self.view = view = PaletteView(session.notices)
        self.picker = PickButton(viewer, self.clusters_layer)
        view.edit_bar.add_tool(self.picker)
        self._residuals = ResidualControl(viewer, self._image_with_result, view, session.notices)
        view.edit_bar.more_menu.addAction(self._residuals.action)
        self._hover = CanvasHover(viewer, self.clusters_layer, view.hover)
        self.patches = PatchClicks(
            viewer,
            self.clusters_layer,
            view.table.selected_labels,
            self.picker.isChecked,
            session.notices,
            parent=view,
        )
        self.patches.edit_requested.connect(self._edit)
        claim_own_files()
        FileDrop(window, _is_ours).dropped.connect(self._open_dropped)
        self.label_files = LabelFiles(viewer, session.notices)
        view.edits.install_shortcuts(window)
        viewer.dims.events.ndisplay.connect(self._relight)
        for event in (viewer.layers.events.inserted, viewer.layers.events.removed):
            event.connect(self._update_picker)
        view.labels_selected.connect(self._highlight)
        view.labels_selected.connect(lambda labels: paint_with(self.clusters_layer(), labels))
        view.edit_requested.connect(self._edit)
        view.undo_requested.connect(lambda: self._go(session.undo))
        view.redo_requested.connect(lambda: self._go(session.redo))
        view.script_requested.connect(self.copy_script)
        view.view_requested.connect(self.show_color_space)
        view.save_requested.connect(self._save)
        view.svg_requested.connect(partial(self._save_files, SvgRequest))
        view.everything_requested.connect(partial(self._save_files, SaveRequest))
        self.picker.picked.connect(view.pick)

    def close(self) -> None:
        """Leave the viewer as it was."""
        self.picker.setChecked(False)
        self._viewer.dims.events.ndisplay.disconnect(self._relight)
        for event in (self._viewer.layers.events.inserted, self._viewer.layers.events.removed):
            event.disconnect(self._update_picker)
        self._seen.watch()
        self._spotlight.off()
        self._hover.close()
        self.patches.close()
        self._residuals.close()
        self.label_files.close()
        if self.color_space is not None:
            self.color_space.let_go()

    def clusters_layer(self) -> Labels | None:
        """The Labels layer of the palette that is shown.

        None where that is a file's, is of data that the image does not have any more, or is in no
        layer of this viewer.
        """
        result = self._result()
        if result is None or self.dropped_layer() or result.labels not in self._viewer.layers:
            return None
        return result.labels if result.shown.has_same_data(Shown.of(self._image())) else None

    def dropped_layer(self) -> Layer | None:
        """The layer of the palette file that is shown in place of the image's own palette."""
        return self._dropped.layer(self._result() is not None)

    def forget_dropped(self) -> bool:
        """Show a palette file no more; return whether one was shown."""
        return self._dropped.forget()

    def look_at(self, active: Layer | None) -> bool:
        """Take note of the active layer; return whether a palette file's may be shown now."""
        return self._dropped.look_at(active)

    def deselect(self) -> None:
        """Select no cluster."""
        self._spotlight.off()
        self.view.table.select(())

    def mirror(self) -> None:
        """Show what is known of the chosen image."""
        image, result, dropped = self._image(), self._result(), self.dropped_layer()
        history = self._session.history_of(image) if dropped is None else None
        past, future = (history.past, history.future) if history is not None else ((), ())
        self.view.edits.set_history(bool(past), bool(future))
        is_own = result is not None and dropped is None
        for actions in (self.view.color_edits, self.view.represent):
            actions.set_made(result.segmentation if is_own else None)
        if dropped is not None:
            self._show_dropped(dropped)
        elif result is None:
            self.view.set_palette(None)
        else:
            self._show_result(image, result)
        made = None if result is None else result.segmentation
        self.view.ranges.set_made(made if dropped is None else None)
        self._residuals.mirror()
        self._update_picker()
        if self.color_space is not None:
            self.color_space.set_made(made, "image" if image is None else image.name)

    def show_color_space(self) -> None:
        """Open the window with the image's colors as points."""
        from napari_colorcluster.widgets.canvas.color_space_view import ColorSpaceView

        if self.color_space is None:
            self.color_space = ColorSpaceView(self._viewer, self._window, self._session.notices)
            self.color_space.follow(self.view)
        self.mirror()
        self.color_space.show()
        self.color_space.raise_()

    def copy_script(self) -> None:
        """Put a script on the clipboard that makes the shown result again."""
        result = self._result()
        if result is None:
            return
        with self._session.notices.reported():
            if results.of(self._image()) is None:
                raise ValueError(
                    f"{self._image().name!r} has changed since it was clustered: press Cluster "
                    "first, then a script can make the result again."
                )
            script = result_script(self._image().name, result.segmentation, result.shown)
            self.view.copy_script(script + self._more_script())

    def _image_with_result(self) -> Image | None:
        return None if self.clusters_layer() is None else self._image()

    def _update_picker(self, event: Any = None) -> None:
        """Let clusters be picked where some are seen."""
        layer, result = self.clusters_layer(), self._result()
        shown = () if layer is None else (result.labels, result.quantized)
        self._seen.watch(*shown)
        there = [each for each in shown if each in self._viewer.layers]
        here = layer in there and any(each.visible for each in there)
        if not here:
            self.picker.setChecked(False)
        self.picker.setEnabled(here)

    def _result(self) -> LayerResult | None:
        """The last result, also where the image has changed since: it is shown until another is."""
        return results.last(self._image())

    def _show_dropped(self, dropped: Layer) -> None:
        self._spotlight.off()
        self.view.set_palette(palette_of_layer(dropped), dropped.name)

    def _show_result(self, image: Image, result: LayerResult) -> None:
        made, selected = result.segmentation, self.view.table.selected_labels()
        followed = self._follow(image, made.clustering, selected)
        stay = followed == selected
        size = pixel_size_of(image, made.level)
        if made.clustering.order:
            self.view.table.show_as_saved()
        self.view.set_palette(result.palette, image.name, keep_selection=stay, pixel_size=size)
        if not stay:
            self.view.table.select(followed)
        area = pixel_area_of(image)
        self.view.edits.set_min_pixels(made.min_pixels, area)
        self.view.shape.set_pixel(*spacing_of(image), area)
        self._highlight(self.view.table.selected_labels())

    def _follow(
        self, image: Image, clustering: ColorClustering, labels: tuple[int, ...]
    ) -> tuple[int, ...]:
        """The labels by now of the clusters that had these in what was shown before."""
        before, self._followed = self._followed, (ref(image), clustering)
        if not labels or before is None or before[0]() is not image or before[1] is clustering:
            return labels
        now = followed_labels(before[1], clustering)
        return tuple(sorted({now[label] for label in labels if label in now}))

    def _highlight(self, labels: tuple[int, ...]) -> None:
        result = self._result()
        if result is None or self.dropped_layer() is not None:
            self._spotlight.off()
        else:
            flat = self._viewer.dims.ndisplay == 2
            self._spotlight.show(result.labels, result.palette, labels, veiled=flat)

    def _relight(self, event: Any = None) -> None:
        self._highlight(self.view.table.selected_labels())

    def _edit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self.dropped_layer() is not None:
            self._session.notices.report(
                ValueError("Apply the palette first: only the palette of an image can be edited.")
            )
        elif self._image() is not None:
            self._session.edit(self._image(), name, *arguments)

    def _go(self, where: Callable[[Image], None]) -> None:
        # Nothing is undone unseen, while the table shows the palette of a file.
        if self._image() is not None and self.dropped_layer() is None:
            where(self._image())

    def _save(self, path: str) -> None:
        """Write the whole clustering that is shown to a file."""
        result = self._result()
        if result is not None:
            with self._session.notices.saving("The clustering", path):
                write_result(saved_result(result.segmentation), path)

    def _open_dropped(self, path: str) -> None:
        """Open what was dropped on the panel: a palette of whatever name, or images in levels."""
        is_image = is_opened_here(path)
        with self._session.notices.opening("The images" if is_image else "The palette", path):
            opener = open_layers if is_image else add_palette_file
            opener(self._viewer, path)

    def _save_files(self, request: type[SaveRequest | SvgRequest], path: str) -> None:
        """Write what is shown: all its files to a new folder in this one, or one file."""
        notices = self._session.notices
        if self.dropped_layer() is not None:
            notices.report(ValueError("Apply the palette first: what is saved is an image's."))
        elif self._image() is not None:
            self._session.submit(request(self._image(), Path(path), notices))


def _is_ours(path: str) -> bool:
    return is_opened_here(path) or is_palette(path)

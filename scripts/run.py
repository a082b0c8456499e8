"""Open napari on a photo with the panel docked and its colors clustered; the heart of `make run`.

    python scripts/run.py [IMAGE]

IMAGE is any file that the package reads; by default the coffee cup that scikit-image ships. Where
there is no display, the same results are written to the folder colorcluster-output instead.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

N_CLUSTERS = 5
OUTPUT = Path("colorcluster-output")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", nargs="?", help="an RGB image; by default a cup of coffee")
    arguments = parser.parse_args()
    try:
        name, pixels = read(arguments.image)
        obstacle = why_no_window()
        if obstacle is None:
            open_napari(name, pixels)
        else:
            write_files(name, pixels, obstacle)
    except (ValueError, OSError) as error:
        print(f"Cannot cluster {arguments.image or 'the sample'}: {error}", file=sys.stderr)
        return 1
    return 0


def read(path: str | None):
    """What the image is called, and its pixels."""
    if path is None:
        from skimage import data

        return "coffee", data.coffee()
    import napari_colorcluster as ncc

    picture = ncc.read_image(path)
    for note in picture.notes:
        print(note)
    return Path(path).stem, picture.pixels


def why_no_window() -> str | None:
    """What keeps a window from opening, or None where nothing does."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    # Qt ends the process where it cannot open a window: let that be another process.
    attempt = "from qtpy.QtWidgets import QApplication; QApplication([])"
    tried = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True)
    if tried.returncode == 0:
        return None
    said = [line for line in tried.stderr.splitlines() if line.strip()]
    return f"Qt cannot open a window ({said[-1].strip() if said else 'it did not say why'})"


def open_napari(name: str, pixels) -> None:
    import napari
    from qtpy.QtCore import QTimer

    viewer = napari.Viewer(title="napari-colorcluster")
    viewer.add_image(pixels, name=name, rgb=True)
    _, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster", "Color Clustering")
    panel.run()
    # The panel takes its part of the window once Qt has laid it out: fit the image to the rest.
    QTimer.singleShot(0, viewer.reset_view)
    napari.run()


def write_files(name: str, pixels, obstacle: str) -> None:
    import napari_colorcluster as ncc
    from napari_colorcluster.report.folder import write_folder
    from napari_colorcluster.report.terminal import palette_text

    print(f"No window is opened, since {obstacle}.")
    print(f"The colors of {name} are clustered all the same.\n", flush=True)
    sweep = ncc.sweep_clusters(pixels)
    clustering = sweep[min(N_CLUSTERS, max(sweep))]
    print(palette_text(clustering.palette, color=sys.stdout.isatty()))
    print(f"\nSuggested number of clusters: {sweep.suggested} (a hint, not a ground truth)")
    written = write_folder(OUTPUT / name, pixels, clustering, sweep)
    print("\nWritten:")
    for path in written:
        print(f"  {path}")


if __name__ == "__main__":
    sys.exit(main())

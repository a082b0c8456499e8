"""Libraries that take long to import: imported in another thread, before they are needed."""

from __future__ import annotations

from importlib import import_module

LIBRARIES = ("pandas", "matplotlib.figure", "matplotlib.backends.backend_qtagg")
"""The features of Labels layers are pandas's, figures matplotlib's; its canvas is one of Qt."""


def load_libraries() -> None:
    """Import them, or wait until another thread has done so."""
    for name in LIBRARIES:
        import_module(name)


def warm_up_figures() -> None:
    """Draw axes once: matplotlib finds and reads its fonts then."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    canvas = FigureCanvasAgg(Figure(figsize=(1, 1)))
    canvas.figure.subplots()
    canvas.draw()

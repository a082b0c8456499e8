"""Figures and files to show a result to others; knows matplotlib, never Qt and never napari."""

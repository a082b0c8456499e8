"""Figures and files that present a result; uses matplotlib, never Qt or napari."""

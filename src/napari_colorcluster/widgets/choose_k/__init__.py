"""The fold "Choose k"."""

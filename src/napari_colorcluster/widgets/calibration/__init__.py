"""The fold "Calibrate"."""

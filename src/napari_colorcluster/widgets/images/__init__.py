"""The fold "More images" and its windows."""

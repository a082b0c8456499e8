"""The rows of the table of targets, in one module per subject."""

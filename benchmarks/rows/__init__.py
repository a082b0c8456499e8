"""The rows of the table of targets: one module for each concern."""

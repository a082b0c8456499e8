"""The engine: from an array to a palette and back. Knows nothing of napari and of Qt."""

"""Image layers: their arrays, how napari shows them, where they lie and where they come from."""

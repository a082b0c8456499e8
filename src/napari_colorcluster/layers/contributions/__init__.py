"""What the manifest offers to napari besides the panel: readers, writers, samples, Preferences."""

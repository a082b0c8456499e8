"""A color card or a gray patch in a viewer: where it lies, and what of the image is measured."""

"""The command line: image files in; labels, quantized images and a table out. No napari, no Qt."""

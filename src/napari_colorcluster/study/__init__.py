"""A study: image files in; labels, quantized images and tables out. No arguments, no napari."""

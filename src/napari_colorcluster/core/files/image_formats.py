"""What labels and quantized images can be written as."""

TIFF, OME_ZARR = FORMATS = ("tiff", "ome-zarr")
"""With TIFF, small quantized images are PNG; an OME-Zarr holds both images in one folder."""

"""Who works on the images: threads of this process, or the workers of a dask cluster."""

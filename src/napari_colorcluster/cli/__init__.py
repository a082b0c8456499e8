"""The command line: many image files in, pictures and a table out. Knows no napari and no Qt."""

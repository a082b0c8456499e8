"""Files: pictures in, palettes and clusterings in and out."""
